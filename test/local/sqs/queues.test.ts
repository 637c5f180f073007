import type { SqsEngine } from '../../../local/sqs/engine';
import { SqsEngine as Engine } from '../../../local/sqs/engine';
import { errorOf, MINUTE, type Run, SECOND, START, startRun } from './support';

let run: Run;
let engine: SqsEngine;

beforeEach(() => {
  run = startRun();
  engine = run.engine;
});

describe('names', () => {
  // "A queue name can have up to 80 characters. … alphanumeric characters, hyphens (-), and underscores (_)."
  test.each(['a', 'A-b_9', 'x'.repeat(80)])('%s is a standard queue', (name) => {
    expect(engine.createQueue(name)).toMatchObject({ name, fifo: false });
  });

  test.each(['', 'a b', 'a.b', 'é', 'x'.repeat(81), 'a/b', 'a.fifo'])('%j is no name of a standard queue', (name) => {
    expect(errorOf(() => engine.createQueue(name))).toEqual({
      name: 'InvalidParameterValueException', message: 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    });
  });

  test.each(['a.fifo', `${'x'.repeat(75)}.fifo`])('%s is a FIFO queue', (name) => {
    expect(engine.createQueue(name, { FifoQueue: 'true' })).toMatchObject({ name, fifo: true });
  });

  // "The .fifo suffix counts towards the 80-character queue name quota."
  test.each(['a', '.fifo', `${'x'.repeat(76)}.fifo`, 'a.fifo.fifo'])('%s is no name of a FIFO queue', (name) => {
    expect(errorOf(() => engine.createQueue(name, { FifoQueue: 'true' })).message).toMatch('must end with .fifo suffix');
  });
});

describe('urls and arns', () => {
  test('follow from origin, account, region and name', () => {
    const queue = engine.createQueue('orders');
    expect(queue.url).toBe('http://127.0.0.1:4566/123456789012/orders');
    expect(queue.arn).toBe('arn:aws:sqs:eu-west-1:123456789012:orders');
  });

  test.each([['cn-north-1', 'aws-cn'], ['us-gov-west-1', 'aws-us-gov']])('the partition of %s is %s', (region, partition) => {
    const other = new Engine({ clock: run.clock, region, account: '123456789012', origin: () => '' });
    expect(other.createQueue('q').arn).toBe(`arn:${partition}:sqs:${region}:123456789012:q`);
  });

  test('the origin may be known later', () => {
    let port = 0;
    const other = new Engine({ clock: run.clock, region: 'eu-west-1', account: '123456789012', origin: () => `http://127.0.0.1:${port}` });
    const queue = other.createQueue('q');
    port = 80;
    expect(queue.url).toBe('http://127.0.0.1:80/123456789012/q');
  });

  test.each([
    'orders', 'http://127.0.0.1:4566/123456789012/orders', 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders',
    'http://x/queue/eu/123456789012/orders',
  ])('%s finds the queue', (urlOrName) => {
    expect(engine.queue(engine.createQueue('orders').name)).toBe(engine.queue(urlOrName));
  });

  test.each([
    'Orders', '', 'http://127.0.0.1:4566/000000000000/orders', 'http://127.0.0.1:4566/123456789012/orders/',
  ])('%j finds none', (urlOrName) => {
    engine.createQueue('orders');
    expect(errorOf(() => engine.queue(urlOrName))).toEqual({ name: 'QueueDoesNotExist', message: 'The specified queue does not exist.' });
  });

  test('an arn finds the queue of this region and account', () => {
    const queue = engine.createQueue('orders');
    expect(engine.queueByArn(queue.arn)).toBe(queue);
    for (const arn of ['arn:aws:sqs:us-east-1:123456789012:orders', 'arn:aws:sqs:eu-west-1:000000000000:orders', 'orders']) {
      expect(errorOf(() => engine.queueByArn(arn)).name).toBe('QueueDoesNotExist');
    }
  });
});

describe('creating a queue again', () => {
  test('gives the same queue when the attributes named have its values', () => {
    // "If you specify the name of an existing queue and provide the exact same names and values for all its attributes,
    // the CreateQueue action will return the URL of the existing queue"
    const queue = engine.createQueue('orders', { DelaySeconds: '5' });
    expect(engine.createQueue('orders', { DelaySeconds: '5' })).toBe(queue);
    expect(engine.createQueue('orders')).toBe(queue);
    expect(engine.createQueue('orders', { VisibilityTimeout: '30' })).toBe(queue);
  });

  test('fails when one differs', () => {
    engine.createQueue('orders', { DelaySeconds: '5' });
    expect(errorOf(() => engine.createQueue('orders', { DelaySeconds: '6' }))).toEqual({
      name: 'QueueNameExists', message: 'A queue already exists with the same name and a different value for attribute DelaySeconds',
    });
    expect(() => engine.createQueue('orders', { Policy: '{"Statement":[]}' })).toThrow('attribute Policy');
  });

  test('takes 60 seconds after it was deleted', async () => {
    // "You must wait 60 seconds after deleting a queue before you can create another queue with the same name."
    const queue = engine.createQueue('orders');
    queue.send({ body: 'a' });
    engine.deleteQueue(queue);
    await run.clock.advance(MINUTE - 1);
    expect(errorOf(() => engine.createQueue('orders')).name).toBe('QueueDeletedRecently');
    await run.clock.advance(1);
    expect(engine.createQueue('orders').counts().available).toBe(0);
  });
});

