import { createHash, createHmac, createPrivateKey, randomUUID, sign as signBytes, type KeyObject } from 'node:crypto';
import type { VerificationPart } from '../lib/contract/parts';
import type { FieldLocation, HashScheme, HmacScheme, KeyFormat, PublicKeyScheme, Scheme, TimestampPlace } from '../lib/contract/scheme';
import { CliError, Exit } from './cli-error';
import { readField, type OutgoingRequest } from './fields';
import type { TestAuthority } from './run-note';
import { SIGNERS } from './signers';

export interface SigningKeys {
  /** The current value of the source's secret; empty where its scheme has none. */
  readonly secret: string;
  /** PEM, for a source with a public key. Absent: the key that the local run made for it. */
  readonly privateKey?: string;
  /** Keys of the local run, where there is one. */
  readonly authority?: TestAuthority;
}

export interface SignOptions {
  /** The time that the source's clock shows, in milliseconds since 1970. */
  readonly now: number;
  /** The source's URL as the sender knows it, without a query. */
  readonly publicUrl: string;
}

type SignedScheme = HmacScheme | HashScheme | PublicKeyScheme;

/** Signs a request the way the sender does: by the same data that the ingest function verifies with. */
export function sign(verification: VerificationPart, keys: SigningKeys, request: OutgoingRequest, options: SignOptions): OutgoingRequest {
  const { scheme } = verification;
  const complete = { ...request, headers: { ...request.headers, ...scheme.requiredHeaders } };
  switch (scheme.kind) {
    case 'open': return complete;
    case 'token': return withToken(scheme.token, `${scheme.prefix ?? ''}${text(keys.secret)}`, complete);
    case 'basic': return withBasic(verification, text(keys.secret), complete);
    case 'code': return signByModule(scheme, keys, complete, options);
    default: return signByData(verification, scheme, keys, complete, options);
  }
}

function text(secret: string): string {
  if (secret.trim()) return secret;
  throw new CliError(Exit.FAILED, 'the source\'s secret is empty; put the value that the sender shows into it');
}

function withToken(place: FieldLocation, token: string, request: OutgoingRequest): OutgoingRequest {
  if ('header' in place) return { ...request, headers: { ...request.headers, [place.header]: token } };
  if (!('query' in place)) throw new CliError(Exit.FAILED, `send cannot write a token to ${locationText(place)}, only to a header or the query`);
  const url = new URL(request.url);
  url.searchParams.set(place.query, token);
  return { ...request, url };
}

function withBasic({ username }: VerificationPart, secret: string, request: OutgoingRequest): OutgoingRequest {
  const pair = username === undefined ? secret : `${username}:${secret}`;
  return { ...request, headers: { ...request.headers, authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}

function signByModule(scheme: Extract<Scheme, { kind: 'code' }>, keys: SigningKeys, request: OutgoingRequest, { now, publicUrl }: SignOptions): OutgoingRequest {
  const signer = Object.hasOwn(SIGNERS, scheme.module) ? SIGNERS[scheme.module] : undefined;
  if (!signer) throw new CliError(Exit.FAILED, `send cannot sign for a ${scheme.name} source; use a newer version of cdk-webhooks`);
  return signer(request, {
    scheme, now,
    secret: scheme.key === undefined ? keys.secret : text(keys.secret),
    signedUrl: ({ url }) => publicUrl + url.search,
    authority: () => {
      if (keys.authority) return keys.authority;
      throw new CliError(Exit.FAILED, `only ${scheme.name} itself can sign for this source; start cdk-webhooks dev, whose run takes a key of its own instead`);
    },
  });
}

function signByData(
  { publicKey }: VerificationPart, scheme: SignedScheme, keys: SigningKeys, request: OutgoingRequest, { now, publicUrl }: SignOptions,
): OutgoingRequest {
  const stamped = withTimestamp(scheme.timestamp, withSignedHeaders(scheme, request), now);
  const timestamp = scheme.timestamp && timestampOf(scheme, scheme.timestamp, stamped, now);
  const bytes = signedBytes(scheme, stamped, { timestamp, url: publicUrl + stamped.url.search, secret: keys.secret });
  const signature = signatureOf(scheme, bytes, keys, publicKey);
  return { ...stamped, headers: { ...stamped.headers, [scheme.signature.header]: signatureHeader(scheme, signature, timestamp) } };
}

function signatureOf(scheme: SignedScheme, bytes: Buffer, keys: SigningKeys, publicKey: string | undefined): string {
  if (scheme.kind === 'hmac') return createHmac(scheme.hash, keyBytes(keys.secret, scheme.key)).update(bytes).digest(scheme.encoding);
  if (scheme.kind === 'hash') return createHash(scheme.hash).update(text(keys.secret) && bytes).digest(scheme.encoding);
  return signBytes(scheme.kind === 'ecdsa' ? 'sha256' : null, bytes, privateKey(scheme, keys, publicKey)).toString(scheme.encoding);
}

function privateKey({ name, kind }: PublicKeyScheme, keys: SigningKeys, publicKey = ''): KeyObject {
  const pem = keys.privateKey ?? keys.authority?.privateKeys[publicKey];
  if (pem === undefined) {
    throw new CliError(Exit.USAGE, `a ${name} source has a public key, and only its sender has the private one; start cdk-webhooks dev, whose run takes a`
      + ' key of its own too, or give the private key of a key pair of yours with --private-key');
  }
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === (kind === 'ecdsa' ? 'ec' : kind)) return key;
  } catch {
    // Told below: the library's own message may quote the key.
  }
  throw new CliError(Exit.USAGE, `the private key is not ${kind === 'ecdsa' ? 'an ECDSA key on P-256' : 'an Ed25519 key'} in PEM; write one with openssl genpkey`);
}

