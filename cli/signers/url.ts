import { randomInt } from 'node:crypto';
import { escape } from 'node:querystring';
import { digest, hmac, sortedPairs, withHeaders } from './hmac';
import type { Signer } from './signer';

/** Of a form, every field is signed after the URL; of anything else the URL has a hash. */
export const twilio: Signer = (request, { scheme, secret, signedUrl }) => {
  const sent = { ...request, url: new URL(request.url) };
  if (scheme.name === 'twilio-json') sent.url.searchParams.set('bodySHA256', digest(request.body, 'hex'));
  const fields = scheme.name === 'twilio-json' ? [] : sortedPairs(request.body.toString());
  return withHeaders(sent, { 'x-twilio-signature': hmac('sha1', secret, signedUrl(sent) + fields.flat().join(''), 'base64') });
};

export const mandrill: Signer = (request, { secret, signedUrl }) =>
  withHeaders(request, { 'x-mandrill-signature': hmac('sha1', secret, signedUrl(request) + sortedPairs(request.body.toString()).flat().join(''), 'base64') });

/** A question mark stands before a query or the fields, a dot between the two, and another before the nonce. */
export const plivo: Signer = (request, { secret, signedUrl }) => {
  const nonce = String(randomInt(10 ** 12));
  const [address, query = ''] = signedUrl(request).split('?') as [string, string?];
  const parts = [sortedPairs(query).map((pair) => pair.join('=')).join('&'), sortedPairs(request.body.toString()).flat().join('')].filter(Boolean);
  const signed = `${[address, parts.join('.')].filter(Boolean).join('?')}.${nonce}`;
  return withHeaders(request, { 'x-plivo-signature-v3-nonce': nonce, 'x-plivo-signature-v3': hmac('sha256', secret, signed, 'base64') });
};

/** Contentful signs the path, the headers that it lists, and the body. */
export const contentful: Signer = (request, { secret, now, signedUrl }) => {
  const names = ['content-type', 'x-contentful-signed-headers', 'x-contentful-timestamp', 'x-contentful-topic']
    .filter((name) => name.startsWith('x-contentful-s') || name === 'x-contentful-timestamp' || request.headers[name] !== undefined);
  const sent = withHeaders(request, { 'x-contentful-timestamp': String(now), 'x-contentful-signed-headers': names.join(',') });
  const [, path = '/'] = /^https?:\/\/[^/?#]*(\/[^?]*)?/.exec(signedUrl(request)) ?? [];
  const query = request.url.search.slice(1);
  const lines = ['POST', encodeURI(query ? `${path}?${escape(query)}` : path), names.map((name) => `${name}:${sent.headers[name]?.trim()}`).join(';'), ''];
  const bytes = Buffer.concat([Buffer.from(lines.join('\n')), request.body]);
  return withHeaders(sent, { 'x-contentful-signature': hmac('sha256', secret, bytes, 'hex') });
};
