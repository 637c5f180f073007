import type { Socket } from 'node:net';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ChangeMessageVisibilityCommand, ListQueueTagsCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AwsClient, endpointOf } from '../../../lambda/shared/aws';
import { CREDENTIALS, failure, ONCE, service } from '../support/aws-service';
import { httpServer, type Answer, type Received } from '../support/server';

describe('a request', () => {
  /** What the SDK adds to say who it is, what counts its tries, and what depends on the second and on these. */
  const OWN = /^(user-agent|x-amz-user-agent|amz-sdk-.*|x-amz-date|authorization)$/;
  const essence = ({ method, url, headers, body }: Received) => ({
    method, url, body: body.toString(), headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN.test(name))),
  });

  const COMMANDS: { readonly [action: string]: new (input: never) => unknown } = {
    SendMessage: SendMessageCommand, ChangeMessageVisibility: ChangeMessageVisibilityCommand, ListQueueTags: ListQueueTagsCommand,
    GetSecretValue: GetSecretValueCommand, GetParameter: GetParameterCommand, GetMetricData: GetMetricDataCommand,
  };
  const metric = { Id: 'm0', MetricStat: { Metric: { Namespace: 'CdkWebhooks', MetricName: 'Unavailable' }, Period: 60, Stat: 'Sum' } };

  test.each([
    ['sqs', 'SendMessage', { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/q', MessageBody: '{"body":"ü\\u0000 \\"quoted\\"\u2028💥"}' }],
    ['sqs', 'SendMessage', { QueueUrl: 'q', MessageBody: 'x', MessageAttributes: { Reason: { DataType: 'String', StringValue: 'gone' } } }],
    ['sqs', 'SendMessage', { QueueUrl: 'q.fifo', MessageBody: 'x', MessageDeduplicationId: 'evt_a', MessageGroupId: 'g' }],
    ['sqs', 'ChangeMessageVisibility', { QueueUrl: 'q', ReceiptHandle: 'r+/=', VisibilityTimeout: 43_140 }],
    ['sqs', 'ListQueueTags', { QueueUrl: 'q' }],
    ['secretsmanager', 'GetSecretValue', { SecretId: 'webhooks/github', VersionStage: 'AWSPREVIOUS' }],
    ['ssm', 'GetParameter', { Name: '/webhooks/github:3', WithDecryption: true }],
    ['cloudwatch', 'GetMetricData', { MetricDataQueries: [metric], StartTime: 1_767_323_000, EndTime: 1_767_323_060 }],
  ] as const)('%s %s is what the SDK sends', async (name, action, input) => {
    const { client, origin, received } = await service();
    await client.call(name, action, input, ONCE);

    const options = { endpoint: origin, region: 'eu-west-1', credentials: { accessKeyId: 'AKID', secretAccessKey: 'SECRET', sessionToken: 'TOKEN' } };
    const peers: { readonly [name: string]: () => { send(command: never): Promise<unknown> } } = {
      sqs: () => new SQSClient({ ...options, useQueueUrlAsEndpoint: false, md5: false }),
      secretsmanager: () => new SecretsManagerClient(options),
      ssm: () => new SSMClient(options),
      cloudwatch: () => new CloudWatchClient(options),
    };
    const times = 'StartTime' in input ? { StartTime: new Date(input.StartTime * 1_000), EndTime: new Date(input.EndTime * 1_000) } : {};
    await peers[name]!().send(new COMMANDS[action]!({ ...input, ...times } as never) as never);
    expect(received).toHaveLength(2);
    expect(essence(received[0]!)).toEqual(essence(received[1]!));
    const scope = /\/eu-west-1\/\w+\/aws4_request/;
    expect(scope.exec(received[0]!.headers.authorization!)![0]).toBe(scope.exec(received[1]!.headers.authorization!)![0]);
  });

  test('is signed by the credentials of the moment', async () => {
    const { origin, received } = await service();
    const environment: { [name: string]: string | undefined } = { ...CREDENTIALS, AWS_ENDPOINT_URL: origin };
    const client = new AwsClient(environment);
    await client.call('sqs', 'ListQueues', {}, ONCE);
    environment['AWS_ACCESS_KEY_ID'] = 'NEXT';
    environment['AWS_SESSION_TOKEN'] = undefined;
    await client.call('sqs', 'ListQueues', {}, ONCE);
    expect(received[1]!.headers.authorization).toContain('Credential=NEXT/');
    expect(received[1]!.headers).not.toHaveProperty('x-amz-security-token');
  });

  test.each(['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])('needs %s', async (name) => {
    const client = new AwsClient({ ...CREDENTIALS, AWS_ENDPOINT_URL: 'http://127.0.0.1:1', [name]: '' });
    await expect(client.call('sqs', 'ListQueues', {}, ONCE)).rejects.toThrow(`the environment variable ${name} is not set`);
  });

  test.each([
    [{ AWS_REGION: 'eu-west-1' }, 'https://sqs.eu-west-1.amazonaws.com/', 'https://secretsmanager.eu-west-1.amazonaws.com/'],
    [{ AWS_REGION: 'cn-north-1' }, 'https://sqs.cn-north-1.amazonaws.com.cn/', 'https://secretsmanager.cn-north-1.amazonaws.com.cn/'],
    [{ AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 'http://127.0.0.1:9/', 'http://127.0.0.1:9/'],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:8' }, 'http://127.0.0.1:8/', 'http://127.0.0.1:9/'],
    [{ AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:7' }, 'https://sqs.eu-west-1.amazonaws.com/', 'http://127.0.0.1:7/'],
  ])('with %j goes to %s and %s', (environment, sqs, secretsManager) => {
    expect(endpointOf('sqs', environment).href).toBe(sqs);
    expect(endpointOf('secretsmanager', environment).href).toBe(secretsManager);
  });

  test.each([
    [{ AWS_REGION: 'eu-west-1' }, 'https://ssm.eu-west-1.amazonaws.com/'],
    [{ AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 'http://127.0.0.1:9/'],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:6' }, 'http://127.0.0.1:6/'],
  ])('for a parameter, with %j goes to %s', (environment, ssm) => {
    expect(endpointOf('ssm', environment).href).toBe(ssm);
  });
});

describe('an answer', () => {
  test('is the output', async () => {
    const { client } = await service((_request, response) => response.end('{"MessageId":"m"}'));
    expect(await client.call('sqs', 'SendMessage', {}, ONCE)).toEqual({ MessageId: 'm' });
  });

  test('may be empty', async () => {
    const { client } = await service((_request, response) => response.end());
    expect(await client.call('sqs', 'DeleteMessage', {}, ONCE)).toEqual({});
  });

  test.each([
    [400, '{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"no such queue"}', {}, 'missing', 'QueueDoesNotExist'],
    [400, '{"__type":"AWS.SimpleQueueService.NonExistentQueue"}', {}, 'missing', 'AWS.SimpleQueueService.NonExistentQueue'],
    [400, '{"__type":"ResourceNotFoundException","Message":"gone"}', {}, 'missing', 'ResourceNotFoundException'],
    [400, '{"__type":"ParameterNotFound"}', {}, 'missing', 'ParameterNotFound'],
    [400, '{"__type":"ParameterVersionNotFound","message":"no version 3"}', {}, 'missing', 'ParameterVersionNotFound'],
    [400, '{"__type":"InvalidKeyId","message":"the key is disabled"}', {}, 'denied', 'InvalidKeyId'],
    [400, '{"__type":"AccessDeniedException","message":"no"}', {}, 'denied', 'AccessDeniedException'],
    [403, '{}', {}, 'denied', 'HTTP 403'],
    [400, '{"__type":"com.amazonaws.sqs#KmsDisabled"}', {}, 'denied', 'KmsDisabled'],
    [400, '{"__type":"ExpiredTokenException"}', {}, 'denied', 'ExpiredTokenException'],
    [400, '{"__type":"com.amazonaws.sqs#RequestThrottled"}', {}, 'throttled', 'RequestThrottled'],
    [400, '{"__type":"com.amazonaws.sqs#KmsThrottled"}', {}, 'throttled', 'KmsThrottled'],
    [429, '', {}, 'throttled', 'HTTP 429'],
    [400, '{}', { 'x-amzn-errortype': 'ThrottlingException:http://internal.amazon.com/' }, 'throttled', 'ThrottlingException'],
    [500, '{"__type":"InternalServiceError"}', {}, 'unavailable', 'InternalServiceError'],
    [503, '<html>', {}, 'unavailable', 'HTTP 503'],
    [400, '{"__type":"com.amazonaws.sqs#KmsOptInRequired"}', {}, 'denied', 'KmsOptInRequired'],
    [409, '{"Message":"busy"}', { 'x-amzn-errortype': 'ResourceConflictException' }, 'conflict', 'ResourceConflictException'],
    [400, '{}', { 'x-amzn-errortype': 'ResourceInUseException' }, 'conflict', 'ResourceInUseException'],
    [400, '{"__type":"com.amazonaws.sqs#InvalidMessageContents","message":"bad"}', {}, 'invalid', 'InvalidMessageContents'],
    [400, 'null', {}, 'invalid', 'HTTP 400'],
    [404, '"text"', {}, 'invalid', 'HTTP 404'],
    [301, '', {}, 'invalid', 'HTTP 301'],
  ])('%d %s %j is %s: %s', async (status, body, headers, kind, code) => {
    const { client } = await service((_request, response) => response.writeHead(status, headers).end(body));
    const error = await failure(client.call('sqs', 'SendMessage', { MessageBody: 'hunter2' }, ONCE));
    expect(error).toMatchObject({ kind, code, status });
    expect(error.message).toContain(`sqs SendMessage failed: ${kind} (${code})`);
    expect(error.message).not.toContain('hunter2');
  });

  test.each([['<html>', 'UnreadableResponse'], ['{"MessageId":', 'UnreadableResponse']])('200 %s is unavailable', async (body, code) => {
    const { client } = await service((_request, response) => response.end(body));
    expect(await failure(client.call('sqs', 'SendMessage', {}, ONCE))).toMatchObject({ kind: 'unavailable', code });
  });

  test('that breaks off is unavailable', async () => {
    const { client } = await service((_request, response, socket) => {
      response.writeHead(200, { 'content-length': '100' }).write('{}', () => socket.destroy());
    });
    expect(await failure(client.call('sqs', 'SendMessage', {}, ONCE))).toMatchObject({ kind: 'unavailable', code: 'IncompleteResponse' });
  });

  test('that does not come is a timeout', async () => {
    const { client, received } = await service(() => undefined);
    expect(await failure(client.call('sqs', 'SendMessage', {}, { timeoutMs: 50, tries: 2 }))).toMatchObject({ kind: 'timeout', status: undefined });
    expect(received).toHaveLength(2);
    expect(received[1]!.connection).toBe(2);
  });

  test('is missing where nobody listens', async () => {
    const server = await httpServer();
    server.close();
    const client = new AwsClient({ ...CREDENTIALS, AWS_ENDPOINT_URL: server.origin });
    expect(await failure(client.call('sqs', 'SendMessage', {}, { timeoutMs: 1_000, tries: 2 }))).toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
  });
});

describe('tries', () => {
  const first = (status: number, body = ''): Answer => {
    let calls = 0;
    return (_request, response) => ++calls === 1 ? response.writeHead(status).end(body) : response.end('{"ok":true}');
  };

  test.each([[500], [503], [429]])('row 40: a second one after %d', async (status) => {
    const { client, received } = await service(first(status));
    expect(await client.call('sqs', 'SendMessage', {}, { timeoutMs: 1_000, tries: 2 })).toEqual({ ok: true });
    expect(received).toHaveLength(2);
    expect(received[1]!.body).toEqual(received[0]!.body);
  });

  test.each([[400], [403], [404]])('none after %d', async (status) => {
    const { client, received } = await service(first(status));
    await failure(client.call('sqs', 'SendMessage', {}, { timeoutMs: 1_000, tries: 2 }));
    expect(received).toHaveLength(1);
  });

  test('row 40: no third one', async () => {
    const { client, received } = await service((_request, response) => response.writeHead(500).end());
    await failure(client.call('sqs', 'SendMessage', {}, { timeoutMs: 1_000, tries: 2 }));
    expect(received).toHaveLength(2);
  });
});

describe('connections', () => {
  test('are used again', async () => {
    const { client, received } = await service();
    for (let calls = 0; calls < 3; calls++) await client.call('sqs', 'SendMessage', {}, ONCE);
    expect(received.map(({ connection }) => connection)).toEqual([1, 1, 1]);
  });

  test('are opened in advance, by an unsigned request that may be refused', async () => {
    const { client, received } = await service((request, response) => response.writeHead(request.method === 'GET' ? 404 : 200).end());
    await client.connect('sqs', 1_000);
    await client.call('sqs', 'SendMessage', {}, ONCE);
    expect(received.map(({ method, url, connection }) => [method, url, connection])).toEqual([['GET', '/ping', 1], ['POST', '/', 1]]);
    expect(received[0]!.headers).not.toHaveProperty('authorization');
  });

  test('row 42: that died while idle cost no try', async () => {
    const { client, received } = await service((request, response, socket) => {
      // The second request on a connection meets a reset.
      if (received.filter(({ connection }) => connection === request.connection).length > 1) socket.resetAndDestroy();
      else response.end('{}');
    });
    await client.call('sqs', 'SendMessage', { n: 1 }, ONCE);
    expect(await client.call('sqs', 'SendMessage', { n: 2 }, ONCE)).toEqual({});
    expect(received.map(({ connection }) => connection)).toEqual([1, 1, 2]);
    expect(received[2]!.body).toEqual(received[1]!.body);
  });

  test.each([
    ['reset', ONCE, (socket: Socket) => void socket.resetAndDestroy()],
    ['hang', { timeoutMs: 100, tries: 2 }, () => undefined],
  ])('that have all died while idle cost one try, not one each: %s', async (_how, options, die) => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => { open = resolve; });
    const { client, received } = await service((request, response, socket) => {
      if (request.connection <= 3 && received.length > 3) return die(socket);
      if (received.length === 3) open();
      void gate.then(() => response.end('{}'));
    });
    await Promise.all([1, 2, 3].map(() => client.call('sqs', 'SendMessage', {}, ONCE)));
    expect(await client.call('sqs', 'SendMessage', {}, options)).toEqual({});
    expect(received).toHaveLength(5);
    expect(received[4]!.connection).toBe(4);
  });

  test('that break when they are new are not tried again', async () => {
    const { client, received } = await service((_request, _response, socket) => socket.resetAndDestroy());
    expect(await failure(client.call('sqs', 'SendMessage', {}, ONCE))).toMatchObject({ kind: 'unavailable', code: 'ECONNRESET' });
    expect(received).toHaveLength(1);
  });
});
