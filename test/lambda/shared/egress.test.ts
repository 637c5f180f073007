import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { AddressPolicy } from '../../../lambda/shared/address';
import { Connections } from '../../../lambda/shared/connections';
import { classifyFailure, Egress, type EgressRequest } from '../../../lambda/shared/egress';
import { selfSigned } from '../support/certificate';
import { httpServer, listen, type Answer } from '../support/server';

const cleanups: (() => void)[] = [];
afterEach(() => { for (const cleanup of cleanups.splice(0)) cleanup(); });

async function target(answer: Answer) {
  const server = await httpServer(answer);
  cleanups.push(server.close);
  return server;
}

/** A server below HTTP. */
async function rawTarget(onConnection: (socket: net.Socket) => void): Promise<string> {
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  cleanups.push(() => { for (const socket of sockets) socket.destroy(); server.close(); });
  return listen(server);
}

/** One function's life: connections are kept from one request to the next. */
let egress: Egress;
beforeEach(() => { egress = new Egress(new AddressPolicy(['127.0.0.0/8'])); });
afterEach(() => egress.close());

const post = (request: EgressRequest) => egress.post(request);

async function send(url: string, deadlineMs = 2_000) {
  const startedAt = performance.now();
  const headers = ['host', new URL(url).host, 'content-length', '2'];
  const result = await post({ url: new URL(url), headers, body: Buffer.from('{}'), signal: AbortSignal.timeout(deadlineMs) });
  return { result, ms: performance.now() - startedAt };
}

test('row 23: a target that takes the connection and never answers ends with the deadline', async () => {
  const { result, ms } = await send(await rawTarget(() => undefined), 100);
  expect(result).toEqual({ outcome: 'timeout', detail: 'the target did not answer in time (ABORT_ERR)' });
  expect(ms).toBeLessThan(1_000);
});

test('row 23: a deadline that has passed opens no connection', async () => {
  const { origin, connections } = await target((_request, response) => response.end());
  const signal = AbortSignal.abort();
  expect(await post({ url: new URL(origin), headers: [], body: Buffer.alloc(0), signal })).toMatchObject({ outcome: 'timeout' });
  expect(connections).toHaveLength(0);
});

