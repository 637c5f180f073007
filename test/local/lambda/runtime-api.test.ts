import { request } from 'node:http';
import path from 'node:path';
import { RuntimeApi, type RuntimeListener } from '../../../local/lambda/runtime-api';
import { END_OF_OUTPUT_HEADER } from '../../../local/lambda/runtime/protocol';
import { closeFunctions, errorOf, folderWith, newFunction, removeFolders, returned } from './support';

describe('the server', () => {
  let api: RuntimeApi;
  let origin: string;
  let reports: unknown[][];

  beforeEach(async () => {
    reports = [];
    const report = (name: string) => (...details: unknown[]): void => void reports.push([name, ...details]);
    const listener: RuntimeListener = {
      ready: report('ready'), responded: report('responded'), responseTooLarge: report('responseTooLarge'), failed: report('failed'), initFailed: report('initFailed'),
    };
    api = new RuntimeApi(listener);
    origin = `http://${await api.listen()}/2018-06-01/runtime`;
  });

  afterEach(() => api.close());

  /** Polls, as a runtime does, and is given an invocation. */
  async function deliver(requestId = 'r-1'): Promise<Response> {
    const next = fetch(`${origin}/invocation/next`);
    while (reports.at(-1)?.[0] !== 'ready') await new Promise((resolve) => setTimeout(resolve, 1));
    api.deliver({ requestId, event: '{"a":1}', headers: { 'lambda-runtime-deadline-ms': '5', 'lambda-runtime-invoked-function-arn': 'arn', 'lambda-runtime-trace-id': 'Root=1' } });
    return next;
  }

  const post = (where: string, body: string, headers: { [name: string]: string } = {}): Promise<Response> =>
    fetch(`${origin}/${where}`, { method: 'POST', body, headers });

  test('gives an invocation with its headers when there is one', async () => {
    const next = await deliver();
    expect(next.status).toBe(200);
    expect(await next.text()).toBe('{"a":1}');
    expect(Object.fromEntries(next.headers)).toMatchObject({
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': 'r-1',
      'lambda-runtime-deadline-ms': '5',
      'lambda-runtime-invoked-function-arn': 'arn',
      'lambda-runtime-trace-id': 'Root=1',
    });
  });

  test('takes a response', async () => {
    await deliver();
    const answer = await post('invocation/r-1/response', '{"b":2}');
    expect([answer.status, await answer.text()]).toEqual([202, '{"status":"OK"}']);
    expect(reports.at(-1)).toEqual(['responded', '{"b":2}', false]);
  });

  test.each([
    ['in Lambda\'s shape', '{"errorType":"T","errorMessage":"m","trace":["t"]}', {}, { errorType: 'T', errorMessage: 'm', trace: ['t'] }],
    ['without a type of its own', '{"errorMessage":"m"}', { 'Lambda-Runtime-Function-Error-Type': 'Fatal' }, { errorType: 'Fatal', errorMessage: 'm' }],
    ['that is only text', 'oops', {}, { errorType: 'Runtime.Unknown', errorMessage: 'oops' }],
    ['that is other JSON', '[1]', {}, { errorType: 'Runtime.Unknown', errorMessage: '[1]' }],
  ])('takes an error %s', async (_what, body, headers, error) => {
    await deliver();
    expect((await post('invocation/r-1/error', body, headers)).status).toBe(202);
    expect(reports.at(-1)).toEqual(['failed', error, false]);
    expect((await post('init/error', body, headers)).status).toBe(202);
    expect(reports.at(-1)).toEqual(['initFailed', error]);
  });

  test('refuses a response over 6 MB, and takes the largest', async () => {
    await deliver();
    const answer = await post('invocation/r-1/response', 'x'.repeat(6_291_557));
    expect([answer.status, await answer.json()]).toEqual([413,
      { errorType: 'RequestEntityTooLarge', errorMessage: 'Exceeded maximum allowed payload size (6291556 bytes).' }]);
    expect(reports.at(-1)).toEqual(['responseTooLarge', false]);
    await deliver('r-2');
    expect((await post('invocation/r-2/response', 'x'.repeat(6_291_556))).status).toBe(202);
  });

  test.each([
    ['a result of another invocation', 'POST', 'invocation/r-2/response', 400],
    ['a result before any invocation', 'POST', 'invocation/r-0/error', 400],
    ['an unknown path', 'POST', 'invocation/r-1/whatever', 404],
    ['a wrong method', 'POST', 'invocation/next', 404],
    ['another wrong method', 'GET', 'init/error', 404],
  ])('refuses %s', async (_what, method, where, status) => {
    await deliver();
    expect((await fetch(`${origin}/${where}`, { method, ...(method === 'POST' && { body: '{}' }) })).status).toBe(status);
    expect(reports).toEqual([['ready']]);
  });

  test('refuses a second result', async () => {
    await deliver();
    await post('invocation/r-1/response', '1');
    expect((await post('invocation/r-1/response', '2')).status).toBe(400);
    void deliver('r-2').catch(() => undefined);
    while (reports.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
    expect((await post('invocation/r-1/response', '3')).status).toBe(400);
    expect(reports).toEqual([['ready'], ['responded', '1', false], ['ready']]);
  });

  test('refuses to give the next invocation before the last has a result', async () => {
    await deliver();
    const early = await fetch(`${origin}/invocation/next`);
    expect([early.status, await early.json()]).toMatchObject([403, { errorType: 'InvalidStateTransition' }]);
    expect(reports).toEqual([['ready']]);
    await post('invocation/r-1/error', '{"errorMessage":"m"}');
    expect((await deliver('r-2')).status).toBe(200);
  });

  test('takes an error whose cause fills a header, as AWS\'s client sends it', async () => {
    await deliver();
    const cause = JSON.stringify({ exceptions: [{ message: 'x'.repeat(200_000) }] });
    expect((await post('invocation/r-1/error', '{"errorMessage":"m"}', { 'lambda-runtime-function-xray-error-cause': cause })).status).toBe(202);
  });

  test('answers only to its own name', async () => {
    const url = new URL(`${origin}/invocation/next`);
    const status = await new Promise((resolve) => request({ host: url.hostname, port: url.port, path: url.pathname, headers: { host: 'rebound.example.com' } },
      (response) => resolve(response.statusCode)).end());
    expect(status).toBe(403);
    expect(reports).toEqual([]);
  });
});

describe('a client that only knows the Runtime API', () => {
  afterEach(closeFunctions);
  afterAll(removeFolders);

  const client = (loop: string): string => path.join(folderWith(`
    const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/';
    const post = (path, body, headers = {}) => fetch(base + path, { method: 'POST', body: JSON.stringify(body), headers });
    for (;;) {
      const next = await fetch(base + 'invocation/next');
      const id = next.headers.get('lambda-runtime-aws-request-id');
      const event = await next.json();
      ${loop}
    }`, 'client.mjs'), 'client.mjs');

  test('runs a function, and its output has come when the invocation resolves', async () => {
    const { target, lines } = newFunction('', {
      bootstrapFile: client('for (let i = 0; i < 2000; i++) console.log(`line ${i}`); await post(`invocation/${id}/response`, [event, process.argv[2], process.cwd()]);'),
      definition: { handler: 'index.handler' },
    });
    const [event, handler] = returned<unknown[]>(await target.invoke({ a: 1 }));
    expect([event, handler]).toEqual([{ a: 1 }, 'index.handler']);
    expect(lines).toHaveLength(2000);
    await target.invoke({});
    expect(lines).toHaveLength(4000);
  });

  test('may mark the end of its output, and is waited for when that comes after its result', async () => {
    const { target, lines } = newFunction('', { bootstrapFile: client(`
      const end = next.headers.get('${END_OF_OUTPUT_HEADER}');
      await post(\`invocation/\${id}/response\`, null, { '${END_OF_OUTPUT_HEADER}': end });
      await new Promise((resolve) => setTimeout(resolve, 50));
      console.log('late');
      console.log(end);
      process.stderr.write('unfinished ' + end + '\\n');`) });
    await target.invoke({});
    expect(lines.sort()).toEqual(['late', 'unfinished ']);
  });

  test('may report a crash during an invocation as a failed start', async () => {
    // What earlier clients of AWS do for an unhandled rejection.
    const { target } = newFunction('', {
      bootstrapFile: client('await post("init/error", { errorType: "Runtime.UnhandledPromiseRejection", errorMessage: "Error: loose", trace: [] }); process.exit(128);'),
    });
    expect(errorOf(await target.invoke({}))).toEqual({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: loose', trace: [] });
  });

  test('that hands in a response and never comes back does not hold up the next invocation for ever', async () => {
    const { target } = newFunction('', {
      bootstrapFile: client('await post(`invocation/${id}/response`, process.pid); await new Promise((resolve) => setTimeout(resolve, 60_000));'),
      definition: { timeoutSeconds: 0.2 },
    });
    const first = returned<number>(await target.invoke({}));
    expect(returned(await target.invoke({}))).not.toBe(first);
  });
});
