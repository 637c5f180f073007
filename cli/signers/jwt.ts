import { createHmac, randomUUID, sign as signBytes } from 'node:crypto';
import { CliError, Exit } from '../cli-error';
import { digest, pair, withHeaders } from './hmac';
import type { Signer, SigningContext } from './signer';

type Claims = { readonly [name: string]: unknown };

/** How long a token is good for, as most senders make it, in seconds. */
const LIFE = 300;

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** A compact JWS under a shared secret. */
function hs256(secret: string, claims: Claims, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

function asymmetric(algorithm: 'RS256' | 'ES256', kid: string, key: string, claims: Claims): string {
  const text = `${encode({ alg: algorithm, kid, typ: 'JWT' })}.${encode(claims)}`;
  // A JWS has the two numbers of an ECDSA signature side by side, without ASN.1.
  return `${text}.${signBytes('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

function seconds({ now }: SigningContext): number {
  return Math.floor(now / 1000);
}

export const netlify: Signer = (request, { secret }) =>
  withHeaders(request, { 'x-webhook-signature': hs256(secret, { iss: 'netlify', sha256: digest(request.body, 'hex') }, { alg: 'HS256' }) });

export const vonage: Signer = (request, context) => {
  const jti = randomUUID();
  const claims = { iat: seconds(context), jti, iss: 'Vonage', payload_hash: digest(request.body, 'hex'), api_key: 'abcd1234' };
  return { ...withHeaders(request, { authorization: `Bearer ${hs256(context.secret, claims)}` }), verified: { jti } };
};

export const messagebird: Signer = (request, context) => {
  const jti = randomUUID();
  const claims = {
    iss: 'MessageBird', nbf: seconds(context) - 1, exp: seconds(context) + 60, jti, url_hash: digest(context.signedUrl(request), 'hex'),
    ...request.body.length > 0 && { payload_hash: digest(request.body, 'hex') },
  };
  return { ...withHeaders(request, { 'messagebird-signature-jwt': hs256(context.secret, claims) }), verified: { jti } };
};

export const qstash: Signer = (request, context) => {
  const now = seconds(context);
  const jti = `jwt_${randomUUID()}`;
  const claims = { iss: 'Upstash', sub: context.signedUrl(request), exp: now + LIFE, nbf: now, iat: now, jti, body: digest(request.body, 'base64url') };
  return { ...withHeaders(request, { 'upstash-signature': hs256(context.secret, claims) }), verified: { jti } };
};

export const livekit: Signer = (request, context) => {
  const [issuer, secret] = pair(context.secret);
  const claims = { iss: issuer, nbf: seconds(context), exp: seconds(context) + LIFE, sha256: digest(request.body, 'base64') };
  return withHeaders(request, { authorization: hs256(secret, claims) });
};

export const plaid: Signer = (request, context) => {
  const { keyId, ecPrivateKey } = context.authority();
  const claims = { iat: seconds(context), request_body_sha256: digest(request.body, 'hex') };
  return withHeaders(request, { 'plaid-verification': asymmetric('ES256', keyId, ecPrivateKey, claims) });
};

/** Google Pub/Sub and any other issuer that publishes its keys: the token says who sent it, and nothing about the body. */
export const jwt: Signer = (request, context) => {
  const { keyId, rsaPrivateKey, ecPrivateKey } = context.authority();
  const { issuer, audience, email, requiredClaims, header = 'authorization', algorithm = 'RS256' } = context.scheme.settings ?? {};
  if (algorithm !== 'RS256' && algorithm !== 'ES256') {
    throw new CliError(Exit.FAILED, `send signs tokens with RS256 and ES256 only, and this source wants ${JSON.stringify(algorithm)}`);
  }
  const now = seconds(context);
  const jti = randomUUID();
  const claims = {
    iss: first(issuer), aud: first(audience), sub: '1', iat: now, exp: now + LIFE, jti, ...email !== undefined && { email, email_verified: true },
    ...requiredClaims as Claims | undefined,
  };
  const token = asymmetric(algorithm, keyId, algorithm === 'RS256' ? rsaPrivateKey : ecPrivateKey, claims);
  return { ...withHeaders(request, { [String(header).toLowerCase()]: `Bearer ${token}` }), verified: { jti, sub: '1' } };
};

/** A setting that may be one text or several. */
function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] as unknown : value;
}
