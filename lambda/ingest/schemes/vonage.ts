import type { CodeVerifier, SchemeContext } from '../../../lib/contract/scheme-module';
import { KeyRing } from '../../shared/key';
import { digestOf, readToken, refuse, verifyWithSecrets } from './shared/jwt';

/** Vonage documents none; this is the window of most senders. */
const WINDOW_SECONDS = 300;

/**
 * Vonage's signed webhooks: a bearer token with a digest of the body. Vonage's own library leaves the digest to its caller. Webhooks
 * that come as a GET have none, so that nothing covers their query: they are refused.
 * https://developer.vonage.com/en/getting-started/concepts/webhooks
 */
export function createVerifier({ scheme, secretId = scheme }: SchemeContext): CodeVerifier {
  const ring = new KeyRing('utf8', secretId);
  const rules = { algorithms: ['HS256'], requiredClaims: ['payload_hash'], issuedWithinSeconds: WINDOW_SECONDS };
  return {
    async verify(request, secrets, now) {
      const token = readToken(request, 'authorization', 'bearer');
      if (typeof token !== 'string') return token;
      const verdict = await verifyWithSecrets(token, ring.keys(secrets), rules, now);
      if (!verdict.valid) return verdict;
      const { payload_hash: digest, jti } = verdict.claims;
      if (digest !== digestOf(request.body, 'hex')) return refuse('the token is for another body');
      return typeof jti === 'string' ? { valid: true, fields: { jti } } : { valid: true };
    },
  };
}
