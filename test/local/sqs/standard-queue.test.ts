import type { Queue } from '../../../local/sqs/queue';
import { errorOf, receiveBodies, receiveOne, type Run, SECOND, START, startRun } from './support';

let run: Run;
let queue: Queue;

beforeEach(() => {
  run = startRun();
  queue = run.engine.createQueue('orders');
});

describe('send and receive', () => {
  test('a received message has its ids, digests and system attributes', async () => {
    const sent = queue.send({ body: 'hello', messageAttributes: { Kind: { DataType: 'String', StringValue: 'greeting' } }, traceHeader: 'Root=1-x' });
    await run.clock.advance(1500);
    const message = receiveOne(queue);
    expect(message).toEqual({
      messageId: sent.messageId,
      receiptHandle: expect.any(String),
      body: 'hello',
      md5OfBody: '5d41402abc4b2a76b9719d911017c592',
      md5OfMessageAttributes: sent.md5OfMessageAttributes,
      messageAttributes: { Kind: { DataType: 'String', StringValue: 'greeting' } },
      // "ApproximateFirstReceiveTimestamp and SentTimestamp are each returned as an integer representing the epoch time in milliseconds."
      attributes: {
        SenderId: expect.stringMatching(/^[A-Z0-9]{20}$/),
        SentTimestamp: String(START),
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: String(START + 1500),
        AWSTraceHeader: 'Root=1-x',
      },
    });
  });

  test('message ids are version 4 UUIDs, and the same again with the same random numbers', () => {
    const ids = () => {
      const { engine } = startRun();
      const other = engine.createQueue('q');
      return [other.send({ body: 'a' }).messageId, other.send({ body: 'a' }).messageId];
    };
    expect(ids()).toEqual(ids());
    expect(ids()[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids()[0]).not.toBe(ids()[1]);
  });

  test('gives as many as are asked for, and no message twice', () => {
    for (const body of ['a', 'b', 'c']) queue.send({ body });
    expect(receiveBodies(queue, 2)).toEqual(['a', 'b']);
    expect(receiveBodies(queue, 2)).toEqual(['c']);
    expect(receiveBodies(queue, 2)).toEqual([]);
  });

  test('what became visible again waits behind what is already available', async () => {
    queue.send({ body: 'failing' });
    receiveOne(queue, 10);
    queue.send({ body: 'new' });
    await run.clock.advance(10 * SECOND);
    expect(receiveBodies(queue)).toEqual(['new', 'failing']);
  });

  test('takes a message group id, and gives messages of one group in parallel', () => {
    // "Unlike FIFO queues, messages with the same MessageGroupId can be processed in parallel"
    queue.send({ body: 'a', groupId: 'tenant' });
    queue.send({ body: 'b', groupId: 'tenant' });
    expect(receiveOne(queue).attributes['MessageGroupId']).toBe('tenant');
    expect(receiveOne(queue).body).toBe('b');
  });

  test('takes no deduplication id', () => {
    expect(errorOf(() => queue.send({ body: 'a', groupId: 'g', deduplicationId: 'd' }))).toEqual({
      name: 'InvalidParameterValueException',
      message: 'Value d for parameter MessageDeduplicationId is invalid. '
        + 'Reason: The request include parameter that is not valid for this queue type.',
    });
  });
});

describe('delays', () => {
  test('a delayed message becomes available after its delay', async () => {
    // "Messages with a positive DelaySeconds value become available for processing after the delay period is finished."
    queue.send({ body: 'later', delaySeconds: 900 });
    expect(queue.counts()).toEqual({ available: 0, delayed: 1, inFlight: 0 });
    await run.clock.advance(900 * SECOND - 1);
    expect(receiveBodies(queue)).toEqual([]);
    await run.clock.advance(1);
    expect(receiveBodies(queue)).toEqual(['later']);
  });

  test.each([-1, 901, 1.5])('refuses a delay of %p seconds', (delaySeconds) => {
    expect(errorOf(() => queue.send({ body: 'a', delaySeconds })).message).toMatch(`Value ${delaySeconds} for parameter DelaySeconds is invalid.`);
  });

  test('the queue\'s delay holds where the message names none', () => {
    // "If you don't specify a value, the default value for the queue applies."
    queue.setAttributes({ DelaySeconds: '5' });
    queue.send({ body: 'queue' });
    queue.send({ body: 'own', delaySeconds: 0 });
    expect(receiveBodies(queue)).toEqual(['own']);
    expect(queue.counts().delayed).toBe(1);
  });

  test('a new delay of the queue spares the messages that already wait', async () => {
    // "For standard queues, the per-queue delay setting is not retroactive"
    queue.setAttributes({ DelaySeconds: '5' });
    queue.send({ body: 'a' });
    queue.setAttributes({ DelaySeconds: '900' });
    await run.clock.advance(5 * SECOND);
    expect(receiveBodies(queue)).toEqual(['a']);
  });
});

describe('onVisible', () => {
  let calls: number[];
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  beforeEach(() => {
    calls = [];
    queue.onVisible(() => calls.push(run.clock.now() - START));
  });

  test('is called once for all sends of a turn, and not synchronously', async () => {
    queue.send({ body: 'a' });
    queue.send({ body: 'b' });
    expect(calls).toEqual([]);
    await turn();
    expect(calls).toEqual([0]);
  });

  test('is called when a delay and when a visibility timeout is over', async () => {
    queue.send({ body: 'a', delaySeconds: 1 });
    await run.clock.advance(SECOND);
    receiveOne(queue);
    await run.clock.advance(31 * SECOND);
    expect(calls).toEqual([SECOND, 31 * SECOND]);
  });

  test('is not called when nothing becomes receivable', async () => {
    queue.send({ body: 'a' });
    await turn();
    const { receiptHandle } = receiveOne(queue);
    queue.changeVisibility(receiptHandle, 100);
    queue.delete(receiptHandle);
    await turn();
    expect(calls).toEqual([0]);
  });

  test('is not called in the turn in which another listener ends it', async () => {
    const ended = jest.fn();
    queue.onVisible(() => end());
    const end = queue.onVisible(ended);
    queue.send({ body: 'a' });
    await turn();
    expect(ended).not.toHaveBeenCalled();
  });

  test('is no longer called after it was ended', async () => {
    const ended = jest.fn();
    queue.onVisible(ended)();
    queue.send({ body: 'a' });
    await turn();
    expect(ended).not.toHaveBeenCalled();
  });
});

test('the clock shows the next instant of a queue, and no timer is left when it is empty', async () => {
  queue.send({ body: 'a' });
  queue.send({ body: 'b' });
  const [a, b] = queue.receive({ maxMessages: 2 });
  queue.changeVisibility(a!.receiptHandle, 10);
  expect([run.clock.due, run.clock.nextDueAt]).toEqual([1, START + 10 * SECOND]);
  queue.delete(a!.receiptHandle);
  expect([run.clock.due, run.clock.nextDueAt]).toEqual([1, START + 30 * SECOND]);
  queue.delete(b!.receiptHandle);
  expect([run.clock.due, run.clock.nextDueAt]).toEqual([0, null]);
});
