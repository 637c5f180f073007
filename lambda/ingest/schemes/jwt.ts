import { createLocalJWKSet, errors, type FlattenedJWSInput, type JSONWebKeySet, type JWTHeaderParameters, type JWTPayload } from 'jose';
import type { CodeVerifier, SchemeContext } from '../../../lib/contract/scheme-module';
import { readToken, refuse, verifyJwt } from './shared/jwt';
import { KeyCache } from './shared/key-cache';
import { readOneOf, readText, readTexts } from './shared/settings';

export interface JwtSettings {
  /** Where the issuer publishes its keys: an https URL. */
  readonly jwksUrl: string;
  /** What `iss` must be; any of several. */
  readonly issuer: string | string[];
  /** What `aud` must be or hold; any of several. */
  readonly audience: string | string[];
  /** The one algorithm of the issuer's tokens. Absent: RS256. */
  readonly algorithm?: (typeof ALGORITHMS)[number];
  /** Claims that must be there with exactly this value. */
  readonly requiredClaims?: { readonly [claim: string]: string | number | boolean };
  /**
   * Google's service account: `email` must be this, and `email_verified` true. Any customer of Google's can have a token for any
   * audience, so `google-pubsub` must have it.
   */
  readonly email?: string;
  /** The header with the token. Absent: `authorization`, after `Bearer`; in another header `Bearer` may be left out. */
  readonly header?: string;
}

/** With public keys only: a key that everybody can read must never be taken for the secret of an HMAC. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;

/**
 * Tokens of an issuer that publishes its keys (JWKS): Google Cloud Pub/Sub, and anybody's. The token says who sends, and covers
 * nothing of the request.
 * https://www.rfc-editor.org/rfc/rfc8725 · https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions
 */
export function createVerifier(context: SchemeContext): CodeVerifier {
  const url = readText(context, 'jwksUrl');
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') throw new Error(`the setting "jwksUrl" is ${JSON.stringify(url)}, and it must be an https URL`);
  const rules = {
    algorithms: [context.settings['algorithm'] === undefined ? 'RS256' : readOneOf(context, 'algorithm', ALGORITHMS)],
    issuer: readTexts(context, 'issuer'),
    audience: readTexts(context, 'audience'),
    requiredClaims: ['exp'],
    leewaySeconds: 0,
  };
  if (context.scheme === 'google-pubsub') readText(context, 'email');
  const claims = requiredClaims(context);
  const header = context.settings['header'] === undefined ? 'authorization' : readText(context, 'header').toLowerCase();
  const keySets = new KeyCache(async (name) => readKeySet(await context.fetch(name)));

  return {
    async verify(request, _secrets, now) {
      const token = readToken(request, header, header === 'authorization' ? 'bearer' : 'either');
      if (typeof token !== 'string') return token;
      const keyOf = async (protectedHeader: JWTHeaderParameters, jws: FlattenedJWSInput) => {
        try {
          return await (await keySets.get(url, now))(protectedHeader, jws);
        } catch (error) {
          if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
          return (await keySets.renew(url, now))(protectedHeader, jws);
        }
      };
      const verdict = await verifyJwt(token, keyOf, rules, now);
      if (!verdict.valid) return verdict;
      const other = claims.find(([name, value]) => verdict.claims[name] !== value);
      if (other) return refuse(`the claim ${other[0]} is not as required`);
      return { valid: true, fields: textsOf(verdict.claims, ['jti', 'sub', 'email']) };
    },
  };
}

/** An error of jose's would be taken for one in the token, and the sender would be told that it is his. */
function readKeySet(text: string): ReturnType<typeof createLocalJWKSet> {
  try {
    return createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
  } catch {
    throw new Error('what jwksUrl leads to is no JSON Web Key Set');
  }
}

function requiredClaims({ settings }: SchemeContext): [string, unknown][] {
  const { requiredClaims: given, email } = settings as Partial<JwtSettings>;
  return Object.entries({ ...given, ...(email === undefined ? {} : { email, email_verified: true }) });
}

function textsOf(claims: JWTPayload, names: string[]): { [name: string]: string } {
  return Object.fromEntries(names.flatMap((name) => {
    const value = claims[name];
    return typeof value === 'string' ? [[name, value]] : [];
  }));
}
