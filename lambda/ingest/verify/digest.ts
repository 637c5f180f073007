import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { HashName, HashScheme, HmacScheme } from '../../../lib/contract/scheme';
import { KeyRing, type UsableSecret } from '../../shared/key';
import type { SignatureCheck, SignedRequest } from './signed';
import { signedPart } from './signed-bytes';

const DIGEST_BYTES: { readonly [hash in HashName]: number } = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 };

/** Signatures that whoever has the secret makes again: HMAC, and plain hashes with the secret in them. */
export function digestCheck(scheme: HmacScheme | HashScheme, secretId: string): SignatureCheck {
  const ring = new KeyRing(scheme.kind === 'hmac' ? scheme.key : 'utf8', secretId);
  // Written over at every comparison, which nothing interrupts: two allocations fewer for each request.
  const expected = Buffer.alloc(textLength(scheme));
  const given = Buffer.alloc(textLength(scheme));
  return {
    pattern: patternOf(scheme),
    secretOf(signed, secrets) {
      for (const secret of ring.usable(secrets)) {
        expected.write(digest(scheme, signed, secret), 'latin1');
        let proven = false;
        for (const candidate of signed.candidates) {
          // The pattern has made every candidate as long as the expected text, so that it fills the buffer.
          given.write(candidate, 'latin1');
          proven = timingSafeEqual(expected, given) || proven;
        }
        if (proven) return secret.text;
      }
      return undefined;
    },
  };
}

function textLength({ hash, encoding }: HmacScheme | HashScheme): number {
  return Buffer.alloc(DIGEST_BYTES[hash]).toString(encoding).length;
}

function digest(scheme: HmacScheme | HashScheme, { parts, request, timestamp }: SignedRequest, { text, key }: UsableSecret): string {
  const hash = scheme.kind === 'hmac' ? createHmac(scheme.hash, key) : createHash(scheme.hash);
  if (parts.length === 1 && parts[0]?.kind === 'body') return hash.update(request.body).digest(scheme.encoding);
  // Texts that follow one another go in together: each update is a call out of JavaScript, which costs as much as a hundred bytes.
  let waiting = '';
  for (const part of parts) {
    const bytes = signedPart(part, request, timestamp, text);
    if (typeof bytes === 'string') {
      waiting += bytes;
      continue;
    }
    if (waiting !== '') hash.update(waiting);
    hash.update(bytes);
    waiting = '';
  }
  if (waiting !== '') hash.update(waiting);
  return hash.digest(scheme.encoding);
}

function patternOf({ hash, encoding }: HmacScheme | HashScheme): RegExp {
  const bytes = DIGEST_BYTES[hash];
  if (encoding === 'hex') return new RegExp(`^[0-9a-f]{${bytes * 2}}$`);
  const characters = Math.ceil(bytes * 8 / 6);
  if (encoding === 'base64url') return new RegExp(`^[A-Za-z0-9_-]{${characters}}$`);
  return new RegExp(`^[A-Za-z0-9+/]{${characters}}={${(4 - characters % 4) % 4}}$`);
}