function keyBytes(secret: string, format: KeyFormat): Buffer {
  const { expected, pattern, strip, encoding } = KEYS[format];
  const stripped = format === 'nfkd' ? secret.normalize('NFKD') : secret.replace(strip ?? '', '');
  if (stripped.trim() && pattern.test(stripped)) return Buffer.from(stripped, encoding);
  throw new CliError(Exit.FAILED, `the source's secret is ${stripped.trim() ? `not ${expected}` : 'empty'}; put the value that the sender shows into it`);
}

/** Buffer.from would ignore what it does not know. */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const KEYS: { readonly [format in KeyFormat]: { expected: string; pattern: RegExp; strip?: RegExp; encoding: BufferEncoding } } = {
  utf8: { expected: 'text', pattern: /./su, encoding: 'utf8' },
  nfkd: { expected: 'text', pattern: /./su, encoding: 'utf8' },
  base64: { expected: 'base64', pattern: BASE64, encoding: 'base64' },
  hex: { expected: 'hex', pattern: /^([0-9a-f]{2})+$/i, encoding: 'hex' },
  whsec: { expected: 'base64', pattern: BASE64, strip: /^whsec_/, encoding: 'base64' },
  supabase: { expected: 'base64', pattern: BASE64, strip: /^(v1,)?(whsec_)?/, encoding: 'base64' },
};

/** Headers that are signed but that nothing has set yet, such as a nonce. */
function withSignedHeaders(scheme: SignedScheme, request: OutgoingRequest): OutgoingRequest {
  const headers = { ...request.headers };
  const timestamp = scheme.timestamp && 'header' in scheme.timestamp.from ? scheme.timestamp.from.header : undefined;
  for (const [, name] of scheme.signed.matchAll(/\{h:([^}]+)\}/g)) {
    if (name !== timestamp) headers[name as string] ??= randomUUID();
  }
  return { ...request, headers };
}

/** A timestamp in a header or the query is ours to set; one in the body came with it; one in the signature header is set with it. */
function withTimestamp(place: TimestampPlace | undefined, request: OutgoingRequest, now: number): OutgoingRequest {
  if (!place || !('header' in place.from || 'query' in place.from)) return request;
  return withToken(place.from, formatTimestamp(place.unit, now), request);
}

function timestampOf(scheme: Scheme, place: TimestampPlace, request: OutgoingRequest, now: number): string {
  if ('signature' in place.from) return formatTimestamp(place.unit, now);
  const value = readField(scheme, [place.from], request);
  if (value !== undefined) return value;
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

interface SignedValues { readonly timestamp: string | undefined; readonly url: string; readonly secret: string }

/** The bytes that are signed. Bytes, not text: a body may be anything. */
function signedBytes({ signed }: SignedScheme, { headers, body }: OutgoingRequest, { timestamp = '', url, secret }: SignedValues): Buffer {
  const values: { readonly [placeholder: string]: string | Buffer } = {
    '{body}': body, '{ts}': timestamp, '{method}': 'POST', '{url}': url, '{decodedUrl}': decoded(url), '{secret}': secret,
  };
  return Buffer.concat(signed.split(/(\{[^}]+\})/).map((part) => {
    const header = /^\{h:([^}]+)\}$/.exec(part)?.[1];
    const value = header === undefined ? values[part] ?? part : headers[header] ?? '';
    return typeof value === 'string' ? Buffer.from(value) : value;
  }));
}

/** The escapes that HubSpot decodes before it signs. */
function decoded(url: string): string {
  return url.replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, decodeURIComponent);
}

function signatureHeader({ signature: place, timestamp }: SignedScheme, signature: string, timestampText: string | undefined): string {
  if (place.format !== 'keyValue') return `${place.prefix ?? ''}${signature}`;
  const time = timestamp && 'signature' in timestamp.from ? [`${timestamp.from.signature}=${timestampText}`] : [];
  return [...time, `${place.name}=${signature}`].join(place.separator ?? ',');
}

export function locationText(location: FieldLocation): string {
  if ('formJson' in location) return `${location.formJson.path} of the form field ${JSON.stringify(location.formJson.field)}`;
  if ('memberOf' in location) return 'the name of a member';
  if ('all' in location) return location.all.map(locationText).join(' and ');
  const [kind, name] = Object.entries(location)[0] as [string, string];
  return kind === 'json' ? name : `${kind} ${JSON.stringify(name)}`;
}
