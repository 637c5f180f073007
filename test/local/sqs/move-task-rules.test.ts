import type { Queue } from '../../../local/sqs/queue';
import { errorOf, MINUTE, type Run, SECOND, startRun, withDeadLetters } from './support';

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

describe('starting', () => {
  test('needs a dead-letter queue of another queue', () => {
    expect(errorOf(() => run.engine.moveTasks.start(queue.arn))).toEqual({
      name: 'InvalidParameterValueException', message: 'Source queue must be configured as a Dead Letter Queue.',
    });
  });

  test.each(['SourceArn', 'DestinationArn'])('needs a %s that exists', (parameter) => {
    const call = (arn: string) => () => (parameter === 'SourceArn' ? run.engine.moveTasks.start(arn) : run.engine.moveTasks.start(dlq.arn, arn));
    expect(errorOf(call(`${dlq.arn}x`))).toEqual({
      name: 'ResourceNotFoundException', message: `The resource that you specified for the ${parameter} parameter doesn't exist.`,
    });
    expect(errorOf(call('dlq'))).toEqual({
      name: 'InvalidParameterValueException',
      message: `You must use this format to specify the ${parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>`,
    });
  });

  test('needs a destination that is another queue of the same type', () => {
    expect(() => start(dlq)).toThrow('cannot be the same');
    expect(() => start(run.engine.createQueue('f.fifo', { FifoQueue: 'true' }))).toThrow('must be of the same type');
  });

  test.each([0, 501])('refuses %p messages a second', (perSecond) => {
    // "The maximum value for messages per second is 500."
    expect(errorOf(() => start(undefined, perSecond)).message)
      .toBe(`Value ${perSecond} for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between 1 and 500, if provided.`);
  });

  test('is possible once at a time for a source', async () => {
    // "Only one active message movement task is supported per queue at any given time."
    start();
    expect(errorOf(() => start())).toEqual({
      name: 'InvalidParameterValueException',
      message: 'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    });
    await run.clock.advance(0);
    start();
  });

  test('is possible for 100 sources at a time', () => {
    const sources = Array.from({ length: 101 }, (_, i) => run.engine.createQueue(`dlq${i}`));
    sources.forEach(({ arn }, i) => run.engine.createQueue(`source${i}`, {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 1 }),
    }));
    for (const { arn } of sources.slice(0, 100)) run.engine.moveTasks.start(arn);
    expect(errorOf(() => run.engine.moveTasks.start(sources[100]!.arn)).name).toBe('RequestThrottled');
  });
});

describe('cancelling', () => {
  test('stops what has not been moved', async () => {
    // "Cancelling a message movement task does not revert the messages that have already been moved."
    bury('a', 'b', 'c');
    const handle = start(undefined, 1);
    await run.clock.advance(SECOND);
    expect(run.engine.moveTasks.cancel(handle)).toBe(2);
    await run.clock.advance(MINUTE);
    expect(latest()).toMatchObject({ Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: 2 });
    expect([queue.counts().available, dlq.counts().available]).toEqual([2, 1]);
  });

  test('is possible only while a task runs', async () => {
    // "A message movement can only be cancelled when the current status is RUNNING."
    const handle = start();
    await run.clock.advance(0);
    expect(errorOf(() => run.engine.moveTasks.cancel(handle)).name).toBe('InvalidParameterValueException');
  });

  const handleFor = (task: unknown) => Buffer.from(JSON.stringify(task)).toString('base64');

  test.each(['foobared', '', handleFor({}), handleFor(null), handleFor({ taskId: 1, sourceArn: 'x' })])('%j is no handle', (handle) => {
    expect(errorOf(() => run.engine.moveTasks.cancel(handle))).toEqual({
      name: 'InvalidParameterValueException', message: 'Value for parameter TaskHandle is invalid.',
    });
  });

  test('of a task or a source that is not there is an error', () => {
    const taskId = '10f57157-fc38-4da9-a113-4de7e12d05dd';
    expect(errorOf(() => run.engine.moveTasks.cancel(handleFor({ taskId, sourceArn: dlq.arn })))).toEqual({
      name: 'ResourceNotFoundException', message: 'Task does not exist.',
    });
    expect(errorOf(() => run.engine.moveTasks.cancel(handleFor({ taskId, sourceArn: `${dlq.arn}x` })))).toEqual({
      name: 'ResourceNotFoundException', message: 'The resource that you specified for the SourceArn parameter doesn\'t exist.',
    });
  });
});

describe('listing', () => {
  test('gives the latest task, or up to 10 of them, newest first', async () => {
    // "The default is 1, which provides the most recent message movement task. The upper limit is 10."
    const first = start(undefined, 500);
    await run.clock.advance(SECOND);
    for (let i = 0; i < 12; i++) {
      start(undefined, i + 1);
      await run.clock.advance(SECOND);
    }
    const rates = (max?: number) => (run.engine.moveTasks.list(dlq.arn, max) as { MaxNumberOfMessagesPerSecond: number }[])
      .map((task) => task.MaxNumberOfMessagesPerSecond);
    expect(rates()).toEqual([12]);
    expect(rates(10)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
    expect(() => run.engine.moveTasks.cancel(first)).toThrow('Task does not exist.');
    for (const max of [0, 11]) expect(() => rates(max)).toThrow('Must be between 1 and 10, if provided.');
  });

  test('gives nothing for a source without tasks', () => {
    expect(latest()).toBeUndefined();
  });
});
