import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { KeyFormat } from '../../lib/contract/scheme';
import { SecretError } from './secret-error';

/** The versions of one secret: current, previous, and what comes in the life of an environment. */
const MAX_KEYS = 8;

export interface UsableSecret {
  readonly text: string;
  readonly key: KeyObject;
}

/** Makes keys of the versions of one secret, each once. */
export class KeyRing {
  readonly #make: (text: string) => KeyObject;
  readonly #keys = new Map<string, KeyObject>();
  /** What was made of a secret without a version before it, which is what there is nearly always. */
  #lone: UsableSecret[] = [];

  /** A key is made as the format says, or by a function of that kind. */
  constructor(format: KeyFormat | typeof toSigningKey, secretId: string) {
    this.#make = typeof format === 'function' ? (text) => format(text, secretId) : (text) => toKey(text, format, secretId);
  }

  /**
   * The current version comes first and must be a key: throws `SecretError`. A replaced one may have been replaced because it
   * was none, and is left out then.
   */
  keys(secrets: string[]): KeyObject[] {
    return this.usable(secrets).map(({ key }) => key);
  }

  /** The same, with the texts that the keys are made of. */
  usable(secrets: string[]): UsableSecret[] {
    if (secrets.length === 1 && secrets[0] === this.#lone[0]?.text) return this.#lone;
    const [current = '', ...previous] = secrets;
    const usable = [{ text: current, key: this.#key(current) }];
    for (const text of previous) {
      try {
        usable.push({ text, key: this.#key(text) });
      } catch {
        continue;
      }
    }
    if (secrets.length === 1) this.#lone = usable;
    return usable;
  }

  #key(text: string): KeyObject {
    let key = this.#keys.get(text);
    if (key) return key;
    key = this.#make(text);
    if (this.#keys.size >= MAX_KEYS) this.#keys.clear();
    this.#keys.set(text, key);
    return key;
  }
}

/** The shortest key that Standard Webhooks allows. */
const WHSEC_MIN_BYTES = 24;
const WHSEC_PREFIX = 'whsec_';
/** Supabase puts the version of its signatures before the key. */
const SUPABASE_PREFIX = 'v1,';

/**
 * Makes a key of a secret's text. Throws `SecretError` for one that cannot be right: an empty key and one of zero bytes are the same
 * key to HMAC, and anybody can sign with it.
 */
export function toKey(text: string, format: KeyFormat, secretId: string): KeyObject {
  if (text.trim() === '') throw new SecretError('unusable', secretId, 'it is empty');
  const bytes = DECODERS[format](text);
  if (!bytes) throw new SecretError('unusable', secretId, `it is not ${EXPECTED[format]}`);
  if (bytes.every((byte) => byte === 0)) throw new SecretError('unusable', secretId, 'its key has zero bytes only');
  return createSecretKey(bytes);
}

const WHSK_PREFIX = 'whsk_';
const ED25519_BYTES = 32;
/** What comes before the 32 bytes of an Ed25519 private key in PKCS #8: https://www.rfc-editor.org/rfc/rfc8410#section-7 */
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * What Standard Webhooks signs with: a private key for `v1a` where the text begins with `whsk_`, else a secret one for `v1`. The
 * private key stands alone or, as NaCl has it, with its public key behind. Throws `SecretError`.
 */
export function toSigningKey(text: string, secretId: string): KeyObject {
  if (!text.startsWith(WHSK_PREFIX)) return toKey(text, 'whsec', secretId);
  const bytes = decodeBase64(text.slice(WHSK_PREFIX.length));
  if (bytes?.length !== ED25519_BYTES && bytes?.length !== 2 * ED25519_BYTES) {
    throw new SecretError('unusable', secretId, `it is not ${JSON.stringify(WHSK_PREFIX)} and base64 of an Ed25519 private key of 32 or 64 bytes`);
  }
  const [seed, point] = [bytes.subarray(0, ED25519_BYTES), bytes.subarray(ED25519_BYTES)];
  if (seed.every((byte) => byte === 0)) throw new SecretError('unusable', secretId, 'its key has zero bytes only');
  const key = createPrivateKey({ key: Buffer.concat([ED25519_PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const own = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-ED25519_BYTES);
  if (point.length > 0 && !own.equals(point)) throw new SecretError('unusable', secretId, 'its public key is not that of its private key');
  return key;
}

const EXPECTED: { readonly [format in KeyFormat]: string } = {
  utf8: 'text',
  base64: 'base64',
  hex: 'hex',
  whsec: `${JSON.stringify(WHSEC_PREFIX)} and base64 of ${WHSEC_MIN_BYTES} bytes or more`,
  supabase: `${JSON.stringify(SUPABASE_PREFIX + WHSEC_PREFIX)} and base64 of ${WHSEC_MIN_BYTES} bytes or more`,
  nfkd: 'text',
};

const DECODERS: { readonly [format in KeyFormat]: (text: string) => Buffer | undefined } = {
  utf8: (text) => Buffer.from(text, 'utf8'),
  base64: decodeBase64,
  hex: (text) => /^([0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : undefined,
  whsec: decodeWhsec,
  supabase: (text) => decodeWhsec(without(SUPABASE_PREFIX, text)),
  nfkd: (text) => Buffer.from(text.normalize('NFKD'), 'utf8'),
};

function decodeWhsec(text: string): Buffer | undefined {
  const bytes = decodeBase64(without(WHSEC_PREFIX, text));
  return bytes && bytes.length >= WHSEC_MIN_BYTES ? bytes : undefined;
}

function without(prefix: string, text: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

/** Buffer.from ignores what it does not know, so the text is judged first. Padding may be left out. */
function decodeBase64(text: string): Buffer | undefined {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1 ? Buffer.from(text, 'base64') : undefined;
}