describe('deleting a queue', () => {
  test('takes its messages and its timers with it', () => {
    const queue = engine.createQueue('orders');
    queue.send({ body: 'a' });
    queue.send({ body: 'b' });
    const [message] = queue.receive();
    engine.deleteQueue(queue);
    expect(run.clock.due).toBe(0);
    expect(queue.receive()).toEqual([]);
    const { receiptHandle } = message!;
    const uses = [
      () => queue.send({ body: 'c' }), () => queue.delete(receiptHandle), () => queue.changeVisibility(receiptHandle, 1),
      () => engine.queue('orders'),
    ];
    for (const use of uses) expect(errorOf(use).name).toBe('QueueDoesNotExist');
  });

  test('closing the engine leaves no timer', () => {
    engine.createQueue('a').send({ body: 'a', delaySeconds: 5 });
    const dlq = engine.createQueue('b');
    dlq.send({ body: 'b' });
    engine.createQueue('c', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dlq.arn, maxReceiveCount: 1 }) });
    engine.moveTasks.start(dlq.arn);
    engine.close();
    expect(run.clock.due).toBe(0);
    expect(engine.queues()).toEqual([]);
  });
});

describe('purging', () => {
  test('deletes available, delayed and in-flight messages', () => {
    // "Deletes available messages in a queue (including in-flight messages)"
    const queue = engine.createQueue('orders');
    queue.send({ body: 'in flight' });
    const [message] = queue.receive();
    queue.send({ body: 'available' });
    queue.send({ body: 'delayed', delaySeconds: 10 });
    queue.purge();
    expect(queue.counts()).toEqual({ available: 0, delayed: 0, inFlight: 0 });
    expect(queue.receive()).toEqual([]);
    queue.delete(message!.receiptHandle);
    expect(run.clock.due).toBe(0);
  });

  test('is possible once in 60 seconds', async () => {
    const queue = engine.createQueue('orders');
    queue.purge();
    await run.clock.advance(MINUTE - 1);
    expect(errorOf(() => queue.purge())).toEqual({
      name: 'PurgeQueueInProgress', message: 'Only one PurgeQueue operation on orders is allowed every 60 seconds.',
    });
    await run.clock.advance(1);
    queue.purge();
  });

  test('frees the groups of a FIFO queue', () => {
    const queue = engine.createQueue('orders.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    queue.send({ body: 'a', groupId: 'g' });
    queue.receive();
    queue.purge();
    queue.send({ body: 'b', groupId: 'g' });
    expect(queue.receive().map(({ body }) => body)).toEqual(['b']);
  });
});

describe('retention', () => {
  // "Amazon SQS automatically deletes messages left in a queue longer than the retention period configured for the queue."
  test('deletes a message after the period, whatever its state', async () => {
    const queue = engine.createQueue('orders', { MessageRetentionPeriod: '60' });
    queue.send({ body: 'in flight' });
    const [message] = queue.receive({ visibilityTimeoutSeconds: 3600 });
    queue.send({ body: 'available' });
    queue.send({ body: 'delayed', delaySeconds: 900 });
    await run.clock.advance(MINUTE - 1);
    expect(queue.counts()).toEqual({ available: 1, delayed: 1, inFlight: 1 });
    await run.clock.advance(1);
    expect(queue.counts()).toEqual({ available: 0, delayed: 0, inFlight: 0 });
    queue.delete(message!.receiptHandle);
    expect(run.clock.due).toBe(0);
  });

  test('is 4 days unless the queue says otherwise', async () => {
    const queue = engine.createQueue('orders');
    queue.send({ body: 'a' });
    expect(run.clock.nextDueAt).toBe(START + 345_600 * SECOND);
  });

  test('a new period holds for the messages that are there', () => {
    // "will impact existing messages in the queue potentially causing them to be expired and deleted"
    const queue = engine.createQueue('orders');
    queue.send({ body: 'a' });
    queue.setAttributes({ MessageRetentionPeriod: '1209600' });
    expect(run.clock.nextDueAt).toBe(START + 1_209_600 * SECOND);
  });

  test('a shorter period than their age deletes them', async () => {
    const queue = engine.createQueue('orders');
    queue.send({ body: 'a' });
    await run.clock.advance(2 * MINUTE);
    queue.send({ body: 'b' });
    queue.setAttributes({ MessageRetentionPeriod: '60' });
    expect(queue.receive({ maxMessages: 10 }).map(({ body }) => body)).toEqual(['b']);
  });
});

describe('tags', () => {
  test('come with the queue', () => {
    expect([...engine.createQueue('q', {}, { team: 'a', empty: '' }).tags]).toEqual([['team', 'a'], ['empty', '']]);
  });

  test.each<{ [key: string]: string }>([
    { '': 'v' }, { 'aws:x': 'v' }, { k: 'AWS:x' }, { ['k'.repeat(129)]: 'v' }, { k: 'v'.repeat(257) }, { 'k;': 'v' },
  ])('%j are refused', (tags) => {
    expect(errorOf(() => engine.createQueue('q', {}, tags)).name).toBe('InvalidParameterValueException');
    expect(engine.queues()).toEqual([]);
  });
});
