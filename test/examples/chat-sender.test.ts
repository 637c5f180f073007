import { execFile } from 'child_process';
import { createServer, IncomingMessage, Server } from 'http';
import { AddressInfo } from 'net';
import * as path from 'path';
import { promisify } from 'util';

const run = promisify(execFile);
const SENDER = path.resolve('examples/custom-target/sender/sender.mjs');

interface Answer {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
}

let server: Server;
let answer: Answer;
const received: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => { body += chunk; }).on('end', () => {
      received.push({ headers: request.headers, body });
      response.writeHead(answer.status, answer.headers).end('{"ok":true}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => { server.close(); });
beforeEach(() => { received.length = 0; });

/** Sends one event as the delivery function does, in a process of its own. */
async function send(given: Answer, delivery: object = {}): Promise<unknown> {
  answer = given;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const event = { id: 'evt_1', source: 'github', type: 'push', ...delivery };
  const script = `const { createSender } = await import(${JSON.stringify(SENDER)});`
    + `const sender = createSender({ settings: { prefix: 'New: ' }, environment: { CHAT_URL: ${JSON.stringify(url)} } });`
    + `console.log(JSON.stringify(await sender.send({ ...${JSON.stringify(event)}, signal: new AbortController().signal })));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script]);
  return JSON.parse(stdout);
}

test('posts a line of text', async () => {
  expect(await send({ status: 200 })).toEqual({ outcome: 'delivered', status: 200 });
  expect(received).toEqual([{ headers: expect.objectContaining({ 'content-type': 'application/json' }), body: '{"text":"New: push from github (evt_1)"}' }]);
});

test('an event without a type is one too', async () => {
  await send({ status: 200 }, { type: null });
  expect(received[0]?.body).toBe('{"text":"New: an event from github (evt_1)"}');
});

test.each<[Answer, object]>([
  [{ status: 429, headers: { 'retry-after': '30' } }, { outcome: 'status', status: 429, retryAfterSeconds: 30 }],
  [{ status: 503, headers: { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' } }, { outcome: 'status', status: 503 }],
  [{ status: 302, headers: { location: '/elsewhere' } }, { outcome: 'status', status: 302 }],
  [{ status: 404 }, { outcome: 'status', status: 404, permanent: true }],
])('%j is %j', async (given, expected) => {
  expect(await send(given)).toMatchObject(expected);
  expect(received).toHaveLength(1);
});
