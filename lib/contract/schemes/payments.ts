import { code, form, header, hmac, json, keyValue, named, plain, seconds, part, stamped, standard, verified } from './make';

/** Payments, shops and accounting. */
export const payments = named({
  'stripe': stamped('stripe-signature', {
    id: [json('$.id')],
    // How many endpoints have yet to take the event.
    volatile: ['$.pending_webhooks'],
    type: [json('$.type')],
  }),
  'shopify': hmac({
    encoding: 'base64',
    signature: plain('x-shopify-hmac-sha256'),
    id: [header('x-shopify-webhook-id')],
    type: [header('x-shopify-topic')],
  }),
  'shopify-events': hmac({
    encoding: 'base64',
    signature: plain('shopify-hmac-sha256'),
    id: [header('shopify-webhook-id')],
    type: [header('shopify-topic')],
  }),
  'square': hmac({
    encoding: 'base64',
    signed: '{url}{body}',
    signature: plain('x-square-hmacsha256-signature'),
    id: [json('$.event_id')],
    type: [json('$.type')],
  }),
  'paddle': hmac({
    signed: '{ts}:{body}',
    signature: keyValue('paddle-signature', 'h1', ';'),
    timestamp: seconds(part('ts'), 5),
    id: [json('$.event_id')],
    // Of this delivery: a replay has another one.
    volatile: ['$.notification_id'],
    type: [json('$.event_type')],
  }),
  'paypal': code('paypal', { id: [json('$.id')], type: [json('$.event_type')] }),
  'adyen': code('adyen', {
    key: 'hex',
    id: [verified('id')],
    type: [verified('type')],
    acknowledgement: { status: 200, contentType: 'text/plain', body: '[accepted]' },
  }),
  // `data.id` is the transfer's or the account's, which has many events.
  'adyen-platform': hmac({ key: 'hex', encoding: 'base64', signature: plain('hmacsignature'), type: [json('$.type')] }),
  'braintree': code('braintree', { key: 'utf8', id: [verified('id')], type: [verified('type')] }),
  'coinbase-commerce': hmac({
    signature: plain('x-cc-webhook-signature'),
    id: [json('$.event.id')],
    // Around the event is what this attempt to deliver it is.
    volatile: ['$.id', '$.attempt_number', '$.scheduled_for'],
    type: [json('$.event.type')],
  }),
  'lemonsqueezy': hmac({ signature: plain('x-signature'), type: [header('x-event-name'), json('$.meta.event_name')] }),
  'razorpay': hmac({ signature: plain('x-razorpay-signature'), id: [header('x-razorpay-event-id')], type: [json('$.event')] }),
  'mollie': hmac({ signature: plain('x-mollie-signature', 'sha256='), id: [json('$.id')], type: [json('$.type')] }),
  'woocommerce': hmac({
    encoding: 'base64',
    signature: plain('x-wc-webhook-signature'),
    id: [header('x-wc-webhook-delivery-id')],
    type: [header('x-wc-webhook-topic')],
    // Saving a webhook posts a form with its number and no signature, and wants 2xx.
    handshakes: [{ method: 'POST', signed: false, when: [{ field: form('webhook_id') }], body: '^webhook_id=\\d+$', answer: {} }],
  }),
  // The client secret's own bytes, where Standard Webhooks decodes base64.
  'bigcommerce': standard('webhook', { key: 'utf8', type: [json('$.scope')] }),
  'plaid': code('plaid', { key: 'utf8', type: [json('$.webhook_type')] }),
  'xero': hmac({ encoding: 'base64', signature: plain('x-xero-signature'), type: [json('$.events[*].eventCategory')] }),
  'quickbooks': hmac({
    encoding: 'base64',
    signature: plain('intuit-signature'),
    // Only the newer format, an array of CloudEvents, has ids.
    id: [json('$[*].id')],
    type: [json('$.eventNotifications[*].dataChangeEvent.entities[*].name'), json('$[*].type')],
  }),
  'gocardless': hmac({
    signature: plain('webhook-signature'),
    id: [json('$.events[*].id')],
    volatile: ['$.meta.webhook_id'],
    type: [json('$.events[*].resource_type')],
  }),
  'paystack': hmac({ hash: 'sha512', signature: plain('x-paystack-signature'), type: [json('$.event')] }),
  'easypost': hmac({
    key: 'nfkd',
    signature: plain('x-hmac-signature', 'hmac-sha256-hex='),
    id: [json('$.id')],
    type: [json('$.description')],
  }),
});
