import { connect } from 'node:net';
import { RealClock } from '../../../local/clock';
import { HttpApi } from '../../../local/http-api/http-api';
import { closeFunctions, handling, removeFolders } from '../lambda/support';
import { call, callRaw, closeApis, json, newApi, returning, type Reply } from './support';

afterEach(closeApis);

const TIME = '2026-03-02T09:08:07.123Z';

describe('an answer', () => {
  test('is the function\'s', async () => {
    const { port, lines } = await newApi(() => returning({ statusCode: 202, headers: { 'X-Thing': 'a' }, cookies: ['a=1', 'b=2'], body: 'taken' }));
    const reply = await call(port);
    expect([reply.status, reply.body.toString()]).toEqual([202, 'taken']);
    expect(reply.headers).toMatchObject({
      'x-thing': 'a', 'set-cookie': ['a=1', 'b=2'], 'content-type': 'text/plain; charset=utf-8', 'content-length': '5',
      'apigw-requestid': expect.stringMatching(/^[A-Za-z0-9+/]{15}=$/),
    });
    expect(lines).toEqual([]);
  });

  test('carries the request id of the event', async () => {
    const { port, events } = await newApi();
    const reply = await call(port);
    expect(reply.headers['apigw-requestid']).toBe(events[0]?.requestContext.requestId);
  });

  test('may be any JSON', async () => {
    const { port } = await newApi(() => returning({ hello: 'world' }));
    const reply = await call(port);
    expect([reply.status, reply.headers['content-type'], json(reply)]).toEqual([200, 'application/json', { hello: 'world' }]);
  });

  test('to HEAD has the length and no body', async () => {
    const { port } = await newApi(() => returning({ statusCode: 200, body: 'four' }));
    const reply = await call(port, { method: 'HEAD' });
    expect([reply.status, reply.headers['content-length'], reply.body.length]).toEqual([200, '4', 0]);
  });

  test('of 204 has neither body nor length', async () => {
    const { port } = await newApi(() => returning({ statusCode: 204 }));
    const reply = await call(port);
    expect([reply.status, reply.headers['content-length'], reply.body.length]).toEqual([204, undefined, 0]);
  });

  test('has the bytes of a base64 body', async () => {
    const bytes = Buffer.from([0, 127, 128, 255]);
    const { port } = await newApi(() => returning({ statusCode: 200, body: bytes.toString('base64'), isBase64Encoded: true }));
    expect((await call(port)).body).toEqual(bytes);
  });

  test('comes for several requests at a time', async () => {
    const { port } = await newApi(async (event) => {
      await new Promise((resolve) => setTimeout(resolve, event.body === '0' ? 20 : 0));
      return returning({ statusCode: 200, body: event.body });
    });
    const replies = await Promise.all(['0', '1', '2', '3'].map((body) => call(port, { headers: ['Content-Type', 'text/plain'], body })));
    expect(replies.map(({ body }) => body.toString())).toEqual(['0', '1', '2', '3']);
  });
});

