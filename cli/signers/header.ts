import { hmac, pair, withHeaders } from './hmac';
import type { Signer } from './signer';

/** Box has up to two keys, each with a header of its own. */
export const box: Signer = (request, { secret, now }) => {
  const time = new Date(now).toISOString();
  const bytes = Buffer.concat([request.body, Buffer.from(time)]);
  const signatures = Object.entries(boxKeys(secret)).map(([slot, key]) => [`box-signature-${slot}`, hmac('sha256', key, bytes, 'base64')] as const);
  return withHeaders(request, {
    'box-delivery-timestamp': time, 'box-signature-version': '1', 'box-signature-algorithm': 'HmacSHA256', ...Object.fromEntries(signatures),
  });
};

function boxKeys(secret: string): { readonly [slot: string]: string } {
  return secret.trimStart().startsWith('{') ? JSON.parse(secret) as { [slot: string]: string } : { primary: secret };
}

export const docusign: Signer = (request, { secret }) =>
  withHeaders(request, { 'x-authorization-digest': 'HMACSHA256', 'x-docusign-signature-1': hmac('sha256', secret, request.body, 'base64') });

export const pusher: Signer = (request, { secret }) => {
  const [key, token] = pair(secret);
  return withHeaders(request, { 'x-pusher-key': key, 'x-pusher-signature': hmac('sha256', token, request.body, 'hex') });
};

/** The headers that say what an event is are signed too. */
export const hook0: Signer = (request, { secret, now }) => {
  const time = Math.floor(now / 1000);
  const names = Object.keys(request.headers).filter((name) => name.startsWith('x-event-')).sort();
  const start = `${time}.${names.join(' ')}.${names.map((name) => request.headers[name]).join('.')}.`;
  const signature = hmac('sha256', secret, Buffer.concat([Buffer.from(start), request.body]), 'hex');
  return withHeaders(request, { 'x-hook0-signature': `t=${time},h=${names.join(' ')},v1=${signature}` });
};
