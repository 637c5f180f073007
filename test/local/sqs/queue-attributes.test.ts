import type { SqsEngine } from '../../../local/sqs/engine';
import { errorOf, SECOND, type Run, START, startRun } from './support';

let run: Run;
let engine: SqsEngine;
const fifo = { FifoQueue: 'true' };

beforeEach(() => {
  run = startRun();
  engine = run.engine;
});

test('a standard queue begins with the documented defaults', () => {
  expect(engine.createQueue('q').attributes).toEqual({
    DelaySeconds: '0', MaximumMessageSize: '1048576', MessageRetentionPeriod: '345600', ReceiveMessageWaitTimeSeconds: '0',
    VisibilityTimeout: '30', SqsManagedSseEnabled: 'true',
  });
});

test('a FIFO queue has four more', () => {
  expect(engine.createQueue('q.fifo', fifo).attributes).toMatchObject({
    FifoQueue: 'true', ContentBasedDeduplication: 'false', DeduplicationScope: 'queue', FifoThroughputLimit: 'perQueue',
  });
});

test.each([
  ['DelaySeconds', '0', '900'],
  ['MaximumMessageSize', '1024', '1048576'],
  ['MessageRetentionPeriod', '60', '1209600'],
  ['ReceiveMessageWaitTimeSeconds', '0', '20'],
  ['VisibilityTimeout', '0', '43200'],
  ['KmsDataKeyReusePeriodSeconds', '60', '86400'],
])('%s is from %s to %s', (name, min, max) => {
  const queue = engine.createQueue('q');
  for (const value of [min, max]) {
    queue.setAttributes({ [name]: value });
    expect(queue.attributes[name]).toBe(value);
  }
  for (const value of [String(Number(min) - 1), String(Number(max) + 1), '', 'ten', '1e3', ' 60', '60.5']) {
    expect(errorOf(() => queue.setAttributes({ [name]: value }))).toEqual({
      name: 'InvalidAttributeValue', message: expect.stringMatching(`Invalid value for the parameter ${name}.`),
    });
  }
  expect(queue.attributes[name]).toBe(max);
});

test.each([
  ['DeduplicationScope', 'group'], ['FifoThroughputLimit', 'perGroup'], ['ContentBasedDeduplication', 'yes'], ['SqsManagedSseEnabled', ''],
  ['Policy', 'not json'], ['Policy', '{}'], ['Policy', 'null'],
])('%s cannot be %j', (name, value) => {
  expect(errorOf(() => engine.createQueue('q.fifo', { ...fifo, [name]: value })).name).toBe('InvalidAttributeValue');
  expect(engine.queues()).toEqual([]);
});

test.each([
  ['FifoQueue', 'false', 'Unknown Attribute FifoQueue.'],
  ['ContentBasedDeduplication', 'true', 'Unknown Attribute ContentBasedDeduplication.'],
  ['DeduplicationScope', 'queue', 'You can specify the DeduplicationScope only when FifoQueue is set to true.'],
  ['FifoThroughputLimit', 'perQueue', 'You can specify the FifoThroughputLimit only when FifoQueue is set to true.'],
  ['QueueArn', 'x', 'Unknown Attribute QueueArn.'],
  ['ApproximateNumberOfMessages', '1', 'Unknown Attribute ApproximateNumberOfMessages.'],
  ['toString', 'x', 'Unknown Attribute toString.'],
])('a standard queue has no attribute %s to set', (name, value, message) => {
  expect(errorOf(() => engine.createQueue('q', { [name]: value }))).toEqual({ name: 'InvalidAttributeName', message });
});

test('the type of a queue cannot change', () => {
  // "You can't change the queue type after you create it"
  expect(errorOf(() => engine.createQueue('q').setAttributes(fifo)).message).toBe('Unknown Attribute FifoQueue.');
  const queue = engine.createQueue('q.fifo', fifo);
  queue.setAttributes(fifo);
  expect(errorOf(() => queue.setAttributes({ FifoQueue: 'false' }))).toEqual({
    name: 'InvalidAttributeValue', message: 'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
  });
});

test('perMessageGroupId needs the scope messageGroup', () => {
  // "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup."
  const queue = engine.createQueue('q.fifo', fifo);
  expect(errorOf(() => queue.setAttributes({ FifoThroughputLimit: 'perMessageGroupId' })).name).toBe('InvalidAttributeValue');
  queue.setAttributes({ FifoThroughputLimit: 'perMessageGroupId', DeduplicationScope: 'messageGroup' });
  expect(() => queue.setAttributes({ DeduplicationScope: 'queue' })).toThrow('FifoThroughputLimit');
});

test('there is one encryption at a time', () => {
  // "Only one server-side encryption option is supported per queue (for example, SSE-KMS or SSE-SQS)."
  const queue = engine.createQueue('q', { KmsMasterKeyId: 'alias/aws/sqs' });
  expect(queue.attributes).toMatchObject({ KmsMasterKeyId: 'alias/aws/sqs', KmsDataKeyReusePeriodSeconds: '300', SqsManagedSseEnabled: 'false' });
  expect(errorOf(() => queue.setAttributes({ SqsManagedSseEnabled: 'true' }))).toEqual({
    name: 'InvalidAttributeName',
    message: 'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
  });
  queue.setAttributes({ KmsMasterKeyId: '', SqsManagedSseEnabled: 'true' });
  expect(queue.attributes['KmsMasterKeyId']).toBeUndefined();
});