describe('the gateway itself answers', () => {
  test.each([
    ['an unknown path', { path: '/gitlab' }],
    ['a trailing slash', { path: '/github/' }],
    ['the root', { path: '/' }],
  ])('404 to %s', async (_what, request) => {
    const { port, events, lines } = await newApi();
    const reply = await call(port, request);
    expect([reply.status, reply.headers['content-type'], reply.body.toString()]).toEqual([404, 'application/json', '{"message":"Not Found"}']);
    expect(reply.headers['apigw-requestid']).toBeDefined();
    expect(lines).toEqual([{ event: 'rejected', time: TIME, source: null, status: 404, reason: 'route' }]);
    expect(events).toEqual([]);
  });

  test.each(['rebound.example.com', '127.0.0.1:1', 'localhost'])('row 63: 403 to the Host %s', async (host) => {
    const { port, events, lines } = await newApi();
    const reply = await call(port, { headers: ['Host', host] });
    expect([reply.status, json(reply)]).toEqual([403, { message: 'Forbidden' }]);
    expect(lines).toEqual([{ event: 'warning', time: TIME, code: 'http-api-host', message: 'the Host header does not name this server: POST /github' }]);
    expect(events).toEqual([]);
  });

  test.each(['localhost', '[::1]'])('nothing of its own to the Host %s', async (name) => {
    const { port } = await newApi();
    expect((await call(port, { headers: ['Host', `${name}:${port}`] })).status).toBe(200);
  });

  test.each(['/github%', '/github%25', '/git%zzhub', '/github%C3', '/github%25C3'])('400 to the path %s, whose encoding is malformed', async (path) => {
    const { port, events, lines } = await newApi();
    const reply = await call(port, { path });
    expect([reply.status, json(reply)]).toEqual([400, { message: 'Bad Request' }]);
    expect([lines, events]).toEqual([[{ event: 'rejected', time: TIME, source: null, status: 400, reason: 'route' }], []]);
  });

  describe('413 to', () => {
    const tooLarge = [413, { message: 'Request Entity Too Large' }];
    const line = { event: 'rejected', time: TIME, source: null, status: 413, reason: 'size' };

    test('a body over 10 MB, by its length before it has come', async () => {
      const { port, events, lines } = await newApi();
      const body = Buffer.alloc(10_485_761);
      const reply = await call(port, { body });
      expect([reply.status, json(reply)]).toEqual(tooLarge);
      expect([lines, events]).toEqual([[line], []]);
      const early = callRaw(port, `POST /github HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 99999999\r\nConnection: close\r\n\r\n`);
      expect(await early).toMatch(/^HTTP\/1\.1 413 /);
    });

    test('a body over 10 MB that does not say its length', async () => {
      const { port, events, lines } = await newApi();
      const reply = await call(port, { headers: ['Transfer-Encoding', 'chunked'], body: Buffer.alloc(10_485_761) });
      expect([reply.status, json(reply)]).toEqual(tooLarge);
      expect([lines, events]).toEqual([[line], []]);
    });

    test('an event over Lambda\'s 6 MB', async () => {
      const { port, lines } = await newApi(() => ({ outcome: 'event-too-large' }));
      const reply = await call(port, { body: 'x' });
      expect([reply.status, json(reply)]).toEqual(tooLarge);
      expect(lines).toEqual([line]);
    });
  });

  test('nothing of its own to a body of 10 MB exactly', async () => {
    const { port, events } = await newApi();
    expect((await call(port, { body: Buffer.alloc(10_485_760) })).status).toBe(200);
    expect(events[0]?.headers['content-length']).toBe('10485760');
  });

  describe('431 to', () => {
    const line = { event: 'rejected', time: TIME, source: null, status: 431, reason: 'size' };
    // The request line and the values of all headers count.
    const longest = (port: number): number => 10_240 - `GET /github HTTP/1.1close127.0.0.1:${port}`.length;

    test('a request line and header values over 10,240 bytes', async () => {
      const { port, lines, events } = await newApi();
      const get = (length: number): Promise<Reply> => call(port, { method: 'GET', headers: ['X-Long', 'x'.repeat(length), 'Connection', 'close'] });
      expect((await get(longest(port))).status).toBe(200);
      const reply = await get(longest(port) + 1);
      expect([reply.status, json(reply)]).toEqual([431, { message: 'Request Header Fields Too Large' }]);
      expect([lines, events.length]).toEqual([[line], 1]);
    });

    test('headers that are too long to be read at all', async () => {
      const { port, lines } = await newApi();
      const reply = await callRaw(port, `POST /github HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Long: ${'x'.repeat(200_000)}\r\n\r\n`);
      expect(reply).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n[^]*\r\n\r\n\{"message":"Request Header Fields Too Large"\}$/);
      expect(lines).toEqual([line]);
    });
  });

  test('400 to what is not HTTP', async () => {
    const { port, lines } = await newApi();
    expect(await callRaw(port, 'what is this\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^]*\{"message":"Bad Request"\}$/);
    expect(lines).toEqual([]);
  });

  test('500 to a function error, whose line is the function\'s', async () => {
    const { port, lines } = await newApi(() => ({ outcome: 'function-error' }));
    const reply = await call(port);
    expect([reply.status, reply.headers['content-type'], reply.body.toString()]).toEqual([500, 'application/json', '{"message":"Internal Server Error"}']);
    expect(lines).toEqual([]);
  });

  test('500 to a malformed response, and says so', async () => {
    const { port, lines } = await newApi(() => returning({ statusCode: 'ok' }));
    const reply = await call(port, { path: '/github?secret=1' });
    expect([reply.status, json(reply)]).toEqual([500, { message: 'Internal Server Error' }]);
    expect(lines).toEqual([{
      event: 'warning', time: TIME, code: 'http-api-malformed-response', message: 'the function returned nothing that an HTTP API understands: POST /github',
    }]);
  });

  test('503 when the function takes too long, and the function goes on', async () => {
    let end = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      end = resolve;
    });
    let ended = false;
    const { port, lines } = await newApi(async () => {
      await slow;
      ended = true;
      return returning({ statusCode: 200 });
    }, { integrationTimeoutMs: 30 });
    const reply = await call(port);
    expect([reply.status, json(reply), ended]).toEqual([503, { message: 'Service Unavailable' }, false]);
    expect(lines).toMatchObject([{ event: 'warning', code: 'http-api-integration-timeout' }]);
    end();
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toBe(true);
  });

  test('503 when the run ends', async () => {
    const { port } = await newApi(() => ({ outcome: 'closed' }));
    const reply = await call(port);
    expect([reply.status, json(reply)]).toEqual([503, { message: 'Service Unavailable' }]);
  });

  test('row 20: 429 over the throttle of a route, each route for itself', async () => {
    const target = { invoke: async () => returning({ statusCode: 200 }) };
    const { port, lines } = await newApi(undefined, { routes: [
      { method: 'ANY', path: '/github', function: target, throttle: { rate: 0.001, burst: 2 } },
      { method: 'ANY', path: '/stripe', function: target, throttle: { rate: 0.001, burst: 1 } },
    ] });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await call(port)).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await call(port, { path: '/stripe' })).status).toBe(200);
    expect(json(await call(port))).toEqual({ message: 'Too Many Requests' });
    expect(lines.map((line) => 'code' in line && line.code)).toEqual(['http-api-throttled', 'http-api-throttled']);
  });
});

