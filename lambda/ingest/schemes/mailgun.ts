import type { CodeVerifier, SchemeContext, SchemeRequest } from '../../../lib/contract/scheme-module';
import { KeyRing } from '../../shared/key';
import { isTimely, readTimestamp } from '../verify/timestamp';
import { onlyField, readFields } from './shared/form';
import { Hmac } from './shared/hmac';
import { at } from './shared/json';
import { judgeWith, Refusal } from './shared/judge';

/**
 * Only a time and a token are signed, never the event: who has seen one request can attach any event to its signature while the window
 * is open. Field of an event: `token`, which is new for every request.
 */
export interface MailgunSettings {
  /** The window both ways, edge included. 300 where absent; Mailgun names none. */
  readonly toleranceSeconds?: number;
}

interface Signature {
  readonly timestamp: string;
  readonly token: string;
  readonly signature: string;
}

export function createVerifier({ scheme, settings, secretId = scheme }: SchemeContext): CodeVerifier {
  const { toleranceSeconds = 300 } = settings as MailgunSettings;
  const ring = new KeyRing('utf8', secretId);
  const hmac = new Hmac('sha256', 'hex');
  return judgeWith((request, secrets, now) => {
    const keys = ring.keys(secrets);
    const proven = readSignatures(request).find(({ timestamp, token, signature }) =>
      hmac.isWellFormed(signature) && hmac.proves(keys, [timestamp, token], [signature]));
    if (!proven) throw new Refusal('signature', 'no version of the signing key made it');
    if (isTimely(Number(proven.timestamp), now, toleranceSeconds)) return { fields: { token: proven.token } };
    throw new Refusal('timestamp', `it is ${proven.timestamp}, and ${toleranceSeconds} seconds are allowed both ways`);
  });
}

/** Events are JSON; inbound mails and events of old are forms. A subaccount's events are signed by the primary account's key too. */
function readSignatures(request: SchemeRequest): Signature[] {
  if (at(request.json, 'signature') !== undefined) {
    return [at(request.json, 'signature'), at(request.json, 'parent-signature')].flatMap(readSignature);
  }
  const pairs = readFields(request);
  return readSignature(Object.fromEntries(['timestamp', 'token', 'signature'].map((name) => [name, onlyField(pairs, name)])));
}

/** The two signed texts stand side by side: that the first is a number and the second does not start with one is what tells them apart. */
function readSignature(given: unknown): Signature[] {
  const [timestamp, token, signature] = [at(given, 'timestamp'), at(given, 'token'), at(given, 'signature')];
  const time = typeof timestamp === 'number' ? String(timestamp) : timestamp;
  if (typeof time !== 'string' || typeof token !== 'string' || typeof signature !== 'string') return [];
  return readTimestamp(time, 's') === undefined || token === '' ? [] : [{ timestamp: time, token, signature }];
}