test('an attribute that is refused changes none of the others', () => {
  const queue = engine.createQueue('q');
  expect(() => queue.setAttributes({ VisibilityTimeout: '60', DelaySeconds: '901' })).toThrow();
  expect(queue.settings.visibilitySeconds).toBe(30);
});

test('an empty policy takes it away', () => {
  const queue = engine.createQueue('q', { Policy: '{"Statement":[]}', RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
  queue.setAttributes({ Policy: '', RedriveAllowPolicy: '' });
  expect(queue.attributes).toEqual(engine.createQueue('other').attributes);
});

test('a change is dated', async () => {
  const queue = engine.createQueue('q');
  await run.clock.advance(5 * SECOND);
  queue.setAttributes({ VisibilityTimeout: '60' });
  expect([queue.createdAt, queue.modifiedAt]).toEqual([START, START + 5 * SECOND]);
});

test('a new visibility timeout holds from the next receive', async () => {
  const queue = engine.createQueue('q');
  queue.send({ body: 'a' });
  queue.receive();
  queue.setAttributes({ VisibilityTimeout: '300' });
  await run.clock.advance(30 * SECOND);
  queue.receive();
  await run.clock.advance(299 * SECOND);
  expect(queue.counts().inFlight).toBe(1);
});

describe('redrive policy', () => {
  const policy = (deadLetterTargetArn: unknown, maxReceiveCount?: unknown) => ({
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }),
  });
  const create = (attributes: { [name: string]: string }) => () => engine.createQueue('source', attributes);
  let dlq: string;

  beforeEach(() => {
    dlq = engine.createQueue('dlq').arn;
  });

  test.each([[1, 1], ['3', 3], [1000, 1000], [undefined, 10]])('maxReceiveCount %p is %p', (given, kept) => {
    expect(create(policy(dlq, given))().attributes['RedrivePolicy']).toBe(`{"deadLetterTargetArn":"${dlq}","maxReceiveCount":${kept}}`);
  });

  test.each([0, 1001, 2.5, -1, 'x', true])('maxReceiveCount %p is refused', (count) => {
    expect(errorOf(create(policy(dlq, count)))).toEqual({
      name: 'InvalidParameterValueException',
      message: `Value ${policy(dlq, count).RedrivePolicy} for parameter RedrivePolicy is invalid. `
        + `Reason: Invalid value for maxReceiveCount: ${count}, valid values are from 1 to 1000 both inclusive.`,
    });
  });

  test.each([['dummy'], [5], [undefined], ['arn:aws:sns:eu-west-1:123456789012:topic']])('the target %p is refused', (arn) => {
    expect(errorOf(create(policy(arn, 3))).message).toMatch(/Reason: Invalid value for deadLetterTargetArn\.$/);
  });

  test.each(['no json', '[]', 'null'])('%s is no policy', (text) => {
    expect(errorOf(create({ RedrivePolicy: text })).name).toBe('InvalidParameterValueException');
  });

  test('the target must exist', () => {
    expect(errorOf(create(policy('arn:aws:sqs:eu-west-1:123456789012:nobody', 3))).message).toMatch(/Reason: Dead letter target does not exist\.$/);
    expect(errorOf(() => engine.queue('dlq').setAttributes(policy(`${dlq}x`, 3))).message).toMatch('Dead letter target does not exist.');
  });

  test('the target must be of the same type', () => {
    // "The dead-letter queue of a FIFO queue must also be a FIFO queue."
    expect(() => engine.createQueue('source.fifo', { ...fifo, ...policy(dlq, 3) })).toThrow('must be same type of queue as the source');
    const fifoDlq = engine.createQueue('dlq.fifo', fifo);
    expect(create(policy(fifoDlq.arn, 3))).toThrow('must be same type of queue as the source');
  });

  test('an empty value takes it away', () => {
    const queue = create(policy(dlq, 3))();
    queue.setAttributes({ RedrivePolicy: '' });
    expect(queue.settings.redrive).toBeUndefined();
  });

  test.each([
    ['allowAll', undefined, true],
    ['denyAll', undefined, false],
    ['byQueue', ['arn:aws:sqs:eu-west-1:123456789012:source'], true],
    ['byQueue', ['arn:aws:sqs:eu-west-1:123456789012:another'], false],
  ])('the target\'s redrivePermission %s %p decides', (redrivePermission, sourceQueueArns, allowed) => {
    engine.queue('dlq').setAttributes({ RedriveAllowPolicy: JSON.stringify({ redrivePermission, sourceQueueArns }) });
    if (allowed) create(policy(dlq, 3))();
    else expect(create(policy(dlq, 3))).toThrow('RedriveAllowPolicy');
  });

  test.each([
    { redrivePermission: 'some' },
    { redrivePermission: 'byQueue' },
    { redrivePermission: 'byQueue', sourceQueueArns: [] },
    { redrivePermission: 'byQueue', sourceQueueArns: ['x'] },
    // "You can specify up to 10 source queue ARNs."
    { redrivePermission: 'byQueue', sourceQueueArns: Array.from({ length: 11 }, (_, i) => `arn:aws:sqs:eu-west-1:123456789012:q${i}`) },
    // "You can specify this parameter only when the redrivePermission parameter is set to byQueue."
    { redrivePermission: 'allowAll', sourceQueueArns: ['arn:aws:sqs:eu-west-1:123456789012:q'] },
  ])('the redrive allow policy %j is refused', (value) => {
    expect(errorOf(create({ RedriveAllowPolicy: JSON.stringify(value) })).name).toBe('InvalidParameterValueException');
  });
});