describe('row 24: a status that was seen', () => {
  const drip: Answer = (_request, response) => {
    response.writeHead(200).write('x');
    const timer = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(timer));
  };

  test('counts although the body drips beyond the deadline', async () => {
    const { origin } = await target(drip);
    const { result, ms } = await send(origin, 150);
    expect(result).toMatchObject({ outcome: 'status', status: 200 });
    expect(ms).toBeLessThan(900);
  });

  test('is not held up for longer than a second by a body that drips', async () => {
    const { origin } = await target(drip);
    const { result, ms } = await send(origin, 30_000);
    expect(result).toMatchObject({ outcome: 'status', status: 200 });
    expect(ms).toBeLessThan(5_000);
  });

  test('counts although the connection breaks in the body', async () => {
    const origin = await rawTarget((socket) => { socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx'); });
    expect((await send(origin)).result).toMatchObject({ outcome: 'status', status: 200, body: Buffer.from('x') });
  });

  test('is none while the headers drip', async () => {
    const origin = await rawTarget((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('x-a: b\r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    expect((await send(origin, 150)).result).toMatchObject({ outcome: 'timeout' });
  });
});

describe('row 23b: a status below 200', () => {
  const say = (...lines: string[]) => rawTarget((socket) => { socket.on('data', () => void socket.write(`${lines.join('\r\n')}\r\n\r\n`)); });

  test.each([
    ['with a protocol to go on with', ['HTTP/1.1 101 Switching Protocols', 'connection: upgrade', 'upgrade: websocket']],
    ['without', ['HTTP/1.1 101 Switching Protocols', 'content-length: 0']],
  ])('is an answer where it is 101 %s, and no success', async (_what, lines) => {
    const origin = await say(...lines);
    expect((await send(origin)).result).toMatchObject({ outcome: 'status', status: 101 });
    expect((await send(origin)).result).toMatchObject({ outcome: 'status', status: 101 });
  });

  test('is no answer where another one follows', async () => {
    const origin = await say('HTTP/1.1 100 Continue', '', 'HTTP/1.1 103 Early Hints', 'link: </a>', '', 'HTTP/1.1 503 Unavailable', 'content-length: 0');
    expect((await send(origin)).result).toMatchObject({ outcome: 'status', status: 503 });
  });

  test.each(['100 Continue', '102 Processing', '103 Early Hints'])('is no answer where it is %s and nothing follows', async (line) => {
    expect((await send(await say(`HTTP/1.1 ${line}`), 200)).result).toMatchObject({ outcome: 'timeout' });
  });

  test('is not waited for where Node has closed the request without a word, as it does with a 101 that nobody listens for', async () => {
    const start = http.request;
    const spy = jest.spyOn(http, 'request').mockImplementation(((options: http.RequestOptions) => {
      const request = start(options);
      request.once('socket', () => setImmediate(() => request.emit('close')));
      return request;
    }) as typeof http.request);
    cleanups.push(() => spy.mockRestore());
    expect((await send(await rawTarget(() => undefined), 30_000)).result).toMatchObject({ outcome: 'reset' });
  });

  test('is none where the connection is closed after it', async () => {
    const origin = await rawTarget((socket) => { socket.on('data', () => void socket.end('HTTP/1.1 103 Early Hints\r\n\r\n')); });
    expect((await send(origin)).result).toMatchObject({ outcome: 'reset' });
  });
});

describe('row 25: a connection that breaks before the status', () => {
  test('is a reset, without a second try on a new connection', async () => {
    const { origin, received } = await target((_request, _response, socket) => socket.resetAndDestroy());
    expect((await send(origin)).result).toEqual({ outcome: 'reset', detail: 'the connection broke before the target answered (ECONNRESET)' });
    expect(received).toHaveLength(1);
  });

  test('is tried once again at once if it had been idle', async () => {
    const { origin, received } = await target((request, response, socket) => {
      if (received.filter(({ connection }) => connection === request.connection).length > 1) socket.resetAndDestroy();
      else response.end();
    });
    expect((await send(origin)).result).toMatchObject({ status: 200 });
    expect((await send(origin)).result).toMatchObject({ status: 200 });
    expect(received.map(({ connection }) => connection)).toEqual([1, 1, 2]);
  });

  test('is not tried again once bytes of an answer came', async () => {
    const { origin, received } = await target((request, response, socket) => {
      if (received.filter(({ connection }) => connection === request.connection).length > 1) socket.write('HTTP/1.1 2', () => socket.resetAndDestroy());
      else response.end();
    });
    await send(origin);
    expect((await send(origin)).result).toMatchObject({ outcome: 'reset' });
    expect(received).toHaveLength(2);
  });

  test('is tried again once, not for ever', async () => {
    let healthy = true;
    const { origin, received } = await target((_request, response, socket) => healthy ? response.end() : void socket.resetAndDestroy());
    await send(origin);
    healthy = false;
    expect((await send(origin)).result).toMatchObject({ outcome: 'reset' });
    expect(received).toHaveLength(3);
  });
});

describe('row 26: of a response', () => {
  test('no more than 16 KiB are read', async () => {
    let closed: () => void;
    const cut = new Promise<void>((resolve) => { closed = resolve; });
    const chunk = Buffer.alloc(1024 * 1024);
    let written = 0;
    const { origin } = await target((_request, response) => {
      response.on('close', () => closed());
      const write = (): void => {
        for (written++; written <= 200 && response.write(chunk); written++);
        if (written <= 200) response.once('drain', write);
      };
      write();
    });
    const { result } = await send(origin);
    expect(result).toMatchObject({ outcome: 'status', status: 200 });
    expect('body' in result && result.body).toHaveLength(16 * 1024);
    await cut;
    expect(written).toBeLessThan(50);
  });

  test('nothing is decompressed, and nothing compressed is asked for', async () => {
    const bomb = gzipSync(Buffer.alloc(1_000_000));
    const { origin, received } = await target((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    const { result } = await send(origin);
    expect('body' in result && Buffer.from(result.body)).toEqual(bomb);
    expect(received[0]!.headers).not.toHaveProperty('accept-encoding');
  });
});

test.each([301, 302, 303, 307, 308])('row 27: a redirect %d is not followed', async (status) => {
  const other = await target((_request, response) => response.end());
  const { origin, received } = await target((_request, response) => response.writeHead(status, { location: `${other.origin}/latest/meta-data` }).end());
  expect((await send(origin)).result).toMatchObject({ outcome: 'status', status });
  expect(received).toHaveLength(1);
  expect(other.received).toEqual([]);
});

describe('row 28: TLS', () => {
  async function tlsTarget(options: https.ServerOptions): Promise<string> {
    const server = https.createServer(options, (_request, response) => response.end());
    cleanups.push(() => { server.closeAllConnections(); server.close(); });
    return listen(server, 'https');
  }

  test.each([
    ['a self-signed certificate', {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['a self-signed certificate that expired', { notAfter: new Date('2021-01-01') }, 'CERT_HAS_EXPIRED'],
  ])('%s', async (_what, options, code) => {
    expect((await send(await tlsTarget(selfSigned(options)))).result)
      .toEqual({ outcome: 'tls', detail: `the target's TLS certificate or handshake was not acceptable (${code})` });
  });

  test('a version that is too old', async () => {
    const origin = await tlsTarget({ ...selfSigned(), minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
    expect((await send(origin)).result).toMatchObject({ outcome: 'tls' });
  });

  test('a server that does not speak it', async () => {
    const { origin } = await target((_request, response) => response.end());
    expect((await send(origin.replace('http:', 'https:'))).result).toMatchObject({ outcome: 'tls' });
  });
});

test('row 29: a name that does not exist', async () => {
  expect((await send('https://nobody.invalid/')).result).toMatchObject({ outcome: 'dns' });
});

test('row 29: a name that resolves too slowly ends with the deadline, and its late answer opens no connection', async () => {
  const { origin, connections } = await target((_request, response) => response.end());
  const url = origin.replace('127.0.0.1', 'slow.example.com');
  const answers: (() => void)[] = [];
  const hold = (_name: string, _options: object, callback: (error: null, found: dns.LookupAddress[]) => void): void => {
    answers.push(() => callback(null, [{ address: '127.0.0.1', family: 4 }]));
  };
  const lookup = jest.spyOn(dns, 'lookup').mockImplementation(hold as typeof dns.lookup);
  try {
    expect((await send(url, 100)).result).toMatchObject({ outcome: 'timeout' });
    answers.shift()?.();
    const second = send(url);
    await new Promise((resolve) => setImmediate(resolve));
    answers.shift()?.();
    // What the late answer had opened would have come before this one.
    expect((await second).result).toMatchObject({ status: 200 });
    expect(connections).toHaveLength(1);
  } finally {
    lookup.mockRestore();
  }
});

test('a port that nobody listens on', async () => {
  const server = await httpServer();
  server.close();
  expect((await send(server.origin)).result).toEqual({ outcome: 'refused', detail: 'the target could not be reached (ECONNREFUSED)' });
});

test('an answer that is not HTTP', async () => {
  expect((await send(await rawTarget((socket) => { socket.write('220 mail.example.com\r\n'); }))).result).toMatchObject({ outcome: 'reset' });
});

test('a header that cannot be sent is a failure, not a throw', async () => {
  const { origin } = await target((_request, response) => response.end());
  const signal = AbortSignal.timeout(1_000);
  expect(await post({ url: new URL(origin), headers: ['x-a', 'b\r\nc: d'], body: Buffer.alloc(0), signal })).toMatchObject({ outcome: 'reset' });
});

test('row 27: a redirect to the metadata service is not followed', async () => {
  const { origin, received } = await target((_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end());
  expect((await send(origin)).result).toMatchObject({ outcome: 'status', status: 302 });
  expect(received).toHaveLength(1);
});

test('a proxy of the environment is not used', async () => {
  const proxy = await target((_request, response) => response.end('by the proxy'));
  const { origin, received } = await target((_request, response) => response.end());
  const before = { ...process.env };
  for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'ALL_PROXY']) process.env[name] = proxy.origin;
  cleanups.push(() => { process.env = before; });
  expect((await send(origin)).result).toMatchObject({ status: 200 });
  expect(received).toHaveLength(1);
  expect(proxy.received).toEqual([]);
});

test('requests at once have connections of their own, later ones take those that are idle', async () => {
  const { origin, received, connections } = await target((_request, response) => { setTimeout(() => response.end(), 20); });
  await Promise.all(Array.from({ length: 5 }, () => send(origin)));
  expect(connections).toHaveLength(5);
  await Promise.all(Array.from({ length: 5 }, () => send(origin)));
  expect(connections).toHaveLength(5);
  expect(received).toHaveLength(10);
});

test('a connection that the other side says it will close is not used again', async () => {
  const { origin, connections } = await target((_request, response) => response.writeHead(200, { connection: 'close' }).end());
  await send(origin);
  expect((await send(origin)).result).toMatchObject({ status: 200 });
  expect(connections).toHaveLength(2);
});

test('an idle connection that breaks breaks nothing', async () => {
  const { origin, connections } = await target((_request, response) => response.end());
  await send(origin);
  const ended = new Promise((resolve) => connections[0]!.once('close', resolve));
  connections[0]!.resetAndDestroy();
  await ended;
  expect((await send(origin)).result).toMatchObject({ status: 200 });
  expect(connections).toHaveLength(2);
});

test.each([
  ['ENOTFOUND', undefined, 'dns'], ['EAI_AGAIN', undefined, 'dns'], ['ETIMEOUT', 'getaddrinfo', 'dns'], ['ECONNREFUSED', 'connect', 'refused'],
  ['EHOSTUNREACH', 'connect', 'refused'], ['ENETUNREACH', 'connect', 'refused'], ['ETIMEDOUT', 'connect', 'timeout'], ['ABORT_ERR', undefined, 'timeout'],
  ['ECONNRESET', 'read', 'reset'], ['EPIPE', 'write', 'reset'], ['HPE_INVALID_CONSTANT', undefined, 'reset'], ['CERT_HAS_EXPIRED', undefined, 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', undefined, 'tls'], ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', undefined, 'tls'], ['SELF_SIGNED_CERT_IN_CHAIN', undefined, 'tls'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', undefined, 'tls'], ['EPROTO', 'write', 'tls'], ['SOMETHING_NEW', undefined, 'reset'],
] as const)('%s (%s) is %s', (code, syscall, outcome) => {
  expect(classifyFailure(code, syscall)).toBe(outcome);
});

test('no more connections are made than allowed, and what waits has its turn', async () => {
  const { origin, received, connections } = await target((_request, response) => { setTimeout(() => response.end(), 5); });
  const limited = new Connections({ maxSockets: 2 });
  const exchange = () => limited.exchange({ url: new URL(origin), method: 'GET', headers: {}, signal: AbortSignal.timeout(2_000), maxResponseBytes: 100 });
  await Promise.all(Array.from({ length: 7 }, exchange));
  expect(received).toHaveLength(7);
  expect(connections).toHaveLength(2);
  limited.dropIdle();
});

test('one that waits for its turn waits no longer than its deadline', async () => {
  const limited = new Connections({ maxSockets: 1 });
  const origin = await rawTarget(() => undefined);
  const exchange = (signal: AbortSignal) => limited.exchange({ url: new URL(origin), method: 'GET', headers: {}, signal, maxResponseBytes: 100 });
  const holder = new AbortController();
  const first = exchange(holder.signal);
  await expect(exchange(AbortSignal.timeout(50))).rejects.toMatchObject({ code: 'ABORT_ERR' });
  holder.abort();
  await expect(first).rejects.toMatchObject({ code: 'ABORT_ERR' });
});

describe('an idle connection', () => {
  const exchange = (connections: Connections, url: string) =>
    connections.exchange({ url: new URL(url), method: 'POST', headers: {}, signal: AbortSignal.timeout(2_000), maxResponseBytes: 100 });

  test('is closed after its time, one that waits for an answer is not', async () => {
    const connections = new Connections({ timeout: 50 });
    const { origin, connections: sockets } = await target((_request, response) => { setTimeout(() => response.end('late'), 200); });
    expect((await exchange(connections, origin)).body.toString()).toBe('late');
    await new Promise((resolve) => sockets[0]!.once('close', resolve));
    expect((await exchange(connections, origin)).complete).toBe(true);
    expect(sockets).toHaveLength(2);
  });
});
