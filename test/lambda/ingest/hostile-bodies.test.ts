import { gzipSync } from 'node:zlib';
import { bytesOf, githubPost, ingest, payloadBucket, stripePost } from '../support/ingest';

test('row 13: a compressed body is verified and passed on as it came, however much it would inflate to', async () => {
  const gateway = ingest();
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const post = githubPost(bomb);
  expect(await gateway.post({ ...post, headers: { ...post.headers, 'content-encoding': 'gzip' } })).toEqual({ statusCode: 200 });
  expect(bytesOf(gateway.envelopes()[0]!).equals(bomb)).toBe(true);
});

test.each([
  ['lists 100,000 deep', `"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['objects 100,000 deep', `"deep":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ['100,000 keys', Array.from({ length: 100_000 }, (_, key) => `"k${key}":0`).join()],
  ['keys that come twice', '"id":"evt_0","type":"customer.created","a":1,"a":2'],
  ['__proto__', '"__proto__":{"id":"evt_0","type":"customer.created","polluted":true}'],
  ['constructor.prototype', '"constructor":{"prototype":{"polluted":true}}'],
])('row 11: a body with %s is accepted with the same bytes, and has the id and the type that its sender gave it', async (_what, fields) => {
  const bucket = payloadBucket();
  const gateway = ingest({ putPayload: bucket.putPayload });
  const body = `{${fields},"id":"evt_1","type":"invoice.paid"}`;
  expect(await gateway.post(stripePost(body))).toEqual({ statusCode: 200 });
  const envelope = gateway.envelopes()[0]!;
  expect(envelope).toMatchObject({ providerId: 'evt_1', type: 'invoice.paid' });
  const bytes = envelope.payload ? bucket.objects[envelope.payload.key] as Buffer : bytesOf(envelope);
  expect(Buffer.from(body).equals(bytes)).toBe(true);
  expect('polluted' in {}).toBe(false);
});
