import { createHmac, randomUUID } from 'node:crypto';
import type { FieldLocation, KeyFormat, Scheme, TimestampPlace } from '../lib/contract/scheme';
import { CliError, Exit } from './cli-error';
import { readField, type OutgoingRequest } from './fields';

/**
 * Signs a request the way the sender does: by the same data that the ingest function verifies with. `now` is the time that the
 * source's clock shows, in milliseconds since 1970.
 */
export function sign(scheme: Scheme, secret: string, request: OutgoingRequest, now: number): OutgoingRequest {
  const key = keyBytes(secret, scheme.key);
  const stamped = withTimestamp(scheme.timestamp, withRequired(scheme, request), now);
  const timestamp = scheme.timestamp && timestampOf(scheme, scheme.timestamp, stamped, now);
  const signature = createHmac(scheme.hash, key).update(signedBytes(scheme.signed, stamped, timestamp)).digest(scheme.encoding);
  return { ...stamped, headers: { ...stamped.headers, [scheme.signature.header]: signatureHeader(scheme, signature, timestamp) } };
}

function keyBytes(secret: string, format: KeyFormat): Buffer {
  const text = format === 'whsec' ? secret.replace(/^whsec_/, '') : secret;
  if (KEY_TEXT[format].test(text)) return Buffer.from(text, format === 'whsec' ? 'base64' : format);
  throw new CliError(Exit.FAILED, `the source's secret is ${text ? `not ${format === 'whsec' ? 'base64' : format}` : 'empty'}; put the value that the sender shows into it`);
}

/** Buffer.from would ignore what it does not know. */
const KEY_TEXT: { readonly [format in KeyFormat]: RegExp } = {
  utf8: /./su,
  base64: /^[A-Za-z0-9+/]+={0,2}$/,
  hex: /^([0-9a-f]{2})+$/i,
  whsec: /^[A-Za-z0-9+/]+={0,2}$/,
};

/** Headers with one fixed value, and those that are signed but that nothing has set yet, such as a nonce. */
function withRequired(scheme: Scheme, request: OutgoingRequest): OutgoingRequest {
  const headers = { ...request.headers, ...scheme.requiredHeaders };
  const timestamp = scheme.timestamp && 'header' in scheme.timestamp.from ? scheme.timestamp.from.header : undefined;
  for (const [, name] of scheme.signed.matchAll(HEADER_PLACEHOLDER)) {
    if (name !== timestamp) headers[name as string] ??= randomUUID();
  }
  return { ...request, headers };
}

/** A timestamp in a header or the query is ours to set; one in the body came with it; one in the signature header is set with it. */
function withTimestamp(place: TimestampPlace | undefined, request: OutgoingRequest, now: number): OutgoingRequest {
  if (!place) return request;
  const text = formatTimestamp(place.unit, now);
  if ('header' in place.from) return { ...request, headers: { ...request.headers, [place.from.header]: text } };
  if ('query' in place.from) {
    const url = new URL(request.url);
    url.searchParams.set(place.from.query, text);
    return { ...request, url };
  }
  return request;
}

function timestampOf(scheme: Scheme, place: TimestampPlace, request: OutgoingRequest, now: number): string {
  if ('signature' in place.from) return formatTimestamp(place.unit, now);
  const text = readField(scheme, [place.from], request);
  if (text !== undefined) return text;
  throw new CliError(Exit.USAGE, `the body has no timestamp at ${locationText(place.from)}, where this source reads it; write one there`);
}

export function formatTimestamp(unit: TimestampPlace['unit'], now: number): string {
  switch (unit) {
    case 's': return String(Math.floor(now / 1000));
    case 'ms': return String(now);
    case 'iso': return new Date(now).toISOString();
    case 'httpdate': return new Date(now).toUTCString();
  }
}

const HEADER_PLACEHOLDER = /\{h:([^}]+)\}/g;

/** The bytes that are signed. Bytes, not text: a body may be anything. */
function signedBytes(template: string, { headers, body }: OutgoingRequest, timestamp: string | undefined): Buffer {
  return Buffer.concat(template.split(/(\{body\}|\{ts\}|\{h:[^}]+\})/).map((part) => {
    if (part === '{body}') return body;
    if (part === '{ts}') return Buffer.from(timestamp ?? '');
    const header = /^\{h:([^}]+)\}$/.exec(part)?.[1];
    return Buffer.from(header === undefined ? part : headers[header] ?? '');
  }));
}

function signatureHeader({ signature: place, timestamp }: Scheme, signature: string, timestampText: string | undefined): string {
  if (place.format !== 'keyValue') return `${place.prefix ?? ''}${signature}`;
  const time = timestamp && 'signature' in timestamp.from ? [`${timestamp.from.signature}=${timestampText}`] : [];
  return [...time, `${place.name}=${signature}`].join(place.separator ?? ',');
}

export function locationText(location: FieldLocation): string {
  const [kind, name] = Object.entries(location)[0] as [string, string];
  return kind === 'json' ? name : `${kind} ${JSON.stringify(name)}`;
}
