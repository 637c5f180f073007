import { createServer, request } from 'node:http';
import { AwsError, type AwsJsonService, type RestRequest } from '../../local/aws-service';
import { ServiceEndpoint } from '../../local/service-endpoint';
import { post, type Reply } from './services';

type Call = { action: string; input: { [name: string]: unknown }; signal: AbortSignal };

let endpoint: ServiceEndpoint;
let calls: Call[];
let requests: RestRequest[];
let port: string;

const service: AwsJsonService = {
  prefix: 'AmazonSQS',
  contentType: 'application/x-amz-json-1.0',
  call: async (action, input, signal) => {
    calls.push({ action, input, signal });
    if (action === 'Refuse') throw new AwsError('com.amazonaws.sqs#QueueDoesNotExist', 'no such queue', 400, 'AWS.SimpleQueueService.NonExistentQueue;Sender');
    if (action === 'Break') throw new TypeError('boom');
    if (action === 'Wait') await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return { echoed: input };
  },
};

beforeEach(async () => {
  [calls, requests] = [[], []];
  endpoint = new ServiceEndpoint();
  endpoint.addJsonService(service);
  endpoint.addFormService({ version: '2010-05-15', call: (action, parameters, requestId) => JSON.stringify({ action, parameters, requestId }) });
  endpoint.addRestService({
    owns: (method, path) => path.startsWith('/rest/') || method === 'DELETE',
    call: async (request) => {
      requests.push(request);
      if (request.path === '/rest/refused') throw new AwsError('NoSuchKey', 'not there', 404);
      return { status: 202, headers: { 'content-type': 'text/html', 'x-own': 'kept' }, body: Buffer.from([0, 255]) };
    },
    tell: ({ name, status, message }, requestId) => ({ status, headers: {}, body: `${name}: ${message} ${requestId}` }),
  });
  await endpoint.listen(0);
  port = new URL(endpoint.origin).port;
});

afterEach(() => endpoint.close());

const JSON_HEADERS = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' };
const call = (headers: object = {}, body: string | Buffer = '{"a":1}', method?: string): Promise<Reply> => (
  post(endpoint.origin, { ...JSON_HEADERS, ...headers }, body, method));

test('hands an action and its input to the service that the target names, and answers in its content type', async () => {
  const reply = await call();
  expect(reply).toMatchObject({ status: 200, headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/) } });
  expect(JSON.parse(reply.body)).toEqual({ echoed: { a: 1 } });
  expect(calls).toEqual([expect.objectContaining({ action: 'SendMessage', input: { a: 1 } })]);
});

test('takes an empty body for an empty input', async () => {
  expect(JSON.parse((await call({}, '')).body)).toEqual({ echoed: {} });
});

