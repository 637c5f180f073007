import type { KeyObject } from 'node:crypto';
import type { CodeVerifier, SchemeContext } from '../../../lib/contract/scheme-module';
import { SecretError } from '../../shared/secret-error';
import { toKey } from '../../shared/key';
import { isTimely, readTimestamp } from '../verify/timestamp';
import { Hmac, onlyHeader } from './shared/hmac';
import { parseJson, textAt } from './shared/json';
import { judgeWith, Refusal } from './shared/judge';
import { readVersions } from './shared/parts';

/** The secret is the primary key alone, or JSON: `{"primary": "…", "secondary": "…"}`, of which one may be left out. */
export interface BoxSettings {
  /** The window both ways, edge included. 600 where absent, as Box documents. */
  readonly toleranceSeconds?: number;
}

/** Each key signs into a header of its own, and has no say in the other. */
const HEADERS = { primary: 'box-signature-primary', secondary: 'box-signature-secondary' } as const;
type Slot = keyof typeof HEADERS;
const SLOTS = Object.keys(HEADERS) as Slot[];

const TIMESTAMP = 'box-delivery-timestamp';
const FIXED = { 'box-signature-version': '1', 'box-signature-algorithm': 'HmacSHA256' };

export function createVerifier({ scheme, settings, secretId = scheme }: SchemeContext): CodeVerifier {
  const { toleranceSeconds = 600 } = settings as BoxSettings;
  const hmac = new Hmac('sha256', 'base64');
  return judgeWith((request, secrets, now) => {
    const versions = readVersions(secrets, (text) => readKeys(text, secretId));
    for (const [name, value] of Object.entries(FIXED)) {
      if (onlyHeader(request, name) !== value) throw new Refusal('signature', `the header ${name} is not ${JSON.stringify(value)}`);
    }
    const given = SLOTS.filter((slot) => request.headers[HEADERS[slot]]);
    if (given.length === 0) throw new Refusal('signature', 'both signature headers are missing');
    const candidates = given.map((slot) => ({ slot, signature: hmac.fromHeader(request, HEADERS[slot]) }));
    const timestamp = onlyHeader(request, TIMESTAMP);
    const seconds = readTimestamp(timestamp, 'iso');
    if (seconds === undefined) throw new Refusal('timestamp', 'it is malformed');

    const signed = [request.body, timestamp];
    const proven = versions.some((keys) => candidates.some(({ slot, signature }) => hmac.proves(keys[slot], signed, [signature])));
    if (!proven) throw new Refusal('signature', 'no version of the keys made that of its header');
    if (isTimely(seconds, now, toleranceSeconds)) return {};
    throw new Refusal('timestamp', `it is ${timestamp}, and ${toleranceSeconds} seconds are allowed both ways`);
  });
}

type Keys = { readonly [slot in Slot]: KeyObject[] };

function readKeys(text: string, secretId: string): Keys {
  if (!text.trimStart().startsWith('{')) return { primary: [toKey(text, 'utf8', secretId)], secondary: [] };
  const json = parseJson(text);
  const keys = { primary: readKey(json, 'primary', secretId), secondary: readKey(json, 'secondary', secretId) };
  if (keys.primary.length + keys.secondary.length > 0) return keys;
  throw new SecretError('unusable', secretId, 'its JSON has neither "primary" nor "secondary"');
}

function readKey(json: unknown, slot: Slot, secretId: string): KeyObject[] {
  const text = textAt(json, slot);
  return text === undefined ? [] : [toKey(text, 'utf8', secretId)];
}
