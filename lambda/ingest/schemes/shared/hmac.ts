import { createHmac, type KeyObject } from 'node:crypto';
import type { HashName } from '../../../../lib/contract/scheme';
import type { SchemeRequest } from '../../../../lib/contract/scheme-module';
import { sameText } from './compare';
import { Refusal } from './judge';

/** More signatures than any sender puts in one place; of a longer list the rest is not looked at. */
export const MAX_CANDIDATES = 16;

type Encoding = 'hex' | 'base64';

const DIGEST_BYTES: { readonly [hash in HashName]: number } = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 };

/** An HMAC as one sender writes it. Neither the hash nor the encoding ever comes from a request. */
export class Hmac {
  readonly #pattern: RegExp;

  constructor(readonly hash: HashName, readonly encoding: Encoding) {
    this.#pattern = canonical(DIGEST_BYTES[hash], encoding);
  }

  /** Only the canonical text is a signature: an encoding that can be written in two ways would let it be changed. */
  isWellFormed(text: string): boolean {
    return this.#pattern.test(text);
  }

  /** The signature in a header of its own. Throws `Refusal` where there is none, or several. */
  fromHeader(request: SchemeRequest, name: string): string {
    const text = onlyHeader(request, name);
    if (!this.isWellFormed(text)) throw new Refusal('signature', `the header ${name} has no signature`);
    return text;
  }

  sign(key: KeyObject, parts: readonly (string | Buffer)[]): string {
    const hmac = createHmac(this.hash, key);
    for (const part of parts) hmac.update(part);
    return hmac.digest(this.encoding);
  }

  /** True if any key made any of the candidates. */
  proves(keys: readonly KeyObject[], parts: readonly (string | Buffer)[], candidates: readonly string[]): boolean {
    return keys.some((key) => {
      const expected = this.sign(key, parts);
      let proven = false;
      for (const candidate of candidates) proven = sameText(expected, candidate) || proven;
      return proven;
    });
  }
}

/**
 * A header that came exactly once. API Gateway joins several by a comma, and whoever put a second one in front of the sender's must
 * not get a say; none of the values read by this has a comma of its own.
 */
export function onlyHeader(request: SchemeRequest, name: string): string {
  const value = request.headers[name];
  if (!value) throw new Refusal('signature', `the header ${name} is missing`);
  if (value.includes(',')) throw new Refusal('signature', `the header ${name} came more than once`);
  return value;
}

function canonical(bytes: number, encoding: Encoding): RegExp {
  if (encoding === 'hex') return new RegExp(`^[0-9a-f]{${bytes * 2}}$`);
  const characters = Math.ceil(bytes * 8 / 6);
  return new RegExp(`^[A-Za-z0-9+/]{${characters}}={${(4 - characters % 4) % 4}}$`);
}
