import { escape } from 'node:querystring';
import type { CodeVerifier, SchemeContext, SchemeRequest } from '../../../lib/contract/scheme-module';
import { KeyRing } from '../../shared/key';
import { isTimely, readTimestamp } from '../verify/timestamp';
import { Hmac, onlyHeader } from './shared/hmac';
import { judgeWith, Refusal } from './shared/judge';
import { requirePublicUrl, splitQuery, splitUrl } from './shared/url';

/** Request verification: HMAC-SHA256 over method, path, the headers that a header lists, and body. */
export interface ContentfulSettings {
  /** The window both ways, edge included. 30 where absent, as Contentful's library has it. */
  readonly toleranceSeconds?: number;
}

const SIGNATURE = 'x-contentful-signature';
const LIST = 'x-contentful-signed-headers';
const TIMESTAMP = 'x-contentful-timestamp';

/** A webhook may have headers of its own, which are signed too. */
const MAX_SIGNED_HEADERS = 100;

export function createVerifier({ scheme, settings, secretId = scheme }: SchemeContext): CodeVerifier {
  const { toleranceSeconds = 30 } = settings as ContentfulSettings;
  const ring = new KeyRing('utf8', secretId);
  const hmac = new Hmac('sha256', 'hex');
  return judgeWith((request, secrets, now) => {
    const keys = ring.keys(secrets);
    const candidate = hmac.fromHeader(request, SIGNATURE);
    const timestamp = onlyHeader(request, TIMESTAMP);
    const seconds = readTimestamp(timestamp, 'ms');
    if (seconds === undefined) throw new Refusal('timestamp', 'it is malformed');

    const head = [request.method, signedPath(requirePublicUrl(request)), signedHeaders(request), ''].join('\n');
    if (!hmac.proves(keys, [head, request.body], [candidate])) {
      throw new Refusal('signature', 'no version of the secret made it for this path, headers and body');
    }
    if (isTimely(seconds, now, toleranceSeconds)) return {};
    throw new Refusal('timestamp', `it is ${timestamp}, and ${toleranceSeconds} seconds are allowed both ways`);
  });
}

/** The query is escaped whole, and then once more with the path. By way of bytes, because half a surrogate pair cannot be escaped. */
function signedPath(url: string): string {
  const { base, query } = splitQuery(url);
  const path = splitUrl(base)?.rest || '/';
  return encodeURI(query === '' ? path : `${path}?${escape(Buffer.from(query).toString())}`);
}

/** The names are sorted before they are signed, whatever their order in the list. It must have itself and the time, or neither is signed. */
function signedHeaders(request: SchemeRequest): string {
  const names = [...new Set((request.headers[LIST] ?? '').split(',').map((name) => name.trim().toLowerCase()))].sort();
  if (names.length > MAX_SIGNED_HEADERS) throw new Refusal('signature', `the header ${LIST} has more than ${MAX_SIGNED_HEADERS} names`);
  if (!names.includes(LIST) || !names.includes(TIMESTAMP)) {
    throw new Refusal('signature', `the header ${LIST} is missing, or lists not itself and the time`);
  }
  return names.map((name) => {
    const value = name === LIST ? names.join(',') : request.headers[name];
    if (value === undefined) throw new Refusal('signature', 'a signed header is missing');
    return `${name}:${value.trim()}`;
  }).join(';');
}
