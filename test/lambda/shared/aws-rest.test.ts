import { GetEventSourceMappingCommand, InvokeCommand, LambdaClient, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { endpointOf, type RestRequest, type RestService } from '../../../lambda/shared/aws';
import { failure, ONCE, service } from '../support/aws-service';
import type { Received } from '../support/server';

const GET: RestRequest = { method: 'GET', path: '/bucket/payloads/evt_a/0f' };

describe('a request', () => {
  /** What the SDK adds to say who it is, what counts its tries, what it hopes for, and what depends on the second and on these. */
  const OWN = /^(user-agent|x-amz-user-agent|amz-sdk-.*|x-amz-checksum-mode|x-amz-date|authorization)$/;
  const essence = ({ method, url, headers, body }: Received) => ({
    method, url: url.replace(/\?x-id=\w+$/, ''), body: body.toString(),
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN.test(name))),
  });
  const octets = { 'content-type': 'application/octet-stream' };
  const mapping = '/2015-03-31/event-source-mappings/0a1b-2c';
  const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:deliver';

  test.each<[string, RestService, RestRequest, (options: ConstructorParameters<typeof LambdaClient>[0] & object) => Promise<unknown>]>([
    ['PutObject', 's3', { method: 'PUT', path: '/bucket/payloads/evt_a/0f', headers: octets, body: Buffer.from([0, 255, 10]) },
      (options) => new S3Client({ ...options, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' } as never)
        .send(new PutObjectCommand({ Bucket: 'bucket', Key: 'payloads/evt_a/0f', Body: Buffer.from([0, 255, 10]) }))],
    ['PutObject of a key with signs', 's3', { method: 'PUT', path: '/bucket/a%20b/%2B%C3%A9', headers: octets, body: Buffer.from('x') },
      (options) => new S3Client({ ...options, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' } as never)
        .send(new PutObjectCommand({ Bucket: 'bucket', Key: 'a b/+é', Body: 'x', ContentType: octets['content-type'] }))],
    ['GetObject', 's3', { method: 'GET', path: '/bucket/payloads/evt_a/0f' },
      (options) => new S3Client({ ...options, forcePathStyle: true } as never).send(new GetObjectCommand({ Bucket: 'bucket', Key: 'payloads/evt_a/0f' }))],
    ['GetEventSourceMapping', 'lambda', { method: 'GET', path: mapping },
      (options) => new LambdaClient(options).send(new GetEventSourceMappingCommand({ UUID: '0a1b-2c' }))],
    ['UpdateEventSourceMapping', 'lambda',
      { method: 'PUT', path: mapping, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"Enabled":false}') },
      (options) => new LambdaClient(options).send(new UpdateEventSourceMappingCommand({ UUID: '0a1b-2c', Enabled: false }))],
    ['Invoke', 'lambda',
      { method: 'POST', path: `/2015-03-31/functions/${encodeURIComponent(arn)}/invocations`, headers: octets, body: Buffer.from('{"Records":[]}') },
      (options) => new LambdaClient(options).send(new InvokeCommand({ FunctionName: arn, Payload: '{"Records":[]}' }))],
  ])('%s is what the SDK sends', async (_action, name, request, peer) => {
    const { client, origin, received } = await service();
    await client.rest(name, request, ONCE);
    await peer({ endpoint: origin, region: 'eu-west-1', credentials: { accessKeyId: 'AKID', secretAccessKey: 'SECRET', sessionToken: 'TOKEN' } });
    expect(received).toHaveLength(2);
    expect(essence(received[0]!)).toEqual(essence(received[1]!));
    expect(received[0]!.headers.authorization).toContain(`/eu-west-1/${name}/aws4_request`);
  });

  test.each([
    ['s3', { AWS_REGION: 'eu-west-1' }, 'https://s3.eu-west-1.amazonaws.com/b/k'],
    ['lambda', { AWS_REGION: 'cn-north-1' }, 'https://lambda.cn-north-1.amazonaws.com.cn/b/k'],
    ['cloudwatch', { AWS_REGION: 'eu-west-1' }, 'https://monitoring.eu-west-1.amazonaws.com/b/k'],
    ['s3', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 'http://127.0.0.1:9/b/k'],
    ['s3', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:8' }, 'http://127.0.0.1:8/b/k'],
    ['lambda', { AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:7' }, 'http://127.0.0.1:7/b/k'],
    ['cloudwatch', { AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_CLOUDWATCH: 'http://127.0.0.1:6' }, 'http://127.0.0.1:6/b/k'],
  ] as const)('of %s with %j goes to %s', (name, environment, href) => {
    expect(endpointOf(name, environment, '/b/k').href).toBe(href);
  });

  test('stays with its host, whatever its path says', () => {
    expect(endpointOf('s3', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, '//evil.example/k').host).toBe('127.0.0.1:9');
  });
});

describe('an answer', () => {
  test('is the bytes, the status and the headers', async () => {
    const bytes = Buffer.alloc(4_718_592, 255);
    const { client } = await service((_request, response) => response.writeHead(206, { 'x-amz-function-error': 'Unhandled' }).end(bytes));
    const answer = await client.rest('s3', GET, ONCE);
    expect(answer).toMatchObject({ status: 206, headers: { 'x-amz-function-error': 'Unhandled' } });
    expect(answer.body.equals(bytes)).toBe(true);
  });

  const xml = (code: string) => `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>what happened</Message><Key>k</Key></Error>`;

  test.each([
    [404, xml('NoSuchKey'), {}, 'missing', 'NoSuchKey'],
    [404, xml('NoSuchBucket'), {}, 'missing', 'NoSuchBucket'],
    [403, xml('AccessDenied'), {}, 'denied', 'AccessDenied'],
    [400, xml('KMS.DisabledException'), {}, 'denied', 'KMS.DisabledException'],
    [400, xml('ExpiredToken'), {}, 'denied', 'ExpiredToken'],
    [400, xml('RequestTimeout'), {}, 'unavailable', 'RequestTimeout'],
    [503, xml('SlowDown'), {}, 'throttled', 'SlowDown'],
    [500, xml('InternalError'), {}, 'unavailable', 'InternalError'],
    [409, xml('OperationAborted'), {}, 'conflict', 'OperationAborted'],
    [400, xml('EntityTooLarge'), {}, 'invalid', 'EntityTooLarge'],
    [301, xml('PermanentRedirect'), {}, 'invalid', 'PermanentRedirect'],
    [409, '{"Type":"User","message":"what happened"}', { 'x-amzn-errortype': 'ResourceConflictException' }, 'conflict', 'ResourceConflictException'],
    [400, '{"message":"what happened"}', { 'x-amzn-errortype': 'ResourceInUseException' }, 'conflict', 'ResourceInUseException'],
    [404, '{"Message":"what happened"}', { 'x-amzn-errortype': 'ResourceNotFoundException' }, 'missing', 'ResourceNotFoundException'],
    [429, '{"message":"what happened"}', { 'x-amzn-errortype': 'TooManyRequestsException' }, 'throttled', 'TooManyRequestsException'],
    [502, '{"Message":"what happened"}', { 'x-amzn-errortype': 'KMSDisabledException' }, 'unavailable', 'KMSDisabledException'],
  ])('%d %s %j is %s: %s', async (status, body, headers, kind, code) => {
    const { client } = await service((_request, response) => response.writeHead(status, headers).end(body));
    const error = await failure(client.rest('s3', GET, ONCE));
    expect(error).toMatchObject({ kind, code, status });
    expect(error.message).toBe(`s3 GET /bucket/payloads/evt_a/0f failed: ${kind} (${code}): what happened`);
  });

  test('that breaks off is unavailable, and never half of an object', async () => {
    const { client } = await service((_request, response, socket) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => socket.destroy());
    });
    expect(await failure(client.rest('s3', GET, ONCE))).toMatchObject({ kind: 'unavailable', code: 'IncompleteResponse' });
  });

  test('that fails for now is asked for again, with the same bytes', async () => {
    const { client, received } = await service((_request, response) => response.writeHead(received.length === 1 ? 503 : 200).end());
    await client.rest('s3', { ...GET, method: 'PUT', body: Buffer.from('x') }, { timeoutMs: 1_000, tries: 2 });
    expect(received.map(({ body }) => body.toString())).toEqual(['x', 'x']);
  });
});
