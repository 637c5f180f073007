import { DAY, HOUR, receiveBodies, receiveOne, type Run, SECOND, START, startRun, withDeadLetters } from './support';

let run: Run;

beforeEach(() => {
  run = startRun();
});

describe('a standard queue', () => {
  test('moves a message when it would be received more often than maxReceiveCount', async () => {
    // "When the ReceiveCount for a message exceeds the maxReceiveCount for a queue, Amazon SQS moves the message to the
    // dead-letter-queue."
    const { queue, dlq } = withDeadLetters(run, 2);
    queue.send({ body: 'a' });
    receiveOne(queue, 0);
    receiveOne(queue);
    await run.clock.advance(30 * SECOND);
    expect(queue.counts().available).toBe(1);
    expect(receiveBodies(queue)).toEqual([]);
    expect(queue.counts().available).toBe(0);
    expect(dlq.counts().available).toBe(1);
  });

  test('goes on to the next message in the same receive', () => {
    const { queue } = withDeadLetters(run, 1);
    queue.send({ body: 'a' });
    receiveOne(queue, 0);
    queue.send({ body: 'b' });
    expect(receiveBodies(queue, 1)).toEqual(['b']);
  });

  test('keeps id, body, attributes, send time and count, and names the source', async () => {
    const { queue, dlq } = withDeadLetters(run, 1);
    const { messageId } = queue.send({ body: 'a', messageAttributes: { A: { DataType: 'String', StringValue: 'v' } } });
    await run.clock.advance(SECOND);
    receiveOne(queue, 0);
    await run.clock.advance(SECOND);
    queue.receive();
    await run.clock.advance(SECOND);
    // "ApproximateReceiveCount – Returns the number of times a message has been received across all queues but not deleted."
    expect(receiveOne(dlq)).toMatchObject({
      messageId,
      body: 'a',
      messageAttributes: { A: { DataType: 'String', StringValue: 'v' } },
      attributes: {
        SentTimestamp: String(START),
        ApproximateFirstReceiveTimestamp: String(START + SECOND),
        ApproximateReceiveCount: '2',
        DeadLetterQueueSourceArn: queue.arn,
      },
    });
  });

  test('an old handle neither deletes nor hides what was moved', () => {
    const { queue, dlq } = withDeadLetters(run, 1);
    queue.send({ body: 'a' });
    const { receiptHandle } = receiveOne(queue, 0);
    queue.receive();
    queue.delete(receiptHandle);
    expect(() => queue.changeVisibility(receiptHandle, 1)).toThrow('Message does not exist');
    expect(() => dlq.delete(receiptHandle)).toThrow('not a valid receipt handle');
    expect(dlq.counts().available).toBe(1);
  });

  test('an old handle does not delete what came back in a circle of redrive policies', () => {
    const { queue, dlq } = withDeadLetters(run, 1);
    dlq.setAttributes({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queue.arn, maxReceiveCount: 1 }) });
    queue.send({ body: 'a' });
    const { receiptHandle } = receiveOne(queue, 0);
    queue.receive();
    dlq.receive();
    queue.delete(receiptHandle);
    expect(queue.counts().available).toBe(1);
  });

  test('a dead letter expires by the time it was first sent', async () => {
    // "For standard queues, the expiration of a message is always based on its original enqueue timestamp."
    const { queue, dlq } = withDeadLetters(run, 1, { dlq: { MessageRetentionPeriod: String(4 * 86_400) } });
    queue.send({ body: 'a' });
    await run.clock.advance(DAY);
    receiveOne(queue, 0);
    queue.receive();
    await run.clock.advance(3 * DAY - 1);
    expect(dlq.counts().available).toBe(1);
    await run.clock.advance(1);
    expect(dlq.counts().available).toBe(0);
  });

  test('a dead letter older than its new queue\'s retention is gone at once', async () => {
    const { queue, dlq } = withDeadLetters(run, 1, { dlq: { MessageRetentionPeriod: '60' } });
    queue.send({ body: 'a' });
    await run.clock.advance(HOUR);
    receiveOne(queue, 0);
    queue.receive();
    expect(dlq.counts().available).toBe(0);
  });

  test('a dead letter is there at once, whatever the delay of its queue, and wakes who waits for it', async () => {
    const { queue, dlq } = withDeadLetters(run, 1, { dlq: { DelaySeconds: '900' } });
    const woken = jest.fn();
    dlq.onVisible(woken);
    queue.send({ body: 'a' });
    receiveOne(queue, 0);
    queue.receive();
    await run.clock.idle();
    expect(woken).toHaveBeenCalledTimes(1);
    expect(receiveBodies(dlq)).toEqual(['a']);
  });

  test('keeps delivering when the dead-letter queue is gone', () => {
    const { queue, dlq } = withDeadLetters(run, 1);
    queue.send({ body: 'a' });
    receiveOne(queue, 0);
    run.engine.deleteQueue(dlq);
    expect(receiveOne(queue, 0).attributes['ApproximateReceiveCount']).toBe('2');
  });

  test('may be its own dead-letter queue: then what failed is never delivered again', () => {
    const queue = run.engine.createQueue('loop');
    queue.setAttributes({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queue.arn, maxReceiveCount: 1 }) });
    queue.send({ body: 'a' });
    receiveOne(queue, 0);
    expect(receiveBodies(queue)).toEqual([]);
    expect(queue.counts().available).toBe(1);
  });

  test('a policy that is set later holds for the receives before', () => {
    const { queue, dlq } = withDeadLetters(run, 1000);
    queue.send({ body: 'a' });
    for (let i = 0; i < 3; i++) receiveOne(queue, 0);
    queue.setAttributes({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dlq.arn, maxReceiveCount: 3 }) });
    expect(receiveBodies(queue)).toEqual([]);
    expect(dlq.counts().available).toBe(1);
  });
});

