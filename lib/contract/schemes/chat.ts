import {
  all, basic, code, form, formJson, header, hmac, httpDate, iso, json, memberOf, named, plain, publicKey, query, seconds, token, verified,
} from './make';

/** Chat, calls, mail and social networks. */
export const chat = named({
  'slack': hmac({
    signed: 'v0:{ts}:{body}',
    signature: plain('x-slack-signature', 'v0='),
    timestamp: seconds(header('x-slack-request-timestamp')),
    // Events, slash commands, interactions.
    id: [json('$.event_id'), form('trigger_id'), formJson('payload', '$.trigger_id')],
    type: [json('$.event.type'), json('$.type'), formJson('payload', '$.type')],
    handshakes: [{
      method: 'POST',
      signed: true,
      when: [{ field: json('$.type'), equals: 'url_verification' }, { field: json('$.challenge') }],
      answer: { text: { echo: json('$.challenge') } },
    }],
  }),
  'discord': publicKey('ed25519', {
    publicKey: 'hex',
    encoding: 'hex',
    signed: '{ts}{body}',
    signature: plain('x-signature-ed25519'),
    timestamp: seconds(header('x-signature-timestamp')),
    id: [json('$.id')],
    // A webhook event has type 1 around what it is; an interaction has nothing but the number.
    type: [json('$.event.type'), json('$.type')],
    handshakes: [
      // Both checks of the URL are signed. A webhook event also has type 1, an interaction's ping alone has no event.
      { method: 'POST', signed: true, when: [{ field: json('$.type'), equals: 0 }], answer: { status: 204 } },
      { method: 'POST', signed: true, when: [{ field: json('$.type'), equals: 1 }, { field: json('$.id') }], answer: { json: { type: { literal: 1 } } } },
    ],
    acknowledgement: { status: 204 },
  }),
  'msteams-outgoing': hmac({
    key: 'base64',
    encoding: 'base64',
    signature: plain('authorization', 'HMAC '),
    id: [json('$.id')],
    type: [json('$.type')],
  }),
  'telegram': token(header('x-telegram-bot-api-secret-token'), {
    id: [json('$.update_id')],
    type: [memberOf(
      'message', 'edited_message', 'channel_post', 'edited_channel_post', 'business_connection', 'business_message', 'edited_business_message',
      'deleted_business_messages', 'message_reaction', 'message_reaction_count', 'inline_query', 'chosen_inline_result', 'callback_query',
      'shipping_query', 'pre_checkout_query', 'purchased_paid_media', 'poll', 'poll_answer', 'my_chat_member', 'chat_member', 'chat_join_request',
      'chat_boost', 'removed_chat_boost',
    )],
  }),
  'line': hmac({
    encoding: 'base64',
    signature: plain('x-line-signature'),
    id: [json('$.events[*].webhookEventId')],
    volatile: ['$.events[*].deliveryContext.isRedelivery'],
    type: [json('$.events[*].type')],
  }),
  'viber': hmac({
    signature: plain('x-viber-content-signature'),
    // Delivered and seen carry the token of the message they are about.
    id: [all(json('$.message_token'), json('$.event'))],
    type: [json('$.event')],
  }),
  'zoom': hmac({
    signed: 'v0:{ts}:{body}',
    signature: plain('x-zm-signature', 'v0='),
    timestamp: seconds(header('x-zm-request-timestamp')),
    id: [header('x-zm-trackingid')],
    type: [json('$.event')],
    handshakes: [{
      method: 'POST',
      signed: true,
      when: [{ field: json('$.event'), equals: 'endpoint.url_validation' }, { field: json('$.payload.plainToken') }],
      answer: {
        json: {
          plainToken: { echo: json('$.payload.plainToken') },
          encryptedToken: { hmac: 'sha256', of: json('$.payload.plainToken'), encoding: 'hex' },
        },
      },
    }],
  }),
  'twitch': hmac({
    signed: '{h:twitch-eventsub-message-id}{ts}{body}',
    signature: plain('twitch-eventsub-message-signature', 'sha256='),
    timestamp: iso(header('twitch-eventsub-message-timestamp'), 600),
    id: [header('twitch-eventsub-message-id')],
    type: [header('twitch-eventsub-subscription-type')],
    handshakes: [{
      method: 'POST',
      signed: true,
      when: [{ field: header('twitch-eventsub-message-type'), equals: 'webhook_callback_verification' }, { field: json('$.challenge') }],
      answer: { text: { echo: json('$.challenge') } },
    }],
  }),
  'x-twitter': hmac({
    encoding: 'base64',
    signature: plain('x-twitter-webhooks-signature', 'sha256='),
    type: [memberOf(
      'tweet_create_events', 'favorite_events', 'follow_events', 'unfollow_events', 'block_events', 'unblock_events', 'mute_events', 'unmute_events',
      'user_event', 'direct_message_events', 'direct_message_indicate_typing_events', 'direct_message_mark_read_events', 'tweet_delete_events',
    )],
    handshakes: [{
      method: 'GET',
      signed: false,
      when: [{ field: query('crc_token') }],
      answer: { json: { response_token: { hmac: 'sha256', of: query('crc_token'), encoding: 'base64', prefix: 'sha256=' } } },
    }],
  }),
  'meta': hmac({
    signature: plain('x-hub-signature-256', 'sha256='),
    // Messages of WhatsApp. Nothing else has an id.
    id: [json('$.entry[*].changes[*].value.messages[*].id')],
    type: [json('$.object')],
    handshakes: [{
      method: 'GET',
      signed: false,
      when: [{ field: query('hub.mode'), equals: 'subscribe' }, { field: query('hub.challenge') }],
      token: query('hub.verify_token'),
      answer: { text: { echo: query('hub.challenge') } },
    }],
  }),
  'twilio': code('twilio', {
    key: 'utf8',
    methods: ['POST', 'GET'],
    signsUrl: true,
    id: [header('i-twilio-idempotency-token')],
    type: [form('MessageStatus'), form('CallStatus'), form('EventType')],
  }),
  'twilio-json': code('twilio', {
    key: 'utf8',
    signsUrl: true,
    id: [header('i-twilio-idempotency-token')],
    type: [json('$.EventType'), json('$[*].type')],
  }),
  'vonage': code('vonage', { key: 'utf8', id: [verified('jti'), json('$.message_uuid')], type: [json('$.channel'), json('$.status')] }),
  'messagebird': code('messagebird', { key: 'utf8', signsUrl: true, id: [verified('jti')] }),
  'telnyx': publicKey('ed25519', {
    publicKey: 'base64',
    encoding: 'base64',
    signed: '{ts}|{body}',
    signature: plain('telnyx-signature-ed25519'),
    timestamp: seconds(header('telnyx-timestamp')),
    id: [json('$.data.id')],
    volatile: ['$.meta.attempt'],
    type: [json('$.data.event_type')],
  }),
  'plivo': code('plivo', {
    key: 'utf8',
    methods: ['POST', 'GET'],
    signsUrl: true,
    // A call or a message has several events under one id.
    id: [all(form('CallUUID'), form('Event')), all(form('MessageUUID'), form('Event'))],
    type: [form('Event')],
  }),
  'sendgrid': publicKey('ecdsa', {
    publicKey: 'spki',
    encoding: 'base64',
    signed: '{ts}{body}',
    signature: plain('x-twilio-email-event-webhook-signature'),
    timestamp: seconds(header('x-twilio-email-event-webhook-timestamp')),
    id: [json('$[*].sg_event_id')],
    type: [json('$[*].event')],
  }),
  'mailgun': code('mailgun', {
    key: 'utf8',
    settings: { toleranceSeconds: 300 },
    id: [json('$.event-data.id')],
    // Every request has a time and a token of its own under its signature.
    volatile: ['$.signature', '$.parent-signature'],
    type: [json('$.event-data.event')],
  }),
  'mandrill': code('mandrill', {
    key: 'utf8',
    signsUrl: true,
    id: [verified('id')],
    type: [verified('type')],
    handshakes: [{ method: 'HEAD', signed: false, when: [], answer: {} }],
  }),
  'mailchimp': token(query('token'), {
    type: [form('type')],
    handshakes: [{ method: 'GET', signed: false, when: [], answer: {} }],
  }),
  'postmark': basic({
    // One message is sent, delivered, opened and clicked under one id.
    id: [all(json('$.MessageID'), json('$.RecordType'))],
    type: [json('$.RecordType')],
  }),
  'customerio': hmac({
    signed: 'v0:{ts}:{body}',
    signature: plain('x-cio-signature'),
    timestamp: seconds(header('x-cio-timestamp')),
    id: [json('$.event_id')],
    type: [json('$.object_type')],
  }),
  'klaviyo': hmac({
    signed: '{body}{ts}',
    signature: plain('klaviyo-signature'),
    timestamp: httpDate(header('klaviyo-timestamp')),
    id: [json('$.data[*].external_id')],
    type: [json('$.data[*].topic')],
  }),
});
