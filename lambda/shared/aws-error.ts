/**
 * What to make of a failed call. `missing`: the queue, secret or object is not there. `conflict`: something else is being done
 * to it just now. `invalid`: the same call will fail again.
 */
export type AwsFailure = 'throttled' | 'unavailable' | 'denied' | 'missing' | 'conflict' | 'invalid' | 'timeout';

/** A call to an AWS service that did not succeed. The message is the service's own, which never quotes a secret or a body. */
export class AwsCallError extends Error {
  override readonly name = 'AwsCallError';

  constructor(
    /** E.g. `sqs SendMessage`. */
    call: string,
    readonly kind: AwsFailure,
    /** The service's error code, or Node's where no answer came. */
    readonly code: string,
    /** Absent where no answer came. */
    readonly status?: number,
    explanation?: string,
  ) {
    super(`${call} failed: ${kind} (${code})${explanation ? `: ${explanation}` : ''}`);
  }
}

/**
 * The error in a response of the AWS JSON protocols. The code is what follows `#` in `__type`, or what precedes `:` in
 * `x-amzn-errortype`: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html#operation-error-serialization
 * S3 answers in XML: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function readError(call: string, status: number, errorType: string | undefined, body: string): AwsCallError {
  const answer = body.startsWith('<') ? parseXml(body) : parseObject(body);
  const type = typeof answer['__type'] === 'string' ? answer['__type'] : errorType ?? '';
  const code = type.split(':')[0]?.split('#').pop() || `HTTP ${status}`;
  const message = answer['message'] ?? answer['Message'];
  return new AwsCallError(call, classify(code, status), code, status, typeof message === 'string' ? message : undefined);
}

const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded|ProvisionedThroughputExceeded|SlowDown/;
const MISSING = /DoesNotExist|NonExistentQueue|ResourceNotFound|QueueDeletedRecently|KmsNotFound|Parameter(Version)?NotFound|NoSuch(Key|Bucket)/;
const CONFLICT = /ResourceConflict|ResourceInUse/;
/** A disabled key is the owner's doing, as a missing permission is: no retry changes it. */
const DENIED = new RegExp([
  'AccessDenied', 'UnrecognizedClient', 'InvalidClientTokenId', 'ExpiredToken', 'SignatureDoesNotMatch', 'InvalidSecurity',
  'K(ms|MS\\.?)(Disabled|InvalidState|OptIn|InvalidKeyUsage)', 'InvalidKeyId',
].join('|'));

function classify(code: string, status: number): AwsFailure {
  if (status === 429 || THROTTLED.test(code)) return 'throttled';
  // S3 waited for a body that did not come.
  if (status >= 500 || code === 'RequestTimeout') return 'unavailable';
  if (MISSING.test(code)) return 'missing';
  if (status === 409 || CONFLICT.test(code)) return 'conflict';
  if (status === 401 || status === 403 || DENIED.test(code)) return 'denied';
  return 'invalid';
}

function parseXml(text: string): { [name: string]: unknown } {
  const element = (name: string): string | undefined => new RegExp(`<${name}>([^<]*)<`).exec(text)?.[1];
  return { __type: element('Code'), message: element('Message') };
}

function parseObject(text: string): { [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
