import type { Queue } from '../../../local/sqs/queue';
import { errorOf, HOUR, receiveBodies, receiveOne, type Run, SECOND, START, startRun } from './support';

let run: Run;
let queue: Queue;

beforeEach(() => {
  run = startRun();
  queue = run.engine.createQueue('orders');
});

test('a message is hidden for the queue\'s 30 seconds, then comes back with one more receive', async () => {
  queue.send({ body: 'a' });
  receiveOne(queue);
  expect(queue.counts()).toEqual({ available: 0, delayed: 0, inFlight: 1 });
  await run.clock.advance(30 * SECOND - 1);
  expect(receiveBodies(queue)).toEqual([]);
  await run.clock.advance(1);
  expect(receiveOne(queue).attributes).toMatchObject({ ApproximateReceiveCount: '2', ApproximateFirstReceiveTimestamp: String(START) });
});

test('a receive may ask for another timeout, and 0 hides nothing', () => {
  queue.send({ body: 'a' });
  const first = receiveOne(queue, 0);
  const second = receiveOne(queue, 5);
  // "A new receipt handle is returned every time you receive a message."
  expect(second.receiptHandle).not.toBe(first.receiptHandle);
  expect(second.attributes['ApproximateReceiveCount']).toBe('2');
  expect(queue.counts().inFlight).toBe(1);
});

test('one receive never has a message twice, not even without a timeout', () => {
  queue.send({ body: 'a' });
  queue.send({ body: 'b' });
  expect(queue.receive({ maxMessages: 10, visibilityTimeoutSeconds: 0 }).map(({ body }) => body)).toEqual(['a', 'b']);
});

test('a change counts from the call, not from the receive', async () => {
  // "the 10 seconds begin to count from the time that you make the ChangeMessageVisibility call"
  queue.send({ body: 'a' });
  const { receiptHandle } = receiveOne(queue, 60);
  await run.clock.advance(15 * SECOND);
  queue.changeVisibility(receiptHandle, 10);
  await run.clock.advance(10 * SECOND - 1);
  expect(queue.counts().inFlight).toBe(1);
  await run.clock.advance(1);
  expect(queue.counts().available).toBe(1);
});

test('a change holds for this receive only', async () => {
  // "the visibility timeout for the message reverts to the original timeout value … the next time the message is received"
  queue.send({ body: 'a' });
  queue.changeVisibility(receiveOne(queue).receiptHandle, 0);
  receiveOne(queue);
  await run.clock.advance(30 * SECOND - 1);
  expect(queue.counts().inFlight).toBe(1);
});

test('a change to 0 makes the message available at once', () => {
  queue.send({ body: 'a' });
  queue.changeVisibility(receiveOne(queue).receiptHandle, 0);
  expect(receiveBodies(queue)).toEqual(['a']);
});

test('a message stays hidden for 12 hours from its receive at most, however it is extended', async () => {
  // "Amazon SQS doesn't automatically recalculate and increase the timeout to the maximum remaining time."
  queue.send({ body: 'a' });
  const { receiptHandle } = receiveOne(queue);
  queue.changeVisibility(receiptHandle, 43_200);
  await run.clock.advance(11 * HOUR);
  expect(errorOf(() => queue.changeVisibility(receiptHandle, 3601))).toEqual({
    name: 'InvalidParameterValueException',
    message: 'Value 3601 for parameter VisibilityTimeout is invalid. '
      + 'Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
  });
  queue.changeVisibility(receiptHandle, 3600);
  await run.clock.advance(HOUR - 1);
  expect(queue.counts().inFlight).toBe(1);
  await run.clock.advance(1);
  expect(queue.counts().available).toBe(1);
  expect(() => queue.changeVisibility(receiveOne(queue).receiptHandle, 43_200)).not.toThrow();
});

test('a millisecond after the receive, 12 hours are too many', async () => {
  queue.send({ body: 'a' });
  const { receiptHandle } = receiveOne(queue);
  await run.clock.advance(1);
  expect(() => queue.changeVisibility(receiptHandle, 43_200)).toThrow('beyond the limit');
  queue.changeVisibility(receiptHandle, 43_199);
});

test.each([-1, 43_201, 0.5])('refuses a timeout of %p seconds', (seconds) => {
  queue.send({ body: 'a' });
  expect(() => queue.receive({ visibilityTimeoutSeconds: seconds })).toThrow('for parameter VisibilityTimeout is invalid');
  const { receiptHandle } = receiveOne(queue);
  expect(() => queue.changeVisibility(receiptHandle, seconds)).toThrow('for parameter VisibilityTimeout is invalid');
});

test('a message that is visible again is not in flight', async () => {
  // MessageNotInflight: "The specified message isn't in flight."
  queue.send({ body: 'a' });
  const { receiptHandle } = receiveOne(queue);
  await run.clock.advance(30 * SECOND);
  expect(errorOf(() => queue.changeVisibility(receiptHandle, 10)).name).toBe('MessageNotInflight');
});
