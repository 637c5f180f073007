import { randomUUID } from 'node:crypto';
import { randomText } from './random-text';
import type { Sample, SampleEvent } from './sample';

/** `data.object` of the most used kinds of event: https://docs.stripe.com/api/events/types */
const OBJECTS: { readonly [kind: string]: () => { readonly [name: string]: unknown } } = {
  'invoice': () => ({ id: id('in'), object: 'invoice', customer: id('cus'), currency: 'eur', amount_due: 4900, amount_paid: 4900, status: 'paid' }),
  'charge': () => ({ id: id('ch'), object: 'charge', customer: id('cus'), currency: 'eur', amount: 4900, paid: true, status: 'succeeded' }),
  'payment_intent': () => ({ id: id('pi'), object: 'payment_intent', customer: id('cus'), currency: 'eur', amount: 4900, status: 'succeeded' }),
  'customer.subscription': () => ({ id: id('sub'), object: 'subscription', customer: id('cus'), status: 'active', cancel_at_period_end: false }),
  'customer': () => ({ id: id('cus'), object: 'customer', email: 'jenny.rosen@example.com', name: 'Jenny Rosen', currency: 'eur' }),
  'checkout.session': () => ({ id: id('cs_test'), object: 'checkout.session', mode: 'payment', currency: 'eur', amount_total: 4900, payment_status: 'paid' }),
};

/** https://docs.stripe.com/api/events/object */
export const stripe: Sample = {
  type: 'invoice.paid',
  headers: {
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    'content-type': 'application/json; charset=utf-8',
    'accept': '*/*; q=0.5, application/xml',
    'cache-control': 'no-cache',
  },
  id: () => id('evt'),
  body: ({ id: event, type, time }: SampleEvent) => ({
    id: event,
    object: 'event',
    api_version: '2025-09-30.clover',
    created: Math.floor(time.getTime() / 1000),
    data: { object: objectOf(type) },
    livemode: false,
    pending_webhooks: 1,
    request: { id: id('req'), idempotency_key: randomUUID() },
    type,
  }),
};

/** The longest kind that the type begins with, so that `customer.subscription.deleted` is about a subscription. */
function objectOf(type: string): { readonly [name: string]: unknown } {
  const kinds = Object.keys(OBJECTS).sort((a, b) => b.length - a.length);
  const kind = kinds.find((each) => type.startsWith(`${each}.`));
  return kind === undefined ? { id: id('obj'), object: type.split('.')[0] } : (OBJECTS[kind] as () => { readonly [name: string]: unknown })();
}

function id(prefix: string): string {
  return `${prefix}_${randomText(24)}`;
}
