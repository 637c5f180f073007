import { randomInt, randomUUID } from 'node:crypto';
import { randomText } from './random-text';
import { sample, type Sample, type SampleEvent } from './sample';

const shopifyOrder = ({ time }: SampleEvent): { readonly [name: string]: unknown } => ({
  id: 820982911946154500, admin_graphql_api_id: 'gid://shopify/Order/820982911946154508', created_at: time.toISOString(), currency: 'EUR', total_price: '49.00',
  email: 'jenny.rosen@example.com', line_items: [{ title: 'T-shirt', quantity: 2, price: '24.50', sku: 'T-SHIRT-M' }],
});

/** Payments, shops and accounting. */
export const payments: { readonly [scheme: string]: Sample } = {
  'shopify': sample('orders/create', shopifyOrder, { headers: { 'user-agent': 'Shopify-Captain-Hook', 'x-shopify-shop-domain': 'example.myshopify.com', 'x-shopify-api-version': '2025-10' } }),
  'shopify-events': sample('orders/create', shopifyOrder, { headers: { 'user-agent': 'Shopify-Captain-Hook', 'shopify-shop-domain': 'example.myshopify.com' } }),
  'square': sample('payment.created', ({ id, type, time }) => ({
    merchant_id: '6SSW7HV8K2ST5', type, event_id: id, created_at: time.toISOString(),
    data: { type: 'payment', id: randomText(20), object: { payment: { amount_money: { amount: 4900, currency: 'EUR' }, status: 'APPROVED' } } },
  }), { headers: { 'user-agent': 'Square Connect v2' } }),
  'paddle': sample('transaction.completed', ({ id, type, time }) => ({
    event_id: id, event_type: type, occurred_at: time.toISOString(), notification_id: `ntf_${randomText(26)}`,
    data: { id: `txn_${randomText(26)}`, status: 'completed', currency_code: 'EUR', customer_id: `ctm_${randomText(26)}` },
  }), { id: () => `evt_${randomText(26)}` }),
  'paypal': sample('PAYMENT.CAPTURE.COMPLETED', ({ id, type, time }) => ({
    id, event_version: '1.0', create_time: time.toISOString(), resource_type: 'capture', resource_version: '2.0', event_type: type, summary: 'Payment completed for EUR 49.0 EUR',
    resource: { id: randomText(17), status: 'COMPLETED', amount: { currency_code: 'EUR', value: '49.00' } },
  }), { id: () => `WH-${randomText(17)}-${randomText(17)}` }),
  'adyen': sample('AUTHORISATION', ({ id, type, time }) => ({
    live: 'false',
    notificationItems: [{
      NotificationRequestItem: {
        additionalData: {}, amount: { currency: 'EUR', value: 4900 }, eventCode: type, eventDate: time.toISOString(), merchantAccountCode: 'ExampleMerchant',
        merchantReference: 'order-1', paymentMethod: 'visa', pspReference: id, reason: '', success: 'true',
      },
    }],
  }), { id: () => randomText(16).toUpperCase() }),
  'adyen-platform': sample('balancePlatform.transfer.created', ({ type, time }) => ({
    type, environment: 'test', timestamp: time.toISOString(), data: { id: randomText(16), amount: { currency: 'EUR', value: 4900 }, status: 'authorised' },
  })),
  'braintree': sample('subscription_charged_successfully', ({ type, time }) => ({
    bt_payload: `${Buffer.from(`<notification>\n  <timestamp type="datetime">${time.toISOString()}</timestamp>\n  <kind>${type}</kind>\n`
      + `  <subject><subscription><id>${randomText(6)}</id></subscription></subject>\n</notification>\n`).toString('base64')}\n`,
  }), { form: true }),
  'coinbase-commerce': sample('charge:confirmed', ({ id, type, time }) => ({
    id: randomInt(1e6), scheduled_for: time.toISOString(), attempt_number: 1,
    event: { id, type, created_at: time.toISOString(), api_version: '2018-03-22', resource: 'event', data: { id: randomUUID(), code: '66BEOV2A' } },
  })),
  'lemonsqueezy': sample('order_created', ({ type, time }) => ({
    meta: { event_name: type, webhook_id: randomUUID() }, data: { type: 'orders', id: '1', attributes: { currency: 'EUR', total: 4900, status: 'paid', created_at: time.toISOString() } },
  }), { id: false }),
  'razorpay': sample('payment.captured', ({ type, time }) => ({
    entity: 'event', account_id: 'acc_BFQ7uQEaa7j2z7', event: type, contains: ['payment'], created_at: Math.floor(time.getTime() / 1000),
    payload: { payment: { entity: { id: `pay_${randomText(14)}`, amount: 4900, currency: 'EUR', status: 'captured' } } },
  }), { headers: { 'user-agent': 'Razorpay-Webhook/v1' }, id: () => randomText(14) }),
  'mollie': sample('payment-link.paid', ({ id, type, time }) => ({
    resource: 'event', id, type, entityId: `pl_${randomText(16)}`, createdAt: time.toISOString(),
  }), { id: () => `event_${randomText(20)}` }),
  'woocommerce': sample('order.created', ({ time }) => ({ id: 727, status: 'processing', currency: 'EUR', total: '49.00', date_created: time.toISOString().slice(0, 19) }), {
    headers: { 'user-agent': 'WooCommerce/9.0 Hookshot (WordPress/6.6)', 'x-wc-webhook-source': 'https://shop.example.com/', 'x-wc-webhook-resource': 'order' },
  }),
  'bigcommerce': sample('store/order/created', ({ type, time }) => ({
    scope: type, store_id: '1025646', producer: 'stores/abcde', created_at: Math.floor(time.getTime() / 1000), hash: randomText(40), data: { type: 'order', id: 250 },
  })),
  'plaid': sample('TRANSACTIONS', ({ type }) => ({ webhook_type: type, webhook_code: 'SYNC_UPDATES_AVAILABLE', item_id: randomText(37), environment: 'sandbox' }), { id: false }),
  'xero': sample('INVOICE', ({ type, time }) => ({
    events: [{
      resourceUrl: 'https://api.xero.com/api.xro/2.0/Invoices/44aa0707-f718-4f1c-8d53-f2da9ca59533', resourceId: '44aa0707-f718-4f1c-8d53-f2da9ca59533',
      eventDateUtc: time.toISOString().slice(0, 23), eventType: 'UPDATE', eventCategory: type, tenantId: randomUUID(), tenantType: 'ORGANISATION',
    }],
    firstEventSequence: 1, lastEventSequence: 1, entropy: randomText(20),
  }), { id: false }),
  'quickbooks': sample('qbo.customer.created.v1', ({ id, type, time }) => [
    { specversion: '1.0', id, source: 'intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=', type, time: time.toISOString(), intuitentityid: '1', intuitaccountid: '310687' },
  ]),
  'gocardless': sample('payments', ({ id, type, time }) => ({
    events: [{ id, created_at: time.toISOString(), resource_type: type, action: 'confirmed', links: { payment: 'PM123' }, details: { origin: 'gocardless', cause: 'payment_confirmed' } }],
    meta: { webhook_id: `WB${randomText(10)}` },
  }), { headers: { 'user-agent': 'gocardless-webhook-service/1.1' }, id: () => `EV${randomText(10)}` }),
  'paystack': sample('charge.success', ({ type, time }) => ({ event: type, data: { id: randomInt(1e9), reference: randomText(10), amount: 4900, currency: 'NGN', status: 'success', paid_at: time.toISOString() } })),
  'easypost': sample('tracker.updated', ({ id, type, time }) => ({
    id, object: 'Event', mode: 'test', description: type, created_at: time.toISOString(), result: { id: `trk_${randomText(32)}`, object: 'Tracker', status: 'delivered' },
  }), { id: () => `evt_${randomText(32)}` }),
};
