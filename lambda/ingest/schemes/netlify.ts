import type { CodeVerifier, SchemeContext } from '../../../lib/contract/scheme-module';
import { KeyRing } from '../../shared/key';
import { digestOf, readToken, refuse, verifyWithSecrets } from './shared/jwt';

/**
 * Netlify's deploy notifications: a JWS over a digest of the body. It has no time, so nothing keeps a recorded request from being sent again.
 * https://docs.netlify.com/deploy/deploy-notifications/
 */
export function createVerifier({ scheme, secretId = scheme }: SchemeContext): CodeVerifier {
  const ring = new KeyRing('utf8', secretId);
  const rules = { algorithms: ['HS256'], issuer: 'netlify', requiredClaims: ['sha256'] };
  return {
    async verify(request, secrets, now) {
      const token = readToken(request, 'x-webhook-signature', 'bare');
      if (typeof token !== 'string') return token;
      const verdict = await verifyWithSecrets(token, ring.keys(secrets), rules, now);
      if (!verdict.valid) return verdict;
      return verdict.claims['sha256'] === digestOf(request.body, 'hex') ? { valid: true } : refuse('the token is for another body');
    },
  };
}
