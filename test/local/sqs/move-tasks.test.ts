import type { Queue } from '../../../local/sqs/queue';
import { DAY, errorOf, MINUTE, receiveBodies, receiveOne, type Run, SECOND, START, startRun, withDeadLetters } from './support';

let run: Run;
let queue: Queue;
let dlq: Queue;

beforeEach(() => {
  run = startRun();
  ({ queue, dlq } = withDeadLetters(run, 1));
});

/** Puts messages into the dead-letter queue the way SQS does. */
function bury(...bodies: string[]): void {
  for (const body of bodies) queue.send({ body });
  queue.receive({ maxMessages: bodies.length, visibilityTimeoutSeconds: 0 });
  queue.receive();
}

const start = (destination?: Queue, perSecond?: number) => run.engine.moveTasks.start(dlq.arn, destination?.arn, perSecond);
const latest = () => run.engine.moveTasks.list(dlq.arn)[0];

test('moves dead letters back to where they came from', async () => {
  // "If this field is left blank, the messages will be redriven back to their respective original source queues."
  const other = run.engine.createQueue('other', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dlq.arn, maxReceiveCount: 1 }) });
  bury('a', 'b');
  other.send({ body: 'c' });
  receiveOne(other, 0);
  other.receive();
  start();
  await run.clock.advance(SECOND);
  expect(latest()).toEqual({
    Status: 'COMPLETED', SourceArn: dlq.arn, ApproximateNumberOfMessagesMoved: 3, ApproximateNumberOfMessagesToMove: 3, StartedTimestamp: START,
  });
  expect([receiveBodies(queue), receiveBodies(other), dlq.counts().available]).toEqual([['a', 'b'], ['c'], 0]);
});

test('a moved message is a new message', async () => {
  // "All redriven messages are considered new messages with a new messageID and enqueueTime are assigned to redriven messages."
  bury('a');
  const buried = receiveOne(dlq, 0);
  await run.clock.advance(DAY);
  start();
  await run.clock.advance(0);
  const message = receiveOne(queue);
  expect(message.messageId).not.toBe(buried.messageId);
  expect(message.attributes).toEqual({
    SenderId: expect.any(String),
    SentTimestamp: String(START + DAY),
    ApproximateReceiveCount: '1',
    ApproximateFirstReceiveTimestamp: String(START + DAY),
  });
  // "The redrive task resets the retention period."
  queue.changeVisibility(message.receiptHandle, 0);
  expect(run.clock.nextDueAt).toBe(START + 5 * DAY);
});

test('moves to another queue when one is named, with its delay', async () => {
  const target = run.engine.createQueue('target', { DelaySeconds: '10' });
  bury('a');
  start(target);
  await run.clock.advance(0);
  expect(target.counts()).toEqual({ available: 0, delayed: 1, inFlight: 0 });
  expect(latest()).toMatchObject({ Status: 'COMPLETED', DestinationArn: target.arn });
});

test('moves at the rate asked for', async () => {
  bury('a', 'b', 'c', 'd');
  const handle = start(undefined, 1);
  expect(latest()).toEqual({
    TaskHandle: handle, Status: 'RUNNING', SourceArn: dlq.arn, MaxNumberOfMessagesPerSecond: 1,
    ApproximateNumberOfMessagesMoved: 0, ApproximateNumberOfMessagesToMove: 4, StartedTimestamp: START,
  });
  const moved: number[] = [];
  for (let i = 0; i < 4; i++) {
    await run.clock.advance(i === 0 ? 0 : SECOND);
    moved.push(queue.counts().available);
  }
  expect(moved).toEqual([1, 2, 3, 4]);
  expect(latest()).toMatchObject({ Status: 'COMPLETED' });
  expect(latest()).not.toHaveProperty('TaskHandle');
});

test('moves at most 500 a second', async () => {
  bury(...Array.from({ length: 1200 }, (_, i) => String(i)));
  start();
  await run.clock.advance(SECOND);
  expect(queue.counts().available).toBe(501);
  await run.clock.advance(2 * SECOND);
  expect(queue.counts().available).toBe(1200);
});

