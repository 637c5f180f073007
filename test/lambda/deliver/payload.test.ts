import { AwsCallError } from '../../../lambda/shared/aws-error';
import { answers, DAY, deliver, record, withPayload } from '../support/deliver';

const bytes = Buffer.alloc(4_718_592, 'x');
const big = withPayload(bytes);
const unavailable = () => Promise.reject(new AwsCallError('s3 GET', 'unavailable', 'SlowDown', 503));

test('a body that is in the payload bucket is read for the attempt', async () => {
  const queue = deliver();
  queue.payloads[big.payload.key] = bytes;
  expect(await queue.run([record(big)])).toEqual([]);
  expect(queue.deliveries).toMatchObject([{ id: big.id, source: 'stripe', attempt: 1 }]);
  expect(bytes.equals(queue.deliveries[0]!.body)).toBe(true);
});

test.each<[string, Buffer | undefined]>([
  ['that is gone', undefined], ['with another byte', Buffer.concat([bytes.subarray(1), Buffer.from('y')])], ['that was cut', bytes.subarray(1)], ['that is empty', Buffer.alloc(0)],
])('row 45: an object %s is a dead letter without an attempt', async (_how, object) => {
  const queue = deliver();
  if (object) queue.payloads[big.payload.key] = object;
  expect(await queue.run([record(big)])).toEqual([]);
  expect(queue.deliveries).toEqual([]);
  expect(queue.deadLetters).toMatchObject([{ body: JSON.stringify(big), attributes: { Reason: 'payload-missing', Detail: expect.stringContaining(big.payload.key) } }]);
  expect(queue.lines).toMatchObject([{ event: 'dead-lettered', id: big.id, source: 'stripe', reason: 'payload-missing', status: null }]);
});

test('row 45: a hash alone does not make an object the right one', async () => {
  const queue = deliver();
  queue.payloads[big.payload.key] = bytes;
  await queue.run([record({ ...big, payload: { ...big.payload, bytes: bytes.length - 1 } })]);
  expect(queue.deadLetters).toMatchObject([{ attributes: { Reason: 'payload-missing' } }]);
});

test('row 45: a bucket that does not answer is asked again after the usual pause', async () => {
  const queue = deliver(answers(200), { readPayload: unavailable });
  expect(await queue.run([record(big)])).toEqual(['m1']);
  expect(queue.deliveries).toEqual([]);
  expect(queue.deadLetters).toEqual([]);
  expect(queue.visibility).toEqual({ 'handle of m1': 5 });
  expect(queue.lines).toMatchObject([{
    event: 'attempt', id: big.id, outcome: 'aws', status: null, retryInSeconds: 5, ms: expect.any(Number),
    detail: expect.stringContaining('the body could not be read from the payload bucket: AwsCallError: s3 GET failed'),
  }]);
  // It says nothing about the target.
  expect(queue.values('Unavailable')).toEqual([]);
});

test('row 45: a bucket that never answers again is given up with the window', async () => {
  const queue = deliver(answers(200), { readPayload: unavailable });
  expect(await queue.run([record(big, { sent: 4 * DAY + 1, receives: 80 })])).toEqual([]);
  expect(queue.deadLetters).toMatchObject([{ attributes: { Reason: 'expired', Detail: expect.stringContaining('payload bucket') } }]);
});

test('no attempt begins when the bucket has taken the time for it', async () => {
  let remaining = 30_000;
  const queue = deliver(answers(200), { readPayload: async () => { remaining = 17_000; return bytes; } });
  expect(await queue.run([record(big)], () => remaining)).toEqual(['m1']);
  expect(queue.deliveries).toEqual([]);
  expect(queue.lines).toMatchObject([{ event: 'warning', code: 'out-of-time' }]);
});

test('a batch of big bodies is read at once, and each record has its own', async () => {
  const queue = deliver();
  const records = Array.from({ length: 10 }, (_, index) => {
    const body = Buffer.alloc(1_000_000 + index, String(index));
    const one = { ...withPayload(body), id: `evt_${index}` };
    queue.payloads[one.payload.key] = body;
    return record(one, {}, `m${index}`);
  });
  expect(await queue.run(records)).toEqual([]);
  expect(queue.deliveries.map(({ id, body }) => [id, body.length]).sort()).toEqual(records.map((_, index) => [`evt_${index}`, 1_000_000 + index]));
});
