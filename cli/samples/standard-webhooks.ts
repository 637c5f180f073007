import { randomText } from './random-text';
import type { Sample } from './sample';

/** The payload that the specification recommends: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export const standardWebhooks: Sample = {
  type: 'order.created',
  headers: { 'user-agent': 'cdk-webhooks-send', 'content-type': 'application/json' },
  id: () => `msg_${randomText(27)}`,
  body: ({ type, time }) => ({
    type,
    timestamp: time.toISOString(),
    data: { id: `ord_${randomText(16)}`, currency: 'EUR', total: 4900, items: [{ sku: 'T-SHIRT-M', quantity: 2, price: 2450 }] },
  }),
};
