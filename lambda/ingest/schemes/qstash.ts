import type { CodeVerifier, SchemeContext } from '../../../lib/contract/scheme-module';
import { KeyRing } from '../../shared/key';
import { digestOf, readToken, refuse, verifyWithSecrets } from './shared/jwt';

/**
 * Upstash QStash: a JWT whose subject is the URL, with a digest of the body that may be padded. Of an account's two signing keys
 * each is a secret of its own.
 * https://upstash.com/docs/qstash/howto/signature
 */
export function createVerifier({ scheme, secretId = scheme }: SchemeContext): CodeVerifier {
  const ring = new KeyRing('utf8', secretId);
  const rules = { algorithms: ['HS256'], issuer: 'Upstash', requiredClaims: ['sub', 'nbf', 'exp', 'body'], leewaySeconds: 0 };
  return {
    async verify(request, secrets, now) {
      if (request.publicUrl === undefined) return refuse('the URL is signed, and the source has no publicUrl');
      const token = readToken(request, 'upstash-signature', 'bare');
      if (typeof token !== 'string') return token;
      const verdict = await verifyWithSecrets(token, ring.keys(secrets), rules, now);
      if (!verdict.valid) return verdict;
      const { sub, body, jti } = verdict.claims;
      if (sub !== request.publicUrl) return refuse('the token is for another URL; check publicUrl');
      if (typeof body !== 'string' || body.replace(/={1,2}$/, '') !== digestOf(request.body, 'base64url')) return refuse('the token is for another body');
      return typeof jti === 'string' ? { valid: true, fields: { jti } } : { valid: true };
    },
  };
}
