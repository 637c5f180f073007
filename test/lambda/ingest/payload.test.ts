import { createHash, randomBytes } from 'node:crypto';
import { ENVELOPE_VERSION, MAX_BODY_BYTES, payloadThresholdBytes } from '../../../lib/contract/envelope';
import { openEnvelope } from '../../../lambda/deliver/open';
import { apiEvent, bytesOf, githubPost, ingest, ingestConfig, payloadBucket } from '../support/ingest';

const targets = (queues: number) => Object.fromEntries(Array.from({ length: queues }, (_, n) => [`t${n}`, { queueUrl: `https://sqs/t${n}` }]));
const gatewayOf = (queues: number, bucket = payloadBucket()) => (
  { bucket, ...ingest({ config: { ...ingestConfig(), targets: targets(queues) }, putPayload: bucket.putPayload }) });

/** A body of ASCII without escapes. */
const text = (bytes: number) => Buffer.alloc(bytes, 'x');

/** How much an envelope has beside such a body. */
async function overhead(): Promise<number> {
  const gateway = ingest();
  await gateway.post(githubPost(text(0)));
  return Buffer.byteLength(gateway.sent[0]!.message);
}

describe('a body', () => {
  test.each([[1, 256], [2, 256], [3, 128], [10, 128]])('for %d queues goes to the bucket where its envelope is above %d KB', async (queues, kilobytes) => {
    const limit = kilobytes * 1024;
    expect(payloadThresholdBytes(queues)).toBe(limit);
    const most = limit - await overhead();

    const inside = gatewayOf(queues);
    expect((await inside.post(githubPost(text(most)))).statusCode).toBe(200);
    expect(inside.sent.map(({ message }) => Buffer.byteLength(message))).toEqual(Array.from({ length: queues }, () => limit));
    expect(inside.envelopes()[0]).toMatchObject({ v: 1, body: expect.any(String) });
    expect(inside.bucket.objects).toEqual({});

    const above = gatewayOf(queues);
    expect((await above.post(githubPost(text(most + 1)))).statusCode).toBe(200);
    expect(above.sent).toHaveLength(queues);
    expect(Object.keys(above.bucket.objects)).toHaveLength(1);
    expect(above.envelopes()[0]).toMatchObject({ v: ENVELOPE_VERSION });
  });

  test('in the bucket is referred to by its id, its length and its hash, with all else in the message', async () => {
    const gateway = gatewayOf(2);
    const body = randomBytes(300_000);
    expect((await gateway.post(githubPost(body))).statusCode).toBe(200);
    const [envelope, other] = gateway.envelopes();
    const sha256 = createHash('sha256').update(body).digest('hex');
    const key = `payloads/${envelope!.id}/${sha256}`;
    expect(envelope).toEqual({
      v: 2, id: expect.stringMatching(/^evt_[a-z2-7]{26}$/), source: 'github', type: 'issues', providerId: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      time: '2026-01-02T03:04:05.000Z', headers: expect.objectContaining({ 'x-github-event': 'issues' }), payload: { key, bytes: 300_000, sha256 },
    });
    expect(other).toEqual(envelope);
    expect(Buffer.compare(gateway.bucket.objects[key]!, body)).toBe(0);
    expect(openEnvelope(gateway.sent[0]!.message)).toMatchObject({ kind: 'elsewhere', payload: { key } });
    expect(gateway.lines).toMatchObject([{ event: 'accepted', bytes: 300_000, targets: ['t0', 't1'] }]);
  });

  test('that is text with many escapes stays inside as base64 where that is short enough', async () => {
    const gateway = gatewayOf(1);
    const body = Buffer.alloc(150_000);
    await gateway.post(githubPost(body));
    expect(gateway.envelopes()[0]).toMatchObject({ v: 1, bodyBase64: expect.any(String) });
    expect(bytesOf(gateway.envelopes()[0]!).equals(body)).toBe(true);
  });

  test('that is another one under the same event id does not take the place of the first', async () => {
    const gateway = gatewayOf(1);
    for (const body of [randomBytes(300_000), randomBytes(300_000)]) await gateway.post(githubPost(body));
    expect(new Set(gateway.envelopes().map(({ id }) => id)).size).toBe(1);
    expect(Object.keys(gateway.bucket.objects)).toHaveLength(2);
  });
});

describe('row 12: the size', () => {
  test.each([[MAX_BODY_BYTES - 1, 200], [MAX_BODY_BYTES, 200], [MAX_BODY_BYTES + 1, 413], [6 * 1024 * 1024, 413]])(
    '%d random bytes, in the base64 of API Gateway, answer %d', async (bytes, status) => {
      const gateway = gatewayOf(3);
      const body = randomBytes(bytes);
      const event = apiEvent(githubPost(body));
      expect(event.isBase64Encoded).toBe(true);
      expect((await gateway.handler(event)).statusCode).toBe(status);
      if (status === 200) expect(Buffer.compare(Object.values(gateway.bucket.objects)[0]!, body)).toBe(0);
      else {
        expect(gateway.lines).toMatchObject([{ event: 'rejected', reason: 'size', detail: `the body has ${bytes} bytes, and ${MAX_BODY_BYTES} are allowed` }]);
        expect([gateway.sent, gateway.bucket.objects]).toEqual([[], {}]);
      }
    });

  test('of the longest text comes through as it is', async () => {
    const gateway = gatewayOf(1);
    const part = '{"ü":"💥\\u0000"},';
    const body = Buffer.from(part.repeat(Math.floor(MAX_BODY_BYTES / Buffer.byteLength(part))));
    expect((await gateway.handler(apiEvent({ ...githubPost(body), base64: false }))).statusCode).toBe(200);
    expect(Buffer.compare(Object.values(gateway.bucket.objects)[0]!, body)).toBe(0);
  });
});
