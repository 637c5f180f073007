import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { createServer as createNetServer, type AddressInfo, type Server as NetServer } from 'node:net';
import { post } from '../../cli/post';

let server: Server;
let port: number;
let headers: IncomingHttpHeaders;

beforeEach(async () => {
  server = createServer((request, response) => {
    headers = request.headers;
    response.writeHead(202).end('taken');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => server.close());

test.each(['127.0.0.1', 'localhost', 'api123.execute-api.localhost'])('posts to %s of this machine, and names it', async (host) => {
  const url = new URL(`http://${host}:${port}/github`);
  expect(await post({ url, headers: { 'x-a': 'b' }, body: Buffer.from('{}') })).toMatchObject({ status: 202, text: 'taken' });
  expect(headers).toMatchObject({ 'host': `${host}:${port}`, 'x-a': 'b', 'content-length': '2' });
});

describe('a receiver that never ends its answer', () => {
  let listener: NetServer;
  let address: URL;
  const request = (): Parameters<typeof post>[0] => ({ url: address, headers: {}, body: Buffer.alloc(0) });

  /** Writes `first`, then a byte every 10 ms, for as long as somebody reads. */
  async function drip(first: string): Promise<void> {
    listener = createNetServer((socket) => {
      socket.on('error', () => undefined).write(first);
      const timer = setInterval(() => socket.write('x'), 10);
      socket.on('close', () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    address = new URL(`http://127.0.0.1:${(listener.address() as AddressInfo).port}/`);
  }
  afterEach(() => listener.close());

  test('has answered with its status', async () => {
    await drip('HTTP/1.1 200 OK\r\n\r\nhello');
    expect(await post(request(), 100)).toMatchObject({ status: 200, text: expect.stringMatching(/^hellox*$/) });
  });

  test('has not answered while its headers drip', async () => {
    await drip('HTTP/1.1 200 OK\r\nx-slow: ');
    await expect(post(request(), 100)).rejects.toMatchObject({ exit: 4, message: expect.stringContaining('no answer within 0.1 s') });
  });
});

test('an answer that breaks off is one', async () => {
  server.removeAllListeners('request').on('request', (_request, response: ServerResponse) => {
    response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
  });
  expect(await post({ url: new URL(`http://127.0.0.1:${port}/`), headers: {}, body: Buffer.alloc(0) })).toMatchObject({ status: 200, text: 'half' });
});

test.each([['a\nb', 'U+000A'], ['\u202e', 'U+202E'], ['\0', 'U+0000']])('a header cannot carry %j, and its value is not shown', async (value, character) => {
  const request = { url: new URL(`http://127.0.0.1:${port}/`), headers: { 'x-token': `hidden${value}` }, body: Buffer.alloc(0) };
  const error = await post(request).catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ exit: 2, message: expect.stringContaining(`"x-token" would have the character ${character}`) });
  expect(error).not.toMatchObject({ message: expect.stringContaining('hidden') });
});
