import { verify } from 'node:crypto';
import type { PublicKeyScheme } from '../../../lib/contract/scheme';
import { readPublicKey } from '../../shared/public-key';
import { SecretError } from '../../shared/secret-error';
import type { SignatureCheck, SignedRequest } from './signed';
import { signedPart } from './signed-bytes';

/** Signatures that only the sender can make: Ed25519, and ECDSA on P-256 with SHA-256. */
export function publicKeyCheck(scheme: PublicKeyScheme, publicKey: string): SignatureCheck {
  const key = readPublicKey(publicKey, scheme.kind, scheme.publicKey);
  const algorithm = scheme.kind === 'ed25519' ? null : 'sha256';
  return {
    pattern: PATTERNS[scheme.kind][scheme.encoding],
    secretOf(signed) {
      // Not when the function starts: its other sources have nothing to do with it.
      if (!key) throw new SecretError('unusable', `public key of ${scheme.name}`, `it is no ${scheme.kind} key as ${scheme.publicKey}`);
      const data = bytesOf(signed);
      const proven = signed.candidates.some((text) => {
        const signature = Buffer.from(text, scheme.encoding);
        return signature.toString(scheme.encoding) === text && verify(algorithm, data, key, signature);
      });
      return proven ? '' : undefined;
    },
  };
}

/** 64 bytes, or a DER sequence of two numbers of 33 bytes at most. */
const PATTERNS: { readonly [kind in PublicKeyScheme['kind']]: { readonly [encoding in PublicKeyScheme['encoding']]: RegExp } } = {
  ed25519: { hex: /^[0-9a-f]{128}$/, base64: /^[A-Za-z0-9+/]{86}==$/, base64url: /^[A-Za-z0-9_-]{86}$/ },
  ecdsa: { hex: /^[0-9a-f]{16,144}$/, base64: /^[A-Za-z0-9+/]{11,96}={0,2}$/, base64url: /^[A-Za-z0-9_-]{11,96}$/ },
};

function bytesOf({ parts, request, timestamp }: SignedRequest): Buffer {
  if (parts.length === 1 && parts[0]?.kind === 'body') return request.body;
  return Buffer.concat(parts.map((part) => Buffer.from(signedPart(part, request, timestamp, '') as string)));
}
