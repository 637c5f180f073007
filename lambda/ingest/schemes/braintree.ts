import { createHash, createSecretKey } from 'node:crypto';
import type { CodeVerifier, SchemeContext } from '../../../lib/contract/scheme-module';
import { onlyField, readPairs } from './shared/form';
import { Hmac, MAX_CANDIDATES } from './shared/hmac';
import { judgeWith, Refusal, type Fields } from './shared/judge';
import { readIdAndKey, readVersions } from './shared/parts';

/**
 * The secret is `publicKey:privateKey`. Fields of an event: `type`, the notification's kind; `timestamp`, as sent; `id`, the hash of the
 * notification, which has no id of its own.
 */
export type BraintreeSettings = { readonly [name: string]: never };

export function createVerifier({ scheme, secretId = scheme }: SchemeContext): CodeVerifier {
  const hmac = new Hmac('sha1', 'hex');
  return judgeWith((request, secrets) => {
    const versions = readVersions(secrets, (text) => readIdAndKey(text, secretId));
    const pairs = readPairs(request);
    const payload = onlyField(pairs, 'bt_payload') ?? '';
    const signatures = readSignatures(onlyField(pairs, 'bt_signature') ?? '');
    if (!/^[A-Za-z0-9+/=\n]+$/.test(payload)) throw new Refusal('signature', 'the field bt_payload is not base64');

    const proven = versions.some(({ id, key }) => {
      const candidates = signatures.filter(({ publicKey, signature }) => publicKey === id && hmac.isWellFormed(signature));
      if (candidates.length === 0) return false;
      const hashed = createSecretKey(createHash('sha1').update(key.export()).digest());
      // The last line break is signed, and some servers on the way cut it off.
      return ['', '\n'].some((end) => hmac.proves([hashed], [payload, end], candidates.map(({ signature }) => signature)));
    });
    if (!proven) throw new Refusal('signature', 'no version of the private key made it under its public key');
    return { fields: describe(Buffer.from(payload, 'base64')) };
  });
}

/** `publicKey|signature` pairs, one for every key of the merchant. */
function readSignatures(text: string): { readonly publicKey: string; readonly signature: string }[] {
  return text.split('&', MAX_CANDIDATES).flatMap((pair) => {
    const [publicKey, signature, more] = pair.split('|', 3);
    return publicKey && signature && more === undefined ? [{ publicKey, signature }] : [];
  });
}

function describe(notification: Buffer): Fields {
  const xml = notification.toString('utf8');
  const [type, timestamp] = [element(xml, 'kind'), element(xml, 'timestamp')];
  return {
    id: createHash('sha256').update(notification).digest('hex'),
    ...(type === undefined ? {} : { type }),
    ...(timestamp === undefined ? {} : { timestamp }),
  };
}

/** Both come before the subject, whose elements may have the same names, and neither has anything that XML escapes. */
function element(xml: string, name: string): string | undefined {
  const subject = xml.indexOf('<subject');
  return new RegExp(`<${name}(?: [^<>]*)?>([\\w:.+-]{1,100})</${name}>`).exec(subject === -1 ? xml : xml.slice(0, subject))?.[1];
}
