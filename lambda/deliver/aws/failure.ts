import type { SendResult } from '../../../lib/contract/sender';

/** What a call of a service, or one entry of a batch call, came to grief by. */
export interface ServiceError {
  /** The service's error code, or Node's where no answer came. */
  readonly code: string;
  readonly message?: string;
  /** Absent where no answer came, and for an entry of a batch. */
  readonly status?: number;
}

export type Failure = 'throttled' | 'timeout' | 'unreachable' | 'unavailable' | 'denied' | 'missing' | 'content' | 'other';

interface Meaning {
  readonly outcome: SendResult['outcome'];
  readonly words: string;
  /** No retry will help this event. */
  readonly permanent?: true;
  /** Says something about the resource. What is said about the event may quote it, and stays out of logs. */
  readonly quoted?: true;
}

const MEANINGS: { readonly [failure in Failure]: Meaning } = {
  throttled: { outcome: 'throttled', words: 'the request was throttled', quoted: true },
  timeout: { outcome: 'timeout', words: 'there was no answer in time' },
  unreachable: { outcome: 'aws', words: 'there was no answer', quoted: true },
  unavailable: { outcome: 'aws', words: 'the service failed', quoted: true },
  // A deployment may be what takes a permission or a resource away, and the next one may bring it back.
  denied: { outcome: 'aws', words: 'access was denied', quoted: true },
  missing: { outcome: 'aws', words: 'the resource is not there', quoted: true },
  content: { outcome: 'aws', words: 'the service does not take this event', permanent: true },
  other: { outcome: 'aws', words: 'the request was refused' },
};

/**
 * The result of what failed. Its status is that of the answer only where the event itself is at fault: a missing queue is a 400 of
 * SQS, but to the breaker and the retries it is a target that does not work, not one that has thought about this event.
 */
export function failed(call: string, error: ServiceError): SendResult {
  const failure = classify(error);
  const { outcome, words, permanent, quoted } = MEANINGS[failure];
  const explanation = quoted && error.message ? `: ${shorten(error.message)}` : '';
  return {
    outcome,
    status: permanent ? error.status ?? BAD_REQUEST : null,
    detail: `${call}: ${words} (${error.code})${explanation}`,
    ...(permanent && { permanent }),
  };
}

const BAD_REQUEST = 400;

/** For an event that no request was made for. */
export function tooBig(what: string, bytes: number, limit: number): SendResult {
  return { outcome: 'blocked', status: null, permanent: true, detail: `${what} would be ${bytes} bytes, and the limit is ${limit} bytes` };
}

export function timedOut(call: string): SendResult {
  return failed(call, { code: 'AbortError' });
}

const THROTTLED = /Throttl|TooManyRequests|LimitExceeded|QuotaExceeded|ThroughputExceeded|OverLimit|SlowDown|^ServiceUnavailableException$/;
const TIMEOUT = /^(AbortError|TimeoutError|RequestTimeout(Exception)?|ETIMEDOUT)$/;
/** Of Node: https://nodejs.org/api/errors.html#common-system-errors */
const UNREACHABLE = /^(E[A-Z_]+|CERT_[A-Z_]+|[A-Z_]+_(CERT|SIGNATURE|ISSUER)[A-Z_]*)$/;
const DENIED = new RegExp([
  'AccessDenied', 'NotAuthorized', 'AuthorizationError', 'UnrecognizedClient', 'InvalidClientTokenId', 'InvalidAccessKeyId', 'ExpiredToken',
  'SignatureDoesNotMatch', 'InvalidSecurity', 'InvalidAccountId', 'InvalidSignature', 'MissingAuthenticationToken', 'IncompleteSignature', 'K(ms|MS)',
].join('|'));
const MISSING = /DoesNotExist|NonExistent|NotFound|NoSuch|Deleting|DeletedRecently/;
const CONTENT = new RegExp([
  'MalformedDetail', 'InvalidMessageContents', 'InvalidExecutionInput', 'InvalidRequestContent', 'UnsupportedMediaType', 'TooLarge', 'TooLong',
].join('|'));
/** How services say in words what they have no code for: a queue, a topic and a stream may have limits below their service's. */
const INVALID = /^(Invalid|Validation)/;
const IN_WORDS = /too (long|large|big)|(shorter|smaller|less) than|exceed/i;

/** The order matters: a key that is throttled is a case of KMS too, and a function's key that is denied is a 502. */
export function classify({ code, message = '', status = 0 }: ServiceError): Failure {
  if (status === 429 || THROTTLED.test(code)) return 'throttled';
  if (TIMEOUT.test(code)) return 'timeout';
  if (DENIED.test(code)) return 'denied';
  if (status >= 500 || /^Internal|^ServiceException$|^ServiceUnavailable$/.test(code)) return 'unavailable';
  if (status === 0 && UNREACHABLE.test(code)) return 'unreachable';
  if (status === 413 || CONTENT.test(code) || (INVALID.test(code) && IN_WORDS.test(message))) return 'content';
  if (status === 404 || MISSING.test(code)) return 'missing';
  if (status === 401 || status === 403) return 'denied';
  return 'other';
}

/**
 * What a client of the SDK throws. A broken connection is a `TimeoutError` to it, so its code comes first. An answer that it could
 * not read, such as a proxy's page, is told by its status.
 */
export function readError(error: unknown): ServiceError {
  const { name = 'Error', message, code, Code, $metadata } = (error ?? {}) as Partial<Thrown>;
  const status = $metadata?.httpStatusCode;
  const named = [code, Code, name].find((given): given is string => typeof given === 'string' && given !== '' && !UNREAD.test(given));
  if (named === undefined && status !== undefined) return { code: `HTTP ${status}`, status };
  return { code: named ?? name, ...(message && { message }), ...(status !== undefined && { status }) };
}

/** The names that errors have which no service has named. */
const UNREAD = /^((Syntax)?Error|Unknown(Error)?)$/;

/** `code` is Node's, `Code` that of services that answer in XML. */
interface Thrown extends Error {
  readonly code?: unknown;
  readonly Code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** A URL in it loses its query string, as everywhere. */
function shorten(message: string): string {
  return message.replace(/\?\S*/g, '?…').slice(0, 300);
}
