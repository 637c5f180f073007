import type { Scheme } from './scheme';

/** The window that Standard Webhooks libraries and most SDKs use where the sender names none. */
export const DEFAULT_TOLERANCE_SECONDS = 300;

/** The schemes that are known by name. Where each fact comes from: the sender's own documentation, linked at its factory. */
export const SCHEMES = {
  'standard-webhooks': {
    name: 'standard-webhooks',
    kind: 'hmac',
    hash: 'sha256',
    key: 'whsec',
    encoding: 'base64',
    signed: '{h:webhook-id}.{ts}.{body}',
    signature: { header: 'webhook-signature', format: 'list', prefix: 'v1,', separator: ' ' },
    timestamp: { from: { header: 'webhook-timestamp' }, unit: 's', toleranceSeconds: DEFAULT_TOLERANCE_SECONDS },
    id: [{ header: 'webhook-id' }],
    type: [{ json: '$.type' }],
  },
  'github': {
    name: 'github',
    kind: 'hmac',
    hash: 'sha256',
    key: 'utf8',
    encoding: 'hex',
    signed: '{body}',
    signature: { header: 'x-hub-signature-256', format: 'plain', prefix: 'sha256=' },
    id: [{ header: 'x-github-delivery' }],
    type: [{ header: 'x-github-event' }],
  },
  'stripe': {
    name: 'stripe',
    kind: 'hmac',
    hash: 'sha256',
    key: 'utf8',
    encoding: 'hex',
    signed: '{ts}.{body}',
    signature: { header: 'stripe-signature', format: 'keyValue', name: 'v1', separator: ',' },
    timestamp: { from: { signature: 't' }, unit: 's', toleranceSeconds: DEFAULT_TOLERANCE_SECONDS },
    id: [{ json: '$.id' }],
    type: [{ json: '$.type' }],
  },
} satisfies { [name: string]: Scheme };
