import { createHash } from 'node:crypto';
import { MAX_BODY_BYTES } from '../../../lib/contract/envelope';
import { AwsClient, type CallOptions } from '../../../lambda/shared/aws';
import { Payloads } from '../../../lambda/shared/payloads';
import { httpServer, type Answer } from '../support/server';

const KEY = `payloads/evt_abcdefghijklmnopqrstuvwxyz/${createHash('sha256').update('x').digest('hex')}`;
const ENVIRONMENT = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'SECRET', AWS_REGION: 'eu-west-1' };

const cleanups: (() => void)[] = [];
afterEach(() => { for (const cleanup of cleanups.splice(0)) cleanup(); });

async function bucket(answer?: Answer, options?: CallOptions) {
  const server = await httpServer(answer);
  cleanups.push(server.close);
  return { ...server, payloads: new Payloads(new AwsClient({ ...ENVIRONMENT, AWS_ENDPOINT_URL: server.origin }), 'gateway-payloads', options) };
}

const refusal = (code: string) => `<Error><Code>${code}</Code></Error>`;

test('the largest body comes back byte for byte', async () => {
  const objects: { [url: string]: Buffer } = {};
  const { payloads, received } = await bucket(({ method, url, body }, response) => {
    if (method === 'PUT') objects[url] = body;
    response.end(method === 'PUT' ? '' : objects[url]);
    // However slow the machine is.
  }, { timeoutMs: 60_000, tries: 1 });
  const body = Buffer.alloc(MAX_BODY_BYTES, 0xfe);
  await payloads.put(KEY, body);
  expect((await payloads.get(KEY))?.equals(body)).toBe(true);
  expect(received.map(({ method, url }) => [method, url])).toEqual([['PUT', `/gateway-payloads/${KEY}`], ['GET', `/gateway-payloads/${KEY}`]]);
});

test('an object that is not there is undefined', async () => {
  const { payloads, received } = await bucket((_request, response) => response.writeHead(404).end(refusal('NoSuchKey')));
  expect(await payloads.get(KEY)).toBeUndefined();
  expect(received).toHaveLength(1);
});

test.each([[404, 'NoSuchBucket', 1], [403, 'AccessDenied', 1], [503, 'SlowDown', 2], [500, 'InternalError', 2]])(
  'row 45: %d %s is no word of an object, neither got nor put', async (status, code, tries) => {
    const { payloads, received } = await bucket((_request, response) => response.writeHead(status).end(refusal(code)));
    await expect(payloads.get(KEY)).rejects.toMatchObject({ code });
    await expect(payloads.put(KEY, Buffer.from('x'))).rejects.toMatchObject({ code });
    expect(received).toHaveLength(2 * tries);
  });

test.each([
  '', 'payloads', `other/evt_a/${'0'.repeat(64)}`, `payloads/../../other/${'0'.repeat(64)}`, `payloads/%2e%2e/${'0'.repeat(64)}`, `payloads/evt_a/${'0'.repeat(63)}`,
  `payloads/evt_a/${'0'.repeat(64)}?acl`, `payloads/evt_a/${'0'.repeat(64)}\n`, `payloads/evt a/${'0'.repeat(64)}`,
])('a message cannot ask for %j', async (key) => {
  const { payloads, received } = await bucket();
  expect(await payloads.get(key)).toBeUndefined();
  expect(received).toEqual([]);
});
