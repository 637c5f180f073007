import { randomInt, randomUUID } from 'node:crypto';
import { randomText } from './random-text';
import { sample, unixTime, type Sample } from './sample';

/** Calls, text messages and mail. */
export const messages: { readonly [scheme: string]: Sample } = {
  'twilio': sample('delivered', ({ type }) => ({
    MessageSid: `SM${randomUUID().replaceAll('-', '')}`, AccountSid: 'AC00000000000000000000000000000000', From: '+15017122661', To: '+15558675310', MessageStatus: type, ApiVersion: '2010-04-01',
  }), { form: true, headers: { 'user-agent': 'TwilioProxy/1.1' } }),
  'twilio-json': sample('com.twilio.messaging.message.delivered', ({ type, time }) => ({ EventType: type, Timestamp: time.toISOString(), MessageSid: `SM${randomText(32)}` })),
  'vonage': sample('sms', ({ type, time }) => ({ message_uuid: randomUUID(), channel: type, from: '447700900000', to: '447700900001', timestamp: time.toISOString(), text: 'hello' })),
  'messagebird': sample('message', ({ time }) => ({ id: randomText(32), recipient: '31612345678', originator: 'Example', body: 'hello', createdDatetime: time.toISOString() })),
  'telnyx': sample('message.received', ({ id, type, time }) => ({
    data: {
      event_type: type, id, occurred_at: time.toISOString(), record_type: 'event',
      payload: { id: randomUUID(), from: { phone_number: '+13125550001' }, to: [{ phone_number: '+17735550002' }], text: 'hello' },
    },
    meta: { attempt: 1, delivered_to: 'https://hooks.example.com' },
  })),
  'plivo': sample('StartApp', ({ id, type }) => ({ CallUUID: id, Event: type, From: '919087654321', To: '14155550100', Direction: 'inbound', CallStatus: 'ringing' }), { form: true }),
  'sendgrid': sample('delivered', ({ id, type, time }) => [
    { email: 'jenny.rosen@example.com', timestamp: unixTime(time), 'smtp-id': '<14c5d75ce93.dfd.64b469@ismtpd-555>', event: type, sg_event_id: id, sg_message_id: randomText(22) },
  ], { id: () => randomText(22) }),
  'mailgun': sample('delivered', ({ id, type, time }) => ({
    'signature': {},
    'event-data': { id, event: type, timestamp: time.getTime() / 1000, recipient: 'jenny.rosen@example.com', message: { headers: { 'message-id': '1@example.com', subject: 'hello' } } },
  }), { id: () => randomText(22) }),
  'mandrill': sample('send', ({ id, type, time }) => ({
    mandrill_events: JSON.stringify([{ event: type, _id: id, ts: unixTime(time), msg: { _id: id, subject: 'hello', email: 'jenny.rosen@example.com', state: 'sent' } }]),
  }), { form: true, headers: { 'user-agent': 'Mandrill-Webhook/1.0' }, id: () => randomUUID().replaceAll('-', '') }),
  'mailchimp': sample('subscribe', ({ type, time }) => ({
    'type': type, 'fired_at': time.toISOString().slice(0, 19).replace('T', ' '), 'data[id]': '8a25ff1d98', 'data[list_id]': 'a6b5da1054', 'data[email]': 'jenny.rosen@example.com',
  }), { form: true, id: false }),
  'postmark': sample('Delivery', ({ id, type, time }) => ({
    RecordType: type, MessageID: id, Recipient: 'jenny.rosen@example.com', Tag: 'welcome-email', DeliveredAt: time.toISOString(), ServerID: 23, MessageStream: 'outbound',
  }), { headers: { 'user-agent': 'Postmark' } }),
  'customerio': sample('email', ({ id, type, time }) => ({
    event_id: id, object_type: type, metric: 'delivered', timestamp: unixTime(time), data: { customer_id: '1', delivery_id: randomText(22), recipient: 'jenny.rosen@example.com' },
  }), { id: () => randomText(26).toUpperCase() }),
  'klaviyo': sample('event:klaviyo.received_email', ({ id, type, time }) => ({
    data: [{ external_id: id, topic: type, payload: { data: { type: 'event', id: randomText(11), attributes: { datetime: time.toISOString() } } } }],
    meta: { klaviyo_webhook_id: String(randomInt(1e9)), version: '1' },
  })),
};