test('row 63: listens on 127.0.0.1 only', async () => {
  expect(endpoint.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const taken = createServer();
  // The same port on another address of this machine is free.
  await new Promise<void>((resolve) => taken.listen(Number(port), '127.0.0.2', resolve));
  await new Promise((resolve) => taken.close(resolve));
});

test('fails when the port is taken, and names it', async () => {
  const second = new ServiceEndpoint();
  await expect(second.listen(Number(port))).rejects.toMatchObject({ code: 'port-taken', message: expect.stringContaining(port) });
});

describe('an error', () => {
  test('of the service has its type in the body and in the headers', async () => {
    const reply = await call({ 'x-amz-target': 'AmazonSQS.Refuse' });
    expect(reply).toMatchObject({ status: 400, headers: {
      'x-amzn-errortype': 'QueueDoesNotExist', 'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender', 'content-type': 'application/x-amz-json-1.0',
    } });
    expect(JSON.parse(reply.body)).toEqual({ __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'no such queue' });
  });

  test('that is a fault of the service is 500, without a stack', async () => {
    const reply = await call({ 'x-amz-target': 'AmazonSQS.Break' });
    expect([reply.status, JSON.parse(reply.body)]).toEqual([500, { __type: 'InternalFailure', message: 'the local service failed: boom' }]);
  });
});

describe('a request', () => {
  test.each<[string, object, string, string | undefined, number, string]>([
    ['under another name', { host: 'evil.example:80' }, '{}', undefined, 403, 'AccessDeniedException'],
    ['under the right name and the wrong port', { host: '127.0.0.1:1' }, '{}', undefined, 403, 'AccessDeniedException'],
    ['of a page of another origin', { origin: 'https://evil.example' }, '{}', undefined, 403, 'AccessDeniedException'],
    ['of a page without an origin', { origin: 'null' }, '{}', undefined, 403, 'AccessDeniedException'],
    ['of a page on another port of this machine', { origin: 'http://127.0.0.1:1' }, '{}', undefined, 403, 'AccessDeniedException'],
    ['with another method', {}, '{}', 'PUT', 404, 'UnknownOperationException'],
    ['with a content type that a page may post', { 'content-type': 'text/plain' }, '{}', undefined, 415, 'UnsupportedMediaTypeException'],
    ['without a content type', { 'content-type': '' }, '{}', undefined, 415, 'UnsupportedMediaTypeException'],
    ['to a service that does not run', { 'x-amz-target': 'DynamoDB_20120810.PutItem' }, '{}', undefined, 400, 'UnknownOperationException'],
    ['without a target', { 'x-amz-target': '' }, '{}', undefined, 400, 'UnknownOperationException'],
    ['that is not JSON', {}, '{', undefined, 400, 'SerializationException'],
    ['that is no object', {}, '[]', undefined, 400, 'SerializationException'],
  ])('%s is refused', async (_name, headers, body, method, status, type) => {
    const reply = await call(headers, body, method);
    expect([reply.status, reply.headers['x-amzn-errortype'], JSON.parse(reply.body).__type]).toEqual([status, type, type]);
    expect(calls).toEqual([]);
  });

  test.each(['localhost', '127.0.0.1', '[::1]'])('under the name %s is served, also for a page of this origin', async (name) => {
    expect((await call({ host: `${name}:${port}`, origin: `http://${name}:${port}` })).status).toBe(200);
  });

  test('names the services that run when it wants another one', async () => {
    const { body } = await call({ 'x-amz-target': 'DynamoDB_20120810.PutItem' });
    expect(JSON.parse(body).message).toBe('a local run has no service "DynamoDB_20120810", only AmazonSQS');
  });

  test('of 8 MiB is served, of one byte more is 413 with an answer', async () => {
    const filled = (bytes: number) => Buffer.from(`{"a":"${'x'.repeat(bytes - 8)}"}`);
    expect((await call({}, filled(8 * 1024 * 1024))).status).toBe(200);
    const reply = await call({}, filled(8 * 1024 * 1024 + 1));
    expect([reply.status, JSON.parse(reply.body).__type]).toEqual([413, 'RequestEntityTooLargeException']);
    expect(calls).toHaveLength(1);
  });
});

describe('a client that leaves', () => {
  const wait = async (leave: (sent: ReturnType<typeof request>) => void): Promise<AbortSignal> => {
    const sent = request(endpoint.origin, { method: 'POST', headers: { ...JSON_HEADERS, 'x-amz-target': 'AmazonSQS.Wait' }, agent: false });
    sent.on('error', () => undefined);
    sent.end('{}');
    while (calls.length === 0) await new Promise(setImmediate);
    const { signal } = calls[0] as Call;
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
    expect(signal.aborted).toBe(false);
    leave(sent);
    await aborted;
    return signal;
  };

  test('aborts the action it waited for', async () => {
    expect((await wait((sent) => sent.destroy())).aborted).toBe(true);
  });

  test('is what every client does when the endpoint closes', async () => {
    expect((await wait(() => void endpoint.close())).aborted).toBe(true);
    await endpoint.listen(0);
  });
});

describe('a form', () => {
  const form = (headers: object = {}, body = 'Action=DescribeStacks&Version=2010-05-15&StackName=a%20b') => (
    post(endpoint.origin, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', ...headers }, body));

  test('goes to the service of the query protocol', async () => {
    const reply = await form();
    expect(reply.headers['content-type']).toBe('text/xml');
    expect(JSON.parse(reply.body)).toEqual({ action: 'DescribeStacks', parameters: { Version: '2010-05-15', StackName: 'a b' }, requestId: reply.headers['x-amzn-requestid'] });
  });

  test('goes by the version of its API', async () => {
    endpoint.addFormService({ version: '2010-03-31', call: (action) => `other ${action}` });
    expect((await form({}, 'Action=Publish&Version=2010-03-31')).body).toBe('other Publish');
    const { status, body } = await form({}, 'Action=Publish&Version=2020-01-01');
    expect([status, body]).toEqual([400, expect.stringContaining('<Code>InvalidAction</Code>')]);
    expect(body).toContain('a local run has no action &quot;Publish&quot; of a service with the version &quot;2020-01-01&quot;');
  });

  test('of a page of another origin is refused, in XML', async () => {
    const reply = await form({ origin: 'https://evil.example' });
    expect([reply.status, reply.headers['content-type']]).toEqual([403, 'text/xml']);
    expect(reply.body).toContain('<Code>AccessDeniedException</Code>');
  });
});

describe('a request told apart by method and path', () => {
  const rest = (headers: object = {}, method = 'PUT', path = '/rest/a%2F..//b%20c?x=1&y=2?3') => post(endpoint.origin + path, { ...headers }, /^P/.test(method) ? 'body' : '', method);

  test('goes to the service that owns it, its path as it was sent', async () => {
    expect(await rest()).toMatchObject({ status: 202, headers: { 'x-own': 'kept', 'content-length': '2', 'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    expect(requests).toEqual([expect.objectContaining({ method: 'PUT', path: '/rest/a%2F..//b%20c', body: Buffer.from('body') })]);
    expect([...requests[0]!.query]).toEqual([['x', '1'], ['y', '2?3']]);
    expect((await rest({}, 'DELETE', '/elsewhere')).status).toBe(202);
    expect(calls).toEqual([]);
  });

  test('has its error as the service tells it', async () => {
    const { status, body, headers } = await rest({}, 'GET', '/rest/refused');
    expect([status, body]).toEqual([404, `NoSuchKey: not there ${headers['x-amzn-requestid']}`]);
  });

  test('is answered so that a page can neither run what it gets here nor read it from another origin', async () => {
    expect((await rest({}, 'GET')).headers).toMatchObject({
      'content-security-policy': 'sandbox', 'cross-origin-resource-policy': 'same-origin', 'x-content-type-options': 'nosniff',
    });
  });

  test.each<[string, object, string, number]>([
    ['under another name', { host: 'evil.example' }, 'GET', 403],
    ['of a page of another origin', { origin: 'https://evil.example' }, 'PUT', 403],
    ['of a page without an origin', { origin: 'null' }, 'POST', 403],
    ['with a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'POST', 415],
    ['with text', { 'content-type': 'text/plain' }, 'POST', 415],
    ['with bytes that say nothing', {}, 'POST', 415],
  ])('%s is refused', async (_name, headers, method, status) => {
    expect((await rest(headers, method)).status).toBe(status);
    expect(requests).toEqual([]);
  });

  test.each([{ 'content-type': 'application/json' }, { 'content-type': 'application/octet-stream' }, { authorization: 'AWS4-HMAC-SHA256 Credential=local' }])(
    'is served when a page could not have posted it unasked: %j', async (headers) => {
      expect((await rest(headers, 'POST')).status).toBe(202);
    });
});