describe('a FIFO queue', () => {
  const message = (body: string, deduplicationId = body) => ({ body, groupId: 'g', deduplicationId });

  test('goes on with the group in the same receive when its head is moved', () => {
    const { queue, dlq } = withDeadLetters(run, 1, { fifo: true });
    queue.send(message('a'));
    receiveOne(queue, 0);
    queue.send(message('b'));
    queue.send(message('c'));
    expect(receiveBodies(queue)).toEqual(['b', 'c']);
    expect(receiveBodies(dlq)).toEqual(['a']);
  });

  test('gives the dead letter its message id for deduplication, and a new sequence number', () => {
    // "When a message is moved from a FIFO queue to a FIFO DLQ, the original message's deduplication ID will be replaced with the
    // original message's ID."
    const { queue, dlq } = withDeadLetters(run, 1, { fifo: true });
    dlq.send(message('other'));
    dlq.delete(receiveOne(dlq).receiptHandle);
    const { messageId, sequenceNumber } = queue.send(message('a'));
    receiveOne(queue, 0);
    queue.receive();
    const { attributes } = receiveOne(dlq);
    expect(attributes).toMatchObject({ MessageGroupId: 'g', MessageDeduplicationId: messageId, DeadLetterQueueSourceArn: queue.arn });
    expect(attributes['SequenceNumber']).not.toBe(sequenceNumber);
  });

  test('the queue of dead letters takes a message of that id for a duplicate', () => {
    const { queue, dlq } = withDeadLetters(run, 1, { fifo: true });
    const { messageId } = queue.send(message('a'));
    receiveOne(queue, 0);
    queue.receive();
    dlq.send(message('a', messageId));
    expect(receiveBodies(dlq)).toEqual(['a']);
  });

  test('two messages that shared a deduplication id both arrive', async () => {
    const { queue, dlq } = withDeadLetters(run, 1, { fifo: true });
    for (const body of ['a', 'b']) {
      queue.send(message(body, 'same'));
      receiveOne(queue, 0);
      queue.receive();
      await run.clock.advance(300 * SECOND);
    }
    expect(receiveBodies(dlq)).toEqual(['a', 'b']);
  });

  test('starts the retention period again', async () => {
    // "For FIFO queues, the enqueue timestamp resets when the message is moved to a dead-letter queue."
    const { queue, dlq } = withDeadLetters(run, 1, { fifo: true, dlq: { MessageRetentionPeriod: String(4 * 86_400) } });
    queue.send(message('a'));
    await run.clock.advance(DAY);
    receiveOne(queue, 0);
    queue.receive();
    await run.clock.advance(4 * DAY - 1);
    expect(dlq.counts().available).toBe(1);
    await run.clock.advance(1);
    expect(dlq.counts().available).toBe(0);
  });
});
