import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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
