import type { Queue } from '../../../local/sqs/queue';
import { errorOf, receiveBodies, receiveOne, type Run, SECOND, startRun } from './support';

let run: Run;
let queue: Queue;

beforeEach(() => {
  run = startRun();
  queue = run.engine.createQueue('orders.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
});

/** `a1` goes to group a. */
function send(...bodies: string[]) {
  return bodies.map((body) => queue.send({ body, groupId: body.slice(0, 1) }));
}

describe('groups', () => {
  test('a message needs a group', () => {
    // "If you do not provide a MessageGroupId when sending a message to a FIFO queue, the action fails."
    expect(errorOf(() => queue.send({ body: 'a' }))).toEqual({
      name: 'MissingRequiredParameterException', message: 'The request must contain the parameter MessageGroupId.',
    });
  });

  test('one receive takes as many of a group as it may, in order, then goes to the next group', () => {
    // "SQS first attempts to return as many messages with the same message group ID as possible."
    send('a1', 'b1', 'a2', 'c1', 'a3', 'b2');
    expect(receiveBodies(queue, 4)).toEqual(['a1', 'a2', 'a3', 'b1']);
    expect(receiveBodies(queue, 4)).toEqual(['c1']);
  });

  test('while a message of a group is in flight, nothing else of it is returned', () => {
    // "While messages with a particular MessageGroupId are invisible, no more messages belonging to the same MessageGroupId are
    // returned until the visibility timeout expires."
    send('a1', 'a2', 'b1');
    expect(receiveOne(queue).body).toBe('a1');
    expect(receiveBodies(queue)).toEqual(['b1']);
    expect(queue.counts()).toEqual({ available: 1, delayed: 0, inFlight: 2 });
  });

  test('a group is free when all that was received of it is deleted', () => {
    send('a1', 'a2', 'a3');
    const [a1, a2] = queue.receive({ maxMessages: 2 });
    queue.delete(a2!.receiptHandle);
    expect(receiveBodies(queue)).toEqual([]);
    queue.delete(a1!.receiptHandle);
    expect(receiveBodies(queue)).toEqual(['a3']);
  });

  test('a message that is visible again comes before those behind it', async () => {
    send('a1', 'a2');
    receiveOne(queue);
    send('a3');
    await run.clock.advance(30 * SECOND);
    expect(receiveBodies(queue)).toEqual(['a1', 'a2', 'a3']);
  });

  test('a group whose first message is visible again waits for the others of its receive', async () => {
    send('a1', 'a2');
    const [a1, a2] = queue.receive({ maxMessages: 2 });
    queue.changeVisibility(a2!.receiptHandle, 60);
    queue.changeVisibility(a1!.receiptHandle, 0);
    expect(receiveBodies(queue)).toEqual([]);
    await run.clock.advance(60 * SECOND);
    expect(receiveBodies(queue)).toEqual(['a1', 'a2']);
  });

  test('a receive that hides nothing locks nothing', () => {
    send('a1');
    receiveOne(queue, 0);
    expect(receiveBodies(queue)).toEqual(['a1']);
  });

  test('a message in flight that outlives its retention frees its group', async () => {
    queue.setAttributes({ MessageRetentionPeriod: '60' });
    send('a1');
    receiveOne(queue, 3600);
    await run.clock.advance(30 * SECOND);
    send('a2');
    await run.clock.advance(30 * SECOND);
    expect(receiveBodies(queue)).toEqual(['a2']);
  });
});

test('nothing is kept of a group without messages', () => {
  send('a1', 'b1');
  for (const { receiptHandle } of queue.receive({ maxMessages: 2 })) queue.delete(receiptHandle);
  const { store } = queue as unknown as { store: { order: { groups: Map<string, unknown> } } };
  expect(store.order.groups.size).toBe(0);
});

describe('sequence numbers', () => {
  test('grow, are given to sender and receiver, and stay', async () => {
    const [first, second] = send('a1', 'a2');
    expect(first!.sequenceNumber).toMatch(/^\d{20}$/);
    expect(BigInt(second!.sequenceNumber!)).toBeGreaterThan(BigInt(first!.sequenceNumber!));
    expect(receiveOne(queue).attributes).toMatchObject({ SequenceNumber: first!.sequenceNumber, MessageGroupId: 'a' });
    await run.clock.advance(30 * SECOND);
    expect(receiveOne(queue).attributes['SequenceNumber']).toBe(first!.sequenceNumber);
  });
});

describe('delays', () => {
  test('a message cannot have its own', () => {
    // "When you set FifoQueue, you can't set DelaySeconds per message."
    expect(errorOf(() => queue.send({ body: 'a', groupId: 'g', delaySeconds: 2 })).message)
      .toBe('Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.');
    queue.send({ body: 'a', groupId: 'g', delaySeconds: 0 });
  });

  test('the queue\'s delay holds, and a new one holds for those who wait', async () => {
    // "For FIFO queues, the per-queue delay setting is retroactive"
    queue.setAttributes({ DelaySeconds: '900' });
    send('a1');
    await run.clock.advance(SECOND);
    send('a2');
    queue.setAttributes({ DelaySeconds: '10' });
    await run.clock.advance(9 * SECOND);
    expect(receiveBodies(queue)).toEqual(['a1']);
    queue.setAttributes({ DelaySeconds: '0' });
    expect(queue.counts()).toEqual({ available: 1, delayed: 0, inFlight: 1 });
  });
});

describe('receipt handles', () => {
  test('a handle whose visibility timeout is over deletes nothing and is an error', async () => {
    // "When working with FIFO queues, DeleteMessage operations will fail if the request is received outside of the visibility
    // timeout window."
    send('a1');
    const { receiptHandle } = receiveOne(queue);
    await run.clock.advance(30 * SECOND + 1);
    expect(errorOf(() => queue.delete(receiptHandle))).toEqual({
      name: 'InvalidParameterValueException',
      message: `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    });
    receiveOne(queue);
    expect(() => queue.delete(receiptHandle)).toThrow('The receipt handle has expired.');
    expect(queue.counts().inFlight).toBe(1);
  });

  test('with a timeout of 0 a message can be deleted in the same millisecond', async () => {
    // "If the visibility timeout is 0 seconds, the message must be deleted within the same millisecond it was sent"
    send('a1', 'a2');
    queue.delete(receiveOne(queue, 0).receiptHandle);
    const { receiptHandle } = receiveOne(queue, 0);
    await run.clock.advance(1);
    expect(() => queue.delete(receiptHandle)).toThrow('The receipt handle has expired.');
  });
});

test('onVisible is called when a group becomes free', async () => {
  send('a1', 'a2');
  const [a1] = queue.receive();
  const calls = jest.fn();
  queue.onVisible(calls);
  queue.changeVisibility(a1!.receiptHandle, 60);
  await run.clock.idle();
  expect(calls).not.toHaveBeenCalled();
  queue.delete(a1!.receiptHandle);
  await run.clock.idle();
  expect(calls).toHaveBeenCalledTimes(1);
});
