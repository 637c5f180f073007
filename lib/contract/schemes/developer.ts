import { code, header, hmac, json, keyValue, named, part, plain, seconds, stamped, standard, token } from './make';

/** Code, builds and incidents. */
export const developer = named({
  'github': hmac({
    signature: plain('x-hub-signature-256', 'sha256='),
    id: [header('x-github-delivery')],
    type: [header('x-github-event')],
  }),
  'gitlab-token': token(header('x-gitlab-token'), { id: [header('idempotency-key')], type: [header('x-gitlab-event')] }),
  'gitlab-signing': standard('webhook', { type: [header('x-gitlab-event')] }),
  'bitbucket': hmac({
    // The name without -256 and SHA-256 all the same.
    signature: plain('x-hub-signature', 'sha256='),
    // Bitbucket Cloud, then Data Center.
    id: [header('x-request-uuid'), header('x-request-id')],
    type: [header('x-event-key')],
  }),
  'jira': hmac({
    signature: plain('x-hub-signature', 'sha256='),
    id: [header('x-atlassian-webhook-identifier')],
    type: [json('$.webhookEvent')],
  }),
  'circleci': hmac({
    signature: keyValue('circleci-signature', 'v1'),
    id: [json('$.id')],
    type: [header('circleci-event-type'), json('$.type')],
  }),
  'buildkite': hmac({
    signed: '{ts}.{body}',
    signature: keyValue('x-buildkite-signature', 'signature'),
    timestamp: seconds(part('timestamp')),
    type: [header('x-buildkite-event'), json('$.event')],
  }),
  'buildkite-token': token(header('x-buildkite-token'), { type: [header('x-buildkite-event')] }),
  'vercel': hmac({ hash: 'sha1', signature: plain('x-vercel-signature'), id: [json('$.id')], type: [json('$.type')] }),
  'netlify': code('netlify', { key: 'utf8', type: [header('x-netlify-event'), json('$.state')] }),
  'heroku': hmac({
    encoding: 'base64',
    signature: plain('heroku-webhook-hmac-sha256'),
    id: [json('$.webhook_metadata.delivery.id'), json('$.id')],
    volatile: ['$.webhook_metadata.attempt'],
    type: [json('$.webhook_metadata.event.include'), json('$.resource')],
  }),
  'sentry': hmac({
    // The timestamp header is not under the signature, so it proves nothing.
    signature: plain('sentry-hook-signature'),
    id: [header('request-id')],
    type: [header('sentry-hook-resource')],
  }),
  'pagerduty': hmac({
    signature: keyValue('x-pagerduty-signature', 'v1'),
    id: [json('$.event.id')],
    type: [json('$.event.event_type')],
  }),
  'linear': hmac({
    signature: plain('linear-signature'),
    timestamp: { from: json('$.webhookTimestamp'), unit: 'ms', toleranceSeconds: 60 },
    id: [header('linear-delivery')],
    // When it was sent, which a retry has to say anew.
    volatile: ['$.webhookTimestamp'],
    type: [header('linear-event'), json('$.type')],
  }),
  'trello': hmac({
    hash: 'sha1',
    encoding: 'base64',
    signed: '{body}{url}',
    signature: plain('x-trello-webhook'),
    id: [json('$.action.id')],
    type: [json('$.action.type')],
    handshakes: [{ method: 'HEAD', signed: false, when: [], answer: {} }],
  }),
  'tailscale': stamped('tailscale-webhook-signature', { type: [json('$[*].type')] }),
});
