import type { Queue } from '../../../local/sqs/queue';
import { errorOf, MINUTE, receiveBodies, receiveOne, type Run, startRun } from './support';

let run: Run;
let queue: Queue;

beforeEach(() => {
  run = startRun();
  queue = run.engine.createQueue('orders.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
});

const explicit = (body: string, deduplicationId: string, groupId = 'g') => queue.send({ body, deduplicationId, groupId });

test('an id is needed unless the queue takes the content', () => {
  const strict = run.engine.createQueue('strict.fifo', { FifoQueue: 'true' });
  expect(errorOf(() => strict.send({ body: 'a', groupId: 'g' }))).toEqual({
    name: 'InvalidParameterValueException',
    message: 'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  });
  strict.send({ body: 'a', groupId: 'g', deduplicationId: '1' });
});

test('a repeated id within 5 minutes is accepted and not delivered', async () => {
  // "any messages sent with the same MessageDeduplicationId are accepted successfully but aren't delivered during the 5-minute
  // deduplication interval"
  const first = explicit('a', 'id');
  await run.clock.advance(5 * MINUTE - 1);
  expect(explicit('b', 'id', 'other')).toMatchObject({ messageId: first.messageId, sequenceNumber: first.sequenceNumber });
  expect(queue.counts().available).toBe(1);
  await run.clock.advance(1);
  expect(explicit('b', 'id').messageId).not.toBe(first.messageId);
  expect(receiveBodies(queue)).toEqual(['a', 'b']);
});

test('an id is remembered after its message is received and deleted', () => {
  // "Amazon SQS continues to keep track of the message deduplication ID even after the message is received and deleted."
  explicit('a', 'id');
  queue.delete(receiveOne(queue).receiptHandle);
  explicit('a', 'id');
  expect(receiveBodies(queue)).toEqual([]);
});

test('a repeated send does not prolong the interval', async () => {
  explicit('a', 'id');
  await run.clock.advance(4 * MINUTE);
  explicit('a', 'id');
  await run.clock.advance(MINUTE);
  explicit('a', 'id');
  expect(queue.counts().available).toBe(2);
});

test('the content of the body counts, the attributes do not', () => {
  // "uses a SHA-256 hash to generate the MessageDeduplicationId using the body of the message (but not the attributes of the message)"
  queue.send({ body: 'a', groupId: 'g' });
  queue.send({ body: 'a', groupId: 'g', messageAttributes: { A: { DataType: 'String', StringValue: 'v' } } });
  expect(queue.counts().available).toBe(1);
  expect(receiveOne(queue).attributes['MessageDeduplicationId']).toBe('ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb');
  // "the same as the one generated for the first MessageDeduplicationId, the two messages are treated as duplicates"
  explicit('b', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb');
  expect(queue.counts().available).toBe(0);
});

test('an explicit id wins over the content', () => {
  // "your MessageDeduplicationId overrides the generated one"
  explicit('a', '1');
  explicit('a', '2');
  expect(queue.counts().available).toBe(2);
});

test('the scope messageGroup compares within a group', () => {
  // "DeduplicationScope – Specifies whether message deduplication occurs at the message group or queue level."
  queue.setAttributes({ DeduplicationScope: 'messageGroup' });
  explicit('a', 'id', 'g');
  explicit('a', 'id', 'h');
  explicit('a', 'id', 'h');
  expect(queue.counts().available).toBe(2);
});

test('what a duplicate had said of itself is not kept', () => {
  explicit('first', 'id');
  expect(explicit('second', 'id').md5OfBody).toBe('a9f0e61a137d86aa9db53465e0801612');
  expect(receiveBodies(queue)).toEqual(['first']);
});

test('thousands of ids are forgotten in time', async () => {
  for (let i = 0; i < 3000; i++) explicit('a', `id${i}`);
  await run.clock.advance(5 * MINUTE);
  for (let i = 0; i < 3000; i++) explicit('a', `id${i}`);
  expect(queue.counts().available).toBe(6000);
  await run.clock.advance(MINUTE);
  for (let i = 0; i < 3000; i++) explicit('a', `id${i}`);
  expect(queue.counts().available).toBe(6000);
});
