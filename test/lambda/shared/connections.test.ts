import type dns from 'node:dns';
import type { LookupAddress } from 'node:dns';
import https from 'node:https';
import net from 'node:net';
import { AddressPolicy } from '../../../lambda/shared/address';
import { Connections, ConnectionError, type Exchanged } from '../../../lambda/shared/connections';
import { EgressGuard, guardBy } from '../../../lambda/shared/egress-guard';
import { selfSigned } from '../support/certificate';
import { httpServer, listen } from '../support/server';

const cleanups: (() => void)[] = [];
afterEach(() => {
  jest.restoreAllMocks();
  for (const cleanup of cleanups.splice(0)) cleanup();
});

const nowhere = new AddressPolicy();
const loopback = new AddressPolicy(['127.0.0.0/8']);

function exchange(url: string, policy: AddressPolicy): Promise<Exchanged> {
  const connections = new Connections({ timeout: 1_000 }, guardBy(policy));
  cleanups.push(() => connections.dropIdle());
  return connections.exchange({ url: new URL(url), method: 'POST', headers: {}, signal: AbortSignal.timeout(2_000), maxResponseBytes: 100 });
}

/** Why nothing was sent, or undefined where something was. */
async function blockedBy(url: string, policy: AddressPolicy): Promise<string | undefined> {
  try {
    await exchange(url, policy);
    return undefined;
  } catch (error) {
    const cause = error instanceof ConnectionError ? error.cause : error;
    return (cause as Error).name === 'BlockedError' ? (cause as Error).message : undefined;
  }
}

/** What the resolver says of every name, one list for each time it is asked. */
function resolve(...answers: string[][]) {
  const asked: string[] = [];
  const lookup = (hostname: string, _options: unknown, callback: (error: Error | null, addresses: LookupAddress[]) => void) => {
    const addresses = answers[Math.min(asked.push(hostname), answers.length) - 1]!;
    process.nextTick(() => callback(null, addresses.map((address) => ({ address, family: net.isIP(address) }))));
  };
  return { asked, lookup: lookup as unknown as typeof dns.lookup };
}

describe('row 68: the URL', () => {
  test.each([
    'https://127.0.0.1/', 'https://2130706433/', 'https://0x7f.1/', 'https://0177.0.0.1/', 'https://127.1/', 'https://0/', 'https://１２７.0.0.1/',
    'https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://[::127.0.0.1]/', 'https://[64:ff9b::7f00:1]/', 'https://169.254.169.254/latest/meta-data/',
    'https://10.0.0.1:8443/', 'https://[fd00:ec2::254]/', 'https://100.64.0.1/', 'https://168.63.129.16/', 'https://192.168.0.1./',
  ])('%s is blocked without a connection', async (url) => {
    const connect = jest.spyOn(net.Socket.prototype, 'connect');
    expect(await blockedBy(url, nowhere)).toMatch(/^nothing is sent to /);
    expect(connect).not.toHaveBeenCalled();
  });

  test.each([
    ['https://user:pass@example.com/', 'a user name or a password'], ['https://example.com./', 'must not end with a dot'],
    ['http://example.com/', 'only https'], ['https://intranet/', 'a name without a dot'], ['https://localhost/', 'a name without a dot'],
    ['http://127.0.0.1/', 'only https'], ['http://1.1.1.1/', 'only https'],
  ])('%s is blocked: %s', async (url, reason) => {
    expect(await blockedBy(url, nowhere)).toContain(reason);
  });

  test('is not in the message, but for the host', async () => {
    const message = await blockedBy('https://10.0.0.1/secret/path?token=t0ken', nowhere);
    expect(message).toContain('10.0.0.1');
    expect(message).not.toMatch(/secret|t0ken/);
  });

  test('of a listed network is open, and no other', async () => {
    const { origin, received } = await server();
    expect(await exchange(origin, loopback)).toMatchObject({ status: 200 });
    expect(await blockedBy(origin, new AddressPolicy(['10.0.0.0/8']))).toContain('only https');
    expect(received).toHaveLength(1);
  });

  test('of a public address is not open in clear text, whatever is listed', async () => {
    expect(await blockedBy('http://1.1.1.1/', loopback)).toContain('only https');
  });
});

