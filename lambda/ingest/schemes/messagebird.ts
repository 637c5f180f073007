import type { CodeVerifier, SchemeContext } from '../../../lib/contract/scheme-module';
import { KeyRing } from '../../shared/key';
import { digestOf, readToken, refuse, verifyWithSecrets } from './shared/jwt';

const LEEWAY_SECONDS = 5;

/**
 * Bird, once MessageBird: a JWT with digests of the URL and the body. An empty body may go without its digest.
 * https://developers.messagebird.com/api/#verifying-http-requests
 */
export function createVerifier({ scheme, secretId = scheme }: SchemeContext): CodeVerifier {
  const ring = new KeyRing('utf8', secretId);
  const rules = {
    algorithms: ['HS256'], issuer: 'MessageBird', requiredClaims: ['url_hash', 'nbf', 'exp'], leewaySeconds: LEEWAY_SECONDS,
  };
  return {
    async verify(request, secrets, now) {
      if (request.publicUrl === undefined) return refuse('the URL is signed, and the source has no publicUrl');
      const token = readToken(request, 'messagebird-signature-jwt', 'bare');
      if (typeof token !== 'string') return token;
      const verdict = await verifyWithSecrets(token, ring.keys(secrets), rules, now);
      if (!verdict.valid) return verdict;
      const { url_hash: url, payload_hash: digest, jti } = verdict.claims;
      if (url !== digestOf(request.publicUrl, 'hex')) return refuse('the token is for another URL; check publicUrl');
      const mayMissDigest = request.body.length === 0 && digest === undefined;
      if (!mayMissDigest && digest !== digestOf(request.body, 'hex')) return refuse('the token is for another body');
      return typeof jti === 'string' ? { valid: true, fields: { jti } } : { valid: true };
    },
  };
}
