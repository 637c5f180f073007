import { randomText } from './random-text';
import { sample } from './sample';

/** The payload that the specification recommends: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export const standardWebhooks = sample('order.created', ({ type, time }) => ({
  type,
  timestamp: time.toISOString(),
  data: { id: `ord_${randomText(16)}`, currency: 'EUR', total: 4900, items: [{ sku: 'T-SHIRT-M', quantity: 2, price: 2450 }] },
}), { id: () => `msg_${randomText(27)}` });