describe('row 68: the lookup', () => {
  const look = (guard: EgressGuard, hostname: string, options: { all?: boolean }) => new Promise<unknown[]>((done) => {
    guard.lookup(hostname, options, (...given) => done(given));
  });
  const publicAnswer = ['93.184.216.34', '2606:2800:220:1::1'];

  test('gives what the resolver gave, in both forms', async () => {
    const guard = new EgressGuard('https:', nowhere, resolve(publicAnswer).lookup);
    expect(await look(guard, 'example.com', { all: true })).toEqual([null, [{ address: '93.184.216.34', family: 4 }, { address: '2606:2800:220:1::1', family: 6 }]]);
    expect(await look(guard, 'example.com', {})).toEqual([null, '93.184.216.34', 4]);
  });

  test.each([
    ['a private A', ['10.0.0.1']], ['a private AAAA', ['fd00::1']], ['a public A and a private AAAA', ['93.184.216.34', '::1']],
    ['a private A after a public one', ['93.184.216.34', '127.0.0.1']], ['a private AAAA before a public A', ['fe80::1', '93.184.216.34']],
    ['a mapped private address', ['::ffff:169.254.169.254']], ['a zone', ['fe80::1%eth0']], ['nip.io', ['127.0.0.1']],
  ])('refuses %s, in both forms', async (_what, answer) => {
    for (const options of [{ all: true }, {}]) {
      const guard = new EgressGuard('https:', nowhere, resolve(answer).lookup);
      expect(await look(guard, 'evil.example.com', options)).toMatchObject([{ name: 'BlockedError', message: expect.stringContaining('evil.example.com') }, []]);
    }
  });

  test('that finds nothing finds nothing', async () => {
    expect(await look(new EgressGuard('https:', nowhere, resolve([]).lookup), 'example.com', {})).toMatchObject([{ code: 'ENOTFOUND' }, []]);
  });

  test('passes on what went wrong', async () => {
    const failing = ((_name: string, _options: unknown, callback: (error: Error) => void) => callback(Object.assign(new Error('no'), { code: 'EAI_AGAIN' }))) as unknown;
    expect(await look(new EgressGuard('https:', nowhere, failing as typeof dns.lookup), 'example.com', {})).toMatchObject([{ code: 'EAI_AGAIN' }, []]);
  });

  test.each([['http:', 'app.internal.example'], ['https:', 'intranet']])('of %s//%s takes listed networks only', async (protocol, hostname) => {
    const policy = new AddressPolicy(['10.0.0.0/8']);
    expect(await look(new EgressGuard(protocol, policy, resolve(['10.0.0.1']).lookup), hostname, {})).toEqual([null, '10.0.0.1', 4]);
    expect((await look(new EgressGuard(protocol, policy, resolve(['1.1.1.1']).lookup), hostname, {}))[0]).toMatchObject({ name: 'BlockedError' });
  });

  test.each(['http', 'https'])('is made by the agent of %s, and no connection before it', async (protocol) => {
    const { origin, connections } = await server();
    const url = `${protocol}://localhost:${new URL(origin).port}/`;
    expect(await blockedBy(url, new AddressPolicy(['10.0.0.0/8']))).toContain('localhost');
    expect(connections).toEqual([]);
  });
});

describe('row 68: the address at the other end', () => {
  /** A socket that is led elsewhere by what the first two checks do not see. */
  function misled(port: string) {
    const connect = net.Socket.prototype.connect;
    const redirected = connect as (port: number, host: string, listener?: unknown) => net.Socket;
    jest.spyOn(net.Socket.prototype, 'connect').mockImplementation(function (this: net.Socket, ...given: unknown[]) {
      return redirected.call(this, Number(port), '127.0.0.1', given[1]);
    });
  }

  test.each(['http', 'https'])('of %s is checked before a byte is sent', async (protocol) => {
    const bytes: Buffer[] = [];
    let closed: (value?: unknown) => void;
    const over = new Promise((done) => { closed = done; });
    const raw = net.createServer((socket) => {
      socket.on('data', (chunk) => bytes.push(chunk));
      socket.on('error', () => undefined);
      socket.on('close', () => closed());
    });
    cleanups.push(() => raw.close());
    const { port } = new URL(await listen(raw));
    misled(port);
    const policy = protocol === 'http' ? new AddressPolicy(['10.0.0.0/8']) : nowhere;
    const url = protocol === 'http' ? 'http://10.0.0.1/' : 'https://1.1.1.1/';
    expect(await blockedBy(url, policy)).toContain(new URL(url).host);
    await over;
    expect(Buffer.concat(bytes)).toHaveLength(0);
  });

  test('DNS rebinding: a name that was public leads elsewhere at the next connection', async () => {
    const { asked, lookup } = resolve(['93.184.216.34'], ['127.0.0.1']);
    const guard = new EgressGuard('https:', nowhere, lookup);
    const ask = () => new Promise<unknown>((done) => guard.lookup('rebind.example.com', {}, (error) => done(error)));
    expect(await ask()).toBeNull();
    expect(await ask()).toMatchObject({ name: 'BlockedError' });
    expect(asked).toHaveLength(2);
  });

  test('is that of every new connection, and the check stays out of the way of one that is kept', async () => {
    const { origin, connections } = await server();
    const kept = new Connections({ timeout: 1_000 }, guardBy(loopback));
    for (let turn = 0; turn < 3; turn++) {
      const limits = { signal: AbortSignal.timeout(2_000), maxResponseBytes: 100 };
      expect(await kept.exchange({ url: new URL(origin), method: 'POST', headers: {}, ...limits })).toMatchObject({ status: 200 });
    }
    expect(connections).toHaveLength(1);
    kept.dropIdle();
  });
});

test('without a policy, private addresses are reached', async () => {
  const { origin } = await server();
  const free = new Connections({});
  const limits = { signal: AbortSignal.timeout(2_000), maxResponseBytes: 100 };
  expect(await free.exchange({ url: new URL(origin), method: 'POST', headers: {}, ...limits })).toMatchObject({ status: 200 });
  free.dropIdle();
});

test('row 28: a certificate that nobody vouches for is refused, whatever the environment says', async () => {
  const secure = https.createServer(selfSigned(), (_request, response) => response.end());
  cleanups.push(() => { secure.closeAllConnections(); secure.close(); });
  const origin = await listen(secure, 'https');
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  cleanups.push(() => { delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']; });
  await expect(exchange(origin, loopback)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
});

async function server() {
  const made = await httpServer();
  cleanups.push(made.close);
  return made;
}
