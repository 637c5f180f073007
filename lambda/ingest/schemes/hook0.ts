import type { CodeVerifier, SchemeContext, SchemeRequest } from '../../../lib/contract/scheme-module';
import { KeyRing } from '../../shared/key';
import { isTimely, readTimestamp } from '../verify/timestamp';
import { Hmac } from './shared/hmac';
import { judgeWith, Refusal } from './shared/judge';

/** Hook0, and who sends with it, such as Coinbase Developer Platform: `X-Hook0-Signature: t=…,h=…,v1=…`, with `v0` beside `v1` or alone. */
export interface Hook0Settings {
  /** The window both ways, edge included. 300 where absent; Hook0 names none. */
  readonly toleranceSeconds?: number;
  /**
   * Takes `v0`, which signs no headers, where there is no `v1`. Absent: refused, because whoever cuts `v1` off a request could then
   * change its headers.
   */
  readonly acceptV0?: boolean;
}

const HEADER = 'x-hook0-signature';

/** Far more than any sender signs. */
const MAX_SIGNED_HEADERS = 64;

export function createVerifier({ scheme, settings, secretId = scheme }: SchemeContext): CodeVerifier {
  const { toleranceSeconds = 300, acceptV0 = false } = settings as Hook0Settings;
  const ring = new KeyRing('utf8', secretId);
  const hmac = new Hmac('sha256', 'hex');
  return judgeWith((request, secrets, now) => {
    const keys = ring.keys(secrets);
    const { t = '', h, v0, v1 } = readParts(request.headers[HEADER]);
    const seconds = readTimestamp(t, 's');
    if (seconds === undefined) throw new Refusal('timestamp', 'it is missing or malformed');
    const candidate = v1 ?? (acceptV0 ? v0 : undefined);
    if (candidate === undefined || !hmac.isWellFormed(candidate)) {
      throw new Refusal('signature', `the header ${HEADER} has no signature of a version that counts`);
    }

    const signed = v1 === undefined ? `${t}.` : `${t}.${h ?? ''}.${signedHeaders(request, h ?? '')}.`;
    if (!hmac.proves(keys, [signed, request.body], [candidate])) throw new Refusal('signature', 'no version of the secret made it');
    if (isTimely(seconds, now, toleranceSeconds)) return {};
    throw new Refusal('timestamp', `it is ${t}, and ${toleranceSeconds} seconds are allowed both ways`);
  });
}

type Parts = { readonly [name in 't' | 'h' | 'v0' | 'v1']?: string };

/** Each part at most once: the parts of a second header would follow those of the first after a comma. */
function readParts(value: string | undefined): Parts {
  if (!value) throw new Refusal('signature', `the header ${HEADER} is missing`);
  const parts: { [name: string]: string } = Object.create(null);
  for (const item of value.split(',')) {
    const equals = item.indexOf('=');
    const name = item.slice(0, Math.max(equals, 0)).trim();
    if (name in parts) throw new Refusal('signature', `the header ${HEADER} has a part twice`);
    parts[name] = item.slice(equals + 1).trim();
  }
  return parts;
}

/** Values in the order of the list. One that is not there was not signed as empty, but taken away. */
function signedHeaders(request: SchemeRequest, list: string): string {
  const names = list === '' ? [] : list.split(' ');
  if (names.length > MAX_SIGNED_HEADERS) throw new Refusal('signature', `more than ${MAX_SIGNED_HEADERS} headers are signed`);
  return names.map((name) => {
    const value = request.headers[name.toLowerCase()];
    if (value === undefined) throw new Refusal('signature', 'a signed header is missing');
    return value;
  }).join('.');
}