describe('the clock', () => {
  test('waits for the work of a request, up to its answer', async () => {
    let release = (): void => undefined;
    let began = (): void => undefined;
    const beginning = new Promise<void>((resolve) => {
      began = resolve;
    });
    const { port, clock } = await newApi(() => new Promise((resolve) => {
      release = () => resolve(returning({ statusCode: 200 }));
      began();
    }));
    const reply = call(port);
    await beginning;
    let moved = false;
    const advance = clock.advance(1000).then(() => {
      moved = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(moved).toBe(false);
    release();
    await advance;
    expect((await reply).status).toBe(200);
  });

  test('does not wait for a client that never ends its request', async () => {
    const { port, clock, events } = await newApi();
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve) => socket.write(`POST /github HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 10\r\n\r\n12345`, () => resolve()));
    await clock.advance(1000);
    socket.destroy();
    expect((await call(port)).status).toBe(200);
    expect(events).toHaveLength(1);
  });
});

describe('listening', () => {
  test('row 63: is on loopback only', async () => {
    const { port } = await newApi();
    const elsewhere = Object.values((await import('node:os')).networkInterfaces()).flat().find((address) => address?.family === 'IPv4' && !address.internal)?.address;
    const host = elsewhere ?? '127.0.0.2';
    await expect(new Promise((resolve, reject) => connect(port, host, () => resolve('connected')).once('error', reject))).rejects.toThrow('ECONNREFUSED');
  });

  test('on a port that is taken is an error that names it', async () => {
    const { port } = await newApi();
    const second = new HttpApi({ id: 'x', stage: '$default', routes: [], clock: new RealClock(), account: '000000000000', onLine: () => undefined });
    await expect(second.listen(port)).rejects.toMatchObject({ code: 'port-taken', message: expect.stringContaining(`port ${port}`) });
  });

  test('ends with close, also for connections that are kept alive', async () => {
    const { port, api } = await newApi();
    await (await fetch(`http://127.0.0.1:${port}/github`)).text();
    await api.close();
    await expect(fetch(`http://127.0.0.1:${port}/github`)).rejects.toThrow();
  });
});

test('what would match differently from AWS is refused at the start', () => {
  const options = { id: 'x', routes: [], clock: new RealClock(), account: '000000000000', onLine: () => undefined };
  expect(() => new HttpApi({ ...options, stage: 'prod' })).toThrow('stage "prod" cannot run locally: only $default can');
});

describe('with a real function', () => {
  afterEach(closeFunctions);
  afterAll(removeFolders);

  test('a request reaches the handler and its response the client', async () => {
    const { target, lines } = handling('console.log(event.rawPath); return { statusCode: 200, body: event.body.toUpperCase() };');
    const { port } = await newApi(undefined, { routes: [{ method: 'ANY', path: '/github', function: target }] });
    const reply = await call(port, { headers: ['Content-Type', 'text/plain'], body: 'hello' });
    expect([reply.status, reply.body.toString(), lines]).toEqual([200, 'HELLO', ['/github']]);
  });

  test('base64 makes a body too large for Lambda long before 10 MB', async () => {
    const { target } = handling('return { statusCode: 200, body: String(event.body.length) };');
    const { port } = await newApi(undefined, { routes: [{ method: 'ANY', path: '/github', function: target }] });
    expect((await call(port, { body: Buffer.alloc(4_700_000) })).body.toString()).toBe('6266668');
    expect((await call(port, { body: Buffer.alloc(4_720_000) })).status).toBe(413);
    expect((await call(port, { headers: ['Content-Type', 'text/plain'], body: 'x'.repeat(6_280_000) })).body.toString()).toBe('6280000');
  });

  test('a crash is 500', async () => {
    const { target } = handling('process.exit(1);');
    const { port } = await newApi(undefined, { routes: [{ method: 'ANY', path: '/github', function: target }] });
    expect((await call(port)).status).toBe(500);
  });
});
