import type { KeyObject } from 'node:crypto';
import type { CodeVerifier, SchemeContext } from '../../../lib/contract/scheme-module';
import { toKey } from '../../shared/key';
import { SecretError } from '../../shared/secret-error';
import { digestOf, readToken, refuse, verifyJwt, type JwtVerdict } from './shared/jwt';

const LEEWAY_SECONDS = 10;

interface ApiKey {
  readonly name: string;
  readonly key: KeyObject;
}

/**
 * LiveKit: a JWT by itself in `Authorization`, issued by the API key, with a digest of the body. The secret is `key:secret`.
 * https://docs.livekit.io/home/server/webhooks/
 */
export function createVerifier({ scheme, secretId = scheme }: SchemeContext): CodeVerifier {
  return {
    async verify(request, secrets, now) {
      const token = readToken(request, 'authorization', 'bare');
      if (typeof token !== 'string') return token;
      const verdict = await verifyWithApiKeys(token, readApiKeys(secrets, secretId), now);
      if (!verdict.valid) return verdict;
      return verdict.claims['sha256'] === digestOf(request.body, 'base64') ? { valid: true } : refuse('the token is for another body');
    },
  };
}

/** Each secret is good for the tokens of its own API key only. */
async function verifyWithApiKeys(token: string, apiKeys: ApiKey[], now: number): Promise<JwtVerdict> {
  let first: JwtVerdict | undefined;
  for (const { name, key } of apiKeys) {
    const rules = { algorithms: ['HS256'], issuer: name, requiredClaims: ['exp', 'sha256'], leewaySeconds: LEEWAY_SECONDS };
    const verdict = await verifyJwt(token, key, rules, now);
    if (verdict.valid) return verdict;
    first ??= verdict;
  }
  return first ?? refuse('there is no key');
}

/** The current version must be a key; a replaced one may have been replaced because it was none. */
function readApiKeys([current = '', ...previous]: string[], secretId: string): ApiKey[] {
  return [readApiKey(current, secretId), ...previous.flatMap((text) => {
    try {
      return [readApiKey(text, secretId)];
    } catch {
      return [];
    }
  })];
}

function readApiKey(text: string, secretId: string): ApiKey {
  const colon = text.indexOf(':');
  if (colon < 1) throw new SecretError('unusable', secretId, 'it is not the API key, a colon and the API secret');
  return { name: text.slice(0, colon), key: toKey(text.slice(colon + 1), 'utf8', secretId) };
}
