import { createPublicKey, type KeyObject } from 'node:crypto';
import type { PublicKeyScheme } from '../../lib/contract/scheme';

/** What comes before the 32 bytes of an Ed25519 key in SPKI: https://www.rfc-editor.org/rfc/rfc8410#section-4 */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const ED25519_BYTES = 32;

const WHPK_PREFIX = 'whpk_';

/** The public key in a text, or undefined where the text is none of that kind and format. Never throws. */
export function readPublicKey(text: string, kind: PublicKeyScheme['kind'], format: PublicKeyScheme['publicKey']): KeyObject | undefined {
  try {
    const key = format === 'spki' ? fromSpki(text.trim()) : fromRaw(decode(text.trim(), format));
    if (kind === 'ed25519') return key?.asymmetricKeyType === 'ed25519' ? key : undefined;
    return key?.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}

function fromSpki(text: string): KeyObject {
  return text.startsWith('-----') ? createPublicKey(text) : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
}

/** A point of zeros is one that anybody can sign for. */
function fromRaw(bytes: Buffer): KeyObject | undefined {
  if (bytes.length !== ED25519_BYTES || bytes.every((byte) => byte === 0)) return undefined;
  return createPublicKey({ key: Buffer.concat([ED25519_SPKI, bytes]), format: 'der', type: 'spki' });
}

function decode(text: string, format: 'hex' | 'base64' | 'whpk'): Buffer {
  if (format === 'whpk') return Buffer.from(text.startsWith(WHPK_PREFIX) ? text.slice(WHPK_PREFIX.length) : text, 'base64');
  return Buffer.from(text, format);
}
