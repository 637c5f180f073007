import { classify, failed, readError, type Failure } from '../../../../lambda/deliver/aws/failure';

test.each<[string, number | undefined, Failure]>([
  ['RequestThrottled', 400, 'throttled'],
  ['KmsThrottled', 400, 'throttled'],
  ['KMSThrottlingException', 400, 'throttled'],
  ['ExecutionLimitExceeded', 400, 'throttled'],
  ['EC2ThrottledException', 502, 'throttled'],
  ['Whatever', 429, 'throttled'],
  ['ServiceUnavailableException', undefined, 'throttled'],
  ['ServiceUnavailable', 503, 'unavailable'],
  ['InternalFailure', undefined, 'unavailable'],
  ['InternalError', 500, 'unavailable'],
  ['ServiceException', 500, 'unavailable'],
  ['AbortError', undefined, 'timeout'],
  ['TimeoutError', undefined, 'timeout'],
  ['RequestTimeout', 400, 'timeout'],
  ['ECONNREFUSED', undefined, 'unreachable'],
  ['ECONNRESET', undefined, 'unreachable'],
  ['ENOTFOUND', undefined, 'unreachable'],
  ['EAI_AGAIN', undefined, 'unreachable'],
  ['CERT_HAS_EXPIRED', undefined, 'unreachable'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', undefined, 'unreachable'],
  ['KMSDisabledException', 502, 'denied'],
  ['KmsNotFound', 400, 'denied'],
  ['NotAuthorizedForSourceException', undefined, 'denied'],
  ['ExpiredTokenException', 403, 'denied'],
  ['AllAccessDisabled', 403, 'denied'],
  ['AWS.SimpleQueueService.NonExistentQueue', 400, 'missing'],
  ['QueueDeletedRecently', 400, 'missing'],
  ['StateMachineDeleting', 400, 'missing'],
  ['NoSuchBucket', 404, 'missing'],
  ['MalformedDetail', undefined, 'content'],
  ['InvalidMessageContents', undefined, 'content'],
  ['SerializedRequestEntityTooLargeException', 413, 'content'],
  ['KeyTooLongError', 400, 'content'],
  ['InvalidParameterValue', 400, 'other'],
  ['ResourceConflictException', 409, 'other'],
  ['NoResult', undefined, 'other'],
  ['Error', undefined, 'other'],
])('%s with %s is %s', (code, status, failure) => {
  expect(classify({ code, ...(status !== undefined && { status }) })).toBe(failure);
});

test.each([
  ['One or more parameters are invalid. Reason: Message must be shorter than 262144 bytes.', 'content'],
  ['Invalid parameter: Message too long', 'content'],
  ['Member must have length less than or equal to 1048576', 'content'],
  ['Value for parameter DelaySeconds is invalid', 'other'],
])('of an InvalidParameterValue that says %j', (message, failure) => {
  expect(classify({ code: 'InvalidParameterValue', message, status: 400 })).toBe(failure);
});

test.each<[unknown, string]>([
  [undefined, 'Error'],
  ['text', 'Error'],
  [new TypeError('x'), 'TypeError'],
  [Object.assign(new Error('x'), { name: 'TimeoutError', code: 'EPIPE' }), 'EPIPE'],
  [Object.assign(new Error('x'), { Code: 'NoSuchBucket' }), 'NoSuchBucket'],
  [Object.assign(new SyntaxError('x'), { $metadata: { httpStatusCode: 502 } }), 'HTTP 502'],
])('of %p the code is %s', (error, code) => {
  expect(readError(error).code).toBe(code);
});

test('what a service says of its resource is for a person to read, but no query string and no novel', () => {
  const { detail } = failed('S3 PutObject', { code: 'AccessDenied', status: 403, message: `see https://x.example/?token=abc ${'x'.repeat(400)}` });
  expect(detail).toMatch(/^S3 PutObject: access was denied \(AccessDenied\): see https:\/\/x\.example\/\?… x+$/);
  expect(detail!.length).toBeLessThan(360);
});
