import {
  all, basic, code, header, hmac, json, keyValue, list, named, part, plain, publicKey, query, seconds, stamped, standard, token, verified,
} from './make';

/** Clouds, queues and what is built on Standard Webhooks. */
export const platform = named({
  'standard-webhooks': standard('webhook'),
  'standard-webhooks-ed25519': publicKey('ed25519', {
    publicKey: 'whpk',
    encoding: 'base64',
    signed: '{h:webhook-id}.{ts}.{body}',
    signature: list('webhook-signature', 'v1a,'),
    timestamp: seconds(header('webhook-timestamp')),
    id: [header('webhook-id')],
    type: [json('$.type')],
  }),
  'svix': standard('svix'),
  'clerk': standard('svix'),
  'resend': standard('svix'),
  'openai': standard('webhook'),
  'anthropic': standard('webhook'),
  // The payload of an auth hook has no type: give each hook a source of its own.
  'supabase-auth': standard('webhook', { key: 'supabase', type: [] }),
  'replicate': standard('webhook', { type: [json('$.status')] }),
  // The secret's own bytes, where Standard Webhooks decodes base64.
  'polar': standard('webhook', { key: 'utf8' }),
  'mux': stamped('mux-signature', { id: [json('$.id')], volatile: ['$.attempts'], type: [json('$.type')] }),
  'pusher': code('pusher', { key: 'utf8', type: [json('$.events[*].name')] }),
  'upstash-qstash': code('qstash', { key: 'utf8', signsUrl: true, id: [header('upstash-message-id')] }),
  'livekit': code('livekit', { key: 'utf8', id: [json('$.id')], type: [json('$.event')] }),
  'aws-sns': code('sns', { id: [json('$.MessageId')], type: [json('$.Type')] }),
  'azure-eventgrid': token(query('code'), {
    id: [json('$[*].id')],
    // The schema of Event Grid, then of CloudEvents.
    type: [json('$[*].eventType'), json('$[*].type')],
    handshakes: [
      {
        method: 'POST',
        signed: false,
        when: [{ field: header('aeg-event-type'), equals: 'SubscriptionValidation' }, { field: json('$[0].data.validationCode') }],
        answer: { json: { validationResponse: { echo: json('$[0].data.validationCode') } } },
      },
      {
        method: 'OPTIONS',
        signed: false,
        when: [{ field: header('webhook-request-origin') }],
        answer: { headers: { 'webhook-allowed-origin': { echo: header('webhook-request-origin') } } },
      },
    ],
  }),
  'cloudevents': token(query('token'), {
    // Unique only together with its source. In headers, or in the body.
    id: [all(header('ce-id'), header('ce-source')), all(json('$.id'), json('$.source'))],
    type: [header('ce-type'), json('$.type')],
    handshakes: [{
      method: 'OPTIONS',
      signed: false,
      when: [{ field: header('webhook-request-origin') }],
      answer: {
        headers: {
          'webhook-allowed-origin': { echo: header('webhook-request-origin') },
          'webhook-allowed-rate': { echo: header('webhook-request-rate') },
        },
      },
    }],
  }),
  'msgraph': code('msgraph', {
    key: 'utf8',
    type: [json('$.value[*].changeType'), json('$.value[*].lifecycleEvent')],
    handshakes: [{
      method: 'POST',
      signed: false,
      when: [{ field: query('validationToken') }],
      body: '^$',
      answer: { text: { echo: query('validationToken') } },
    }],
  }),
  'google-pubsub': code('jwt', {
    settings: { issuer: 'https://accounts.google.com', jwksUrl: 'https://www.googleapis.com/oauth2/v3/certs' },
    id: [json('$.message.messageId')],
  }),
  'cloudflare-stream': hmac({
    signed: '{ts}.{body}',
    signature: keyValue('webhook-signature', 'sig1'),
    timestamp: seconds(part('time')),
    // One video has several states.
    id: [all(json('$.uid'), json('$.status.state'))],
    type: [json('$.status.state')],
  }),
  'cloudflare-notifications': token(header('cf-webhook-auth'), { type: [json('$.alert_type')] }),
  'fastly': token(query('token')),
  'digitalocean': token(query('token')),
  'hook0': code('hook0', { key: 'utf8', settings: { toleranceSeconds: 300 } }),
});

/** What `WebhookSource.hmac()` and its like stand for with nothing but a secret. */
export const generic = named({
  'generic-hmac': hmac({ signature: plain('x-signature-256', 'sha256=') }),
  'generic-hmac-ts': stamped('x-webhook-signature'),
  'generic-basic': basic(),
  'generic-apikey': token(header('x-api-key')),
  'generic-jwt': code('jwt', { id: [verified('jti')] }),
});
