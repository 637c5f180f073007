import type { EgressAnswer } from '../../shared/egress';
import { AuthorizationError } from './authorization';

/** A token of 10 KB is a bill that somebody else runs up. */
const MAX_TOKEN_CHARACTERS = 8_192;

/** A token is not used in its last minute, in which it may expire on the way or by a clock that goes wrong. */
const EXPIRY_MARGIN_SECONDS = 60;

/** The time of a token whose server does not say it. */
const DEFAULT_LIFETIME_SECONDS = 300;

/** A longer life is not believed: the sum must stay a time. */
const MAX_LIFETIME_SECONDS = 86_400;

export interface AccessToken {
  readonly value: string;
  /** Milliseconds since 1970. In the past for one that lives too short to be kept: it serves those who wait for it. */
  readonly usableUntil: number;
}

/** https://www.rfc-editor.org/rfc/rfc6749#section-5.1. Throws `AuthorizationError`. */
export function readToken({ body }: Pick<EgressAnswer, 'body'>, host: string, now: number): AccessToken {
  const { access_token: value, token_type: type, expires_in: lifetime } = parse(body);
  // What RFC 6750 lets a bearer token be, so that it fits a header.
  if (typeof value !== 'string' || value.length > MAX_TOKEN_CHARACTERS || !/^[\x21-\x7E]+$/.test(value)) {
    throw new AuthorizationError('aws', `${host} answered with no access token that can be sent`);
  }
  if (typeof type === 'string' && type.toLowerCase() !== 'bearer') {
    throw new AuthorizationError('aws', `${host} answered with an access token that is not of the type "bearer"`);
  }
  const seconds = /^\d+$/.test(String(lifetime)) ? Math.min(Number(lifetime), MAX_LIFETIME_SECONDS) : DEFAULT_LIFETIME_SECONDS;
  return { value, usableUntil: now + (seconds - EXPIRY_MARGIN_SECONDS) * 1_000 };
}

/** Why there is no token. A refusal passes: whoever runs the endpoint, or the secret, puts it right. */
export function tokenRefusal(answer: Pick<EgressAnswer, 'status' | 'body'> | undefined, host: string): AuthorizationError {
  if (!answer) return new AuthorizationError('aws', `the client secret for ${host} has no version`);
  const { error } = parse(answer.body);
  // Only what looks like one of the codes of RFC 6749: the rest may quote what was sent.
  const code = typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? ` (${error})` : '';
  return new AuthorizationError('aws', `no access token: ${host} answered ${answer.status}${code}`);
}

function parse(body: Uint8Array): { [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
