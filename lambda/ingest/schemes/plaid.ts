import { errors, importJWK, type JWK } from 'jose';
import type { CodeVerifier, SchemeContext } from '../../../lib/contract/scheme-module';
import { SecretError } from '../../shared/secret-error';
import { digestOf, readToken, refuse, verifyJwt } from './shared/jwt';
import { KeyCache } from './shared/key-cache';
import { readOneOf, readText } from './shared/settings';

export interface PlaidSettings {
  readonly clientId: string;
  /** Which of Plaid's environments sends, and whose secret is configured. */
  readonly environment: (typeof ENVIRONMENTS)[number];
}

const ENVIRONMENTS = ['production', 'sandbox'] as const;
const WINDOW_SECONDS = 300;

type ImportedKey = Awaited<ReturnType<typeof importJWK>>;

interface PlaidKey {
  readonly key: ImportedKey;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Plaid: a JWT with a digest of the body, under a key that Plaid gives to whoever has the API secret. So the source's secret verifies
 * nothing by itself. Plaid answers an unknown key as it answers a wrong secret, with 400: both make the sender come again.
 * https://plaid.com/docs/api/webhooks/webhook-verification/
 */
export function createVerifier(context: SchemeContext): CodeVerifier {
  const { scheme, secretId = scheme, fetch } = context;
  const url = `https://${readOneOf(context, 'environment', ENVIRONMENTS)}.plaid.com/webhook_verification_key/get`;
  const clientId = readText(context, 'clientId');
  const rules = { algorithms: ['ES256'], requiredClaims: ['request_body_sha256'], issuedWithinSeconds: WINDOW_SECONDS };
  /** Of the request that came last: any version that Plaid takes can fetch every key. */
  let secret = '';
  const keys = new KeyCache(async (keyId) => readKey(await fetch(url, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_id: clientId, secret, key_id: keyId }),
  }), keyId));

  return {
    async verify(request, [current = ''], now) {
      if (current.trim() === '') throw new SecretError('unusable', secretId, 'it is empty');
      const token = readToken(request, 'plaid-verification', 'bare');
      if (typeof token !== 'string') return token;
      secret = current;
      const verdict = await verifyJwt(token, async ({ kid }) => {
        const known = isKeyId(kid) ? await keys.get(kid, now) : undefined;
        if (!known || known.expiresAt <= now) throw new errors.JWKSNoMatchingKey();
        return known.key;
      }, rules, now);
      if (!verdict.valid) return verdict;
      return verdict.claims['request_body_sha256'] === digestOf(request.body, 'hex') ? { valid: true } : refuse('the token is for another body');
    },
  };
}

function isKeyId(kid: unknown): kid is string {
  return typeof kid === 'string' && /^[\w-]{1,64}$/.test(kid);
}

async function readKey(answer: string, keyId: string): Promise<PlaidKey> {
  const { key } = JSON.parse(answer) as { key?: JWK & { expired_at?: number | null } };
  if (key?.kid !== keyId || key.kty !== 'EC' || key.crv !== 'P-256') throw new Error('Plaid did not answer with the key that was asked for');
  const { kty, crv, x, y, expired_at: expiredAt } = key;
  return { key: await importJWK({ kty, crv, x, y }, 'ES256'), expiresAt: typeof expiredAt === 'number' ? expiredAt * 1_000 : Infinity };
}
