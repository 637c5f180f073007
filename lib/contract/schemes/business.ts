import {
  all, code, hash, header, hmac, iso, json, milliseconds, named, part, plain, query, seconds, stamped, token, verified,
} from './make';

/** HubSpot says that `eventId` alone may come twice. */
const hubspotId = all(json('$[*].eventId'), json('$[*].subscriptionId'), json('$[*].occurredAt'));
const hubspotVolatile = ['$[*].attemptNumber'];

/** Documents, customers, content and identity. */
export const business = named({
  'notion': hmac({
    signature: plain('x-notion-signature', 'sha256='),
    id: [json('$.id')],
    volatile: ['$.attempt_number'],
    type: [json('$.type')],
  }),
  'asana': hmac({ signature: plain('x-hook-signature'), type: [json('$.events[*].action')] }),
  'airtable': hmac({ key: 'base64', signature: plain('x-airtable-content-mac', 'hmac-sha256=') }),
  'intercom': hmac({
    hash: 'sha1',
    signature: plain('x-hub-signature', 'sha1='),
    id: [json('$.id')],
    volatile: ['$.delivery_attempts', '$.first_sent_at'],
    type: [json('$.topic')],
    handshakes: [{ method: 'HEAD', signed: false, when: [], answer: {} }],
  }),
  'zendesk': hmac({
    // A GET or a DELETE has all it says in its query, which Zendesk does not sign.
    methods: ['POST', 'PUT', 'PATCH'],
    encoding: 'base64',
    signed: '{ts}{body}',
    signature: plain('x-zendesk-webhook-signature'),
    timestamp: iso(header('x-zendesk-webhook-signature-timestamp')),
    id: [header('x-zendesk-webhook-invocation-id'), json('$.id')],
    type: [json('$.type')],
  }),
  'nylas': hmac({
    signature: plain('x-nylas-signature'),
    id: [json('$.id')],
    volatile: ['$.webhook_delivery_attempt'],
    type: [json('$.type')],
    handshakes: [{ method: 'GET', signed: false, when: [{ field: query('challenge') }], answer: { text: { echo: query('challenge') } } }],
  }),
  'hubspot': hmac({
    methods: ['POST', 'GET', 'PUT', 'PATCH', 'DELETE'],
    encoding: 'base64',
    signed: '{method}{decodedUrl}{body}{ts}',
    signature: plain('x-hubspot-signature-v3'),
    timestamp: milliseconds(header('x-hubspot-request-timestamp')),
    id: [hubspotId],
    volatile: hubspotVolatile,
    type: [json('$[*].subscriptionType')],
  }),
  'hubspot-v1': hash({
    signed: '{secret}{body}',
    signature: plain('x-hubspot-signature'),
    requiredHeaders: { 'x-hubspot-signature-version': 'v1' },
    id: [hubspotId],
    volatile: hubspotVolatile,
    type: [json('$[*].subscriptionType')],
  }),
  'hubspot-v2': hash({
    methods: ['POST', 'GET', 'PUT', 'PATCH', 'DELETE'],
    signed: '{secret}{method}{url}{body}',
    signature: plain('x-hubspot-signature'),
    requiredHeaders: { 'x-hubspot-signature-version': 'v2' },
  }),
  'typeform': hmac({
    encoding: 'base64',
    signature: plain('typeform-signature', 'sha256='),
    id: [json('$.event_id')],
    type: [json('$.event_type')],
  }),
  'calendly': stamped('calendly-webhook-signature', { timestamp: seconds(part('t'), 180), type: [json('$.event')] }),
  'calcom': hmac({ signature: plain('x-cal-signature-256'), type: [json('$.triggerEvent')] }),
  'contentful': code('contentful', {
    key: 'utf8',
    signsUrl: true,
    settings: { toleranceSeconds: 30 },
    id: [header('x-contentful-idempotency-key')],
    type: [header('x-contentful-topic')],
  }),
  'sanity': stamped('sanity-webhook-signature', {
    encoding: 'base64url',
    timestamp: milliseconds(part('t')),
    id: [header('idempotency-key')],
    type: [header('sanity-operation')],
  }),
  'kontent': hmac({
    encoding: 'base64',
    signature: plain('x-kontent-ai-signature'),
    type: [json('$.notifications[*].message.object_type')],
  }),
  'webflow': hmac({
    signed: '{ts}:{body}',
    signature: plain('x-webflow-signature'),
    timestamp: milliseconds(header('x-webflow-timestamp')),
    type: [json('$.triggerType')],
  }),
  'dropbox': hmac({
    signature: plain('x-dropbox-signature'),
    handshakes: [{ method: 'GET', signed: false, when: [{ field: query('challenge') }], answer: { text: { echo: query('challenge') } } }],
  }),
  'box': code('box', { key: 'utf8', settings: { toleranceSeconds: 600 }, id: [header('box-delivery-id')], type: [json('$.trigger')] }),
  'docusign': code('docusign', { key: 'utf8', type: [json('$.event')] }),
  'dropbox-sign': code('dropbox-sign', {
    key: 'utf8',
    id: [verified('id')],
    type: [verified('type')],
    acknowledgement: { status: 200, contentType: 'text/plain', body: 'Hello API Event Received' },
  }),
  'workos': stamped('workos-signature', { timestamp: milliseconds(part('t'), 180), id: [json('$.id')], type: [json('$.event')] }),
  'onfido': hmac({ signature: plain('x-sha2-signature'), type: [json('$.payload.resource_type')] }),
  'okta': token(header('authorization'), {
    id: [json('$.eventId'), json('$.data.events[*].uuid')],
    type: [json('$.data.events[*].eventType')],
    handshakes: [{
      method: 'GET',
      signed: false,
      when: [{ field: header('x-okta-verification-challenge') }],
      answer: { json: { verification: { echo: header('x-okta-verification-challenge') } } },
    }],
  }),
  'auth0': token(header('authorization'), { id: [json('$[*].log_id')], type: [json('$[*].data.type')] }),
});
