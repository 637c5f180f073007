import { createHash, type BinaryToTextEncoding, type KeyObject } from 'node:crypto';
import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { SchemeRequest, SchemeVerdict } from '../../../../lib/contract/scheme-module';

export type Refusal = Extract<SchemeVerdict, { valid: false }>;

/** What a scheme demands of its tokens, whatever a token says about itself. */
export interface JwtRules {
  readonly algorithms: string[];
  readonly issuer?: string | string[];
  readonly audience?: string | string[];
  readonly requiredClaims?: string[];
  /** By how much the clocks may differ for `exp` and `nbf`. */
  readonly leewaySeconds?: number;
  /** How far `iat` may be from now, both ways, edge included. Absent: it is not looked at. */
  readonly issuedWithinSeconds?: number;
}

export type JwtVerdict = { readonly valid: true; readonly claims: JWTPayload } | Refusal;

export function refuse(detail: string, reason: Refusal['reason'] = 'signature'): Refusal {
  return { valid: false, reason, detail };
}

/** Where a header holds its token: alone, or after `Bearer` (RFC 6750; the name is case-insensitive), or either. */
export type TokenForm = 'bare' | 'bearer' | 'either';

/** The token in a header. A header that came twice has a comma, and no token has. */
export function readToken(request: SchemeRequest, header: string, form: TokenForm): string | Refusal {
  const value = request.headers[header];
  if (!value) return refuse(`the header ${header} is missing`);
  const bearer = /^bearer +/i.exec(value);
  if (form === 'bearer' && !bearer) return refuse(`the header ${header} has no bearer token`);
  const token = bearer && form !== 'bare' ? value.slice(bearer[0].length) : value;
  return isCompact(token) ? token : refuse(`the header ${header} does not have exactly one JWT`);
}

/** Verifies under any of the keys: the current secret and the one before it. */
export async function verifyWithSecrets(token: string, keys: KeyObject[], rules: JwtRules, now: number): Promise<JwtVerdict> {
  let verdict: JwtVerdict = refuse('there is no key');
  for (const key of keys) {
    verdict = await verifyJwt(token, key, rules, now);
    if (verdict.valid || verdict.detail !== NO_MATCH) return verdict;
  }
  return verdict;
}

/** Never throws because of a token; rejects with what `key` rejects with, except for what jose says about a key set. */
export async function verifyJwt(token: string, key: KeyObject | JWTVerifyGetKey, rules: JwtRules, now: number): Promise<JwtVerdict> {
  const { algorithms, issuer, audience, requiredClaims, leewaySeconds, issuedWithinSeconds } = rules;
  const options = { algorithms, issuer, audience, requiredClaims, clockTolerance: leewaySeconds, currentDate: new Date(now) };
  try {
    const { payload } = await (typeof key === 'function' ? jwtVerify(token, key, options) : jwtVerify(token, key, options));
    if (issuedWithinSeconds !== undefined && !isRecent(payload.iat, now, issuedWithinSeconds)) {
      return refuse(`its iat is not within ${issuedWithinSeconds} seconds`, 'timestamp');
    }
    return { valid: true, claims: payload };
  } catch (error) {
    return explain(error);
  }
}

const TIMES = ['exp', 'nbf', 'iat'];
const NO_MATCH = 'the signature does not match';

function explain(error: unknown): Refusal {
  if (!(error instanceof errors.JOSEError)) throw error;
  if (error instanceof errors.JWSSignatureVerificationFailed) return refuse(NO_MATCH);
  if (error instanceof errors.JWTExpired) return refuse('the token has expired', 'timestamp');
  if (error instanceof errors.JWTClaimValidationFailed) {
    return refuse(`the claim ${error.claim} is not as required`, TIMES.includes(error.claim) ? 'timestamp' : 'signature');
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return refuse('the token has another algorithm');
  if (error instanceof errors.JWKSNoMatchingKey) return refuse('the key set has no such key');
  return refuse('the token is malformed');
}

/** jose wants a number only where it judges the age itself, and it does not allow the future. */
function isRecent(issuedAt: unknown, now: number, seconds: number): boolean {
  return typeof issuedAt === 'number' && Math.abs(Math.floor(now / 1_000) - issuedAt) <= seconds;
}

/** Three parts of base64url, written in the one canonical way: jose also takes blanks, padding and stray bits at the end of a signature. */
function isCompact(token: string): boolean {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return false;
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}

/** What a claim must say about the body. A plain comparison of it leaks nothing: anybody can read the claim. */
export function digestOf(data: Buffer | string, encoding: BinaryToTextEncoding): string {
  return createHash('sha256').update(data).digest(encoding);
}