test('leaves what is in flight or delayed, and ends although messages come back', async () => {
  bury('a', 'b', 'c');
  receiveOne(dlq);
  dlq.send({ body: 'delayed', delaySeconds: 900 });
  start(undefined, 1);
  for (let i = 0; i < 5; i++) {
    await run.clock.advance(SECOND);
    queue.receive({ maxMessages: 10, visibilityTimeoutSeconds: 0 });
    queue.receive({ maxMessages: 10, visibilityTimeoutSeconds: 0 });
  }
  expect(latest()).toMatchObject({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 2, ApproximateNumberOfMessagesToMove: 2 });
  expect(dlq.counts()).toEqual({ available: 2, delayed: 1, inFlight: 1 });
});

test('a fast task moves no more than there was at its start', async () => {
  for (const body of ['a', 'b']) dlq.send({ body });
  start(queue);
  await run.clock.advance(1);
  for (const body of ['c', 'd']) dlq.send({ body });
  await run.clock.advance(SECOND);
  expect(latest()).toMatchObject({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 2 });
  expect(dlq.counts().available).toBe(2);
});

test('an empty queue is done at once', async () => {
  start();
  await run.clock.advance(0);
  expect(latest()).toMatchObject({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 0 });
});

describe('failures', () => {
  test('a message that was sent to the queue directly has no way back, and stays', async () => {
    // CouldNotDetermineMessageSource: "An Amazon SQS message sent directly to the DLQ with SendMessage API"
    bury('a');
    dlq.send({ body: 'direct' });
    bury('b');
    start();
    await run.clock.advance(MINUTE);
    expect(latest()).toMatchObject({ Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource', ApproximateNumberOfMessagesMoved: 1 });
    expect(receiveBodies(dlq)).toEqual(['direct', 'b']);
  });

  test('a named destination takes it', async () => {
    // "To resolve this error, choose Redrive to a custom destination when you start the redrive."
    dlq.send({ body: 'direct' });
    start(queue);
    await run.clock.advance(0);
    expect(receiveBodies(queue)).toEqual(['direct']);
  });

  test('the destination is deleted meanwhile', async () => {
    const target = run.engine.createQueue('target');
    bury('a', 'b');
    start(target, 1);
    await run.clock.advance(0);
    run.engine.deleteQueue(target);
    await run.clock.advance(SECOND);
    expect(latest()).toMatchObject({
      Status: 'FAILED', FailureReason: 'AWS.SimpleQueueService.NonExistentQueue', ApproximateNumberOfMessagesMoved: 1,
    });
    expect(dlq.counts().available).toBe(1);
  });

  test('the source is deleted meanwhile', async () => {
    bury('a', 'b');
    start(undefined, 1);
    run.engine.deleteQueue(dlq);
    await run.clock.advance(MINUTE);
    expect(queue.counts().available).toBe(0);
    expect(errorOf(latest).name).toBe('ResourceNotFoundException');
    run.engine.createQueue('dlq');
    expect(latest()).toMatchObject({ Status: 'FAILED', FailureReason: 'AWS.SimpleQueueService.NonExistentQueue' });
  });
});

test('a FIFO queue is moved in the order of its groups', async () => {
  const fifo = startRun();
  const { queue: source, dlq: dead } = withDeadLetters(fifo, 1, { fifo: true });
  for (const body of ['a1', 'a2', 'b1']) source.send({ body, groupId: body.slice(0, 1), deduplicationId: body });
  source.receive({ maxMessages: 3, visibilityTimeoutSeconds: 0 });
  source.receive();
  dead.send({ body: 'a3', groupId: 'a', deduplicationId: 'a3' });
  fifo.engine.moveTasks.start(dead.arn, source.arn);
  await fifo.clock.advance(SECOND);
  const received = source.receive({ maxMessages: 10 });
  expect(received.map(({ body }) => body)).toEqual(['a1', 'a2', 'a3', 'b1']);
  expect(received[2]?.attributes).toMatchObject({ MessageGroupId: 'a', MessageDeduplicationId: 'a3' });
});

test('a move never drops a message as a duplicate', async () => {
  const fifo = startRun();
  const { queue: source, dlq: dead } = withDeadLetters(fifo, 1, { fifo: true });
  const { messageId } = source.send({ body: 'a', groupId: 'g', deduplicationId: 'same' });
  dead.send({ body: 'b', groupId: 'g', deduplicationId: 'same' });
  fifo.engine.moveTasks.start(dead.arn, source.arn);
  await fifo.clock.advance(0);
  expect(receiveBodies(source)).toEqual(['a', 'b']);
  expect(source.send({ body: 'c', groupId: 'g', deduplicationId: 'same' }).messageId).toBe(messageId);
});
