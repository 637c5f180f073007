import { RealClock } from '../../../local/clock';
import { SqsEngine } from '../../../local/sqs/engine';
import type { Queue } from '../../../local/sqs/queue';
import { HOUR, type Run, seeded, startRun } from './support';

/** Some ten times what it takes, so that a busy machine passes and anything quadratic does not. */
const LIMIT_MS = 60_000;

let run: Run;

beforeEach(() => {
  run = startRun();
});

function receiveAll(queue: Queue, visibilityTimeoutSeconds: number): string[] {
  const handles: string[] = [];
  for (;;) {
    const messages = queue.receive({ maxMessages: 10, visibilityTimeoutSeconds });
    if (messages.length === 0) return handles;
    handles.push(...messages.map(({ receiptHandle }) => receiptHandle));
  }
}

test('150,000 messages of a standard queue, 120,000 of them in flight and delayed for about an hour each', async () => {
  const random = seeded(7);
  const queue = run.engine.createQueue('orders');
  const woken = jest.fn();
  for (let i = 0; i < 150_000; i++) queue.send({ body: `message ${i}` });

  // "there can be a maximum of approximately 120,000 in flight messages"
  const handles = receiveAll(queue, 180);
  expect(handles).toHaveLength(120_000);
  await run.clock.idle();
  queue.onVisible(woken);
  queue.delete(handles[0]!);
  await run.clock.idle();
  expect(woken).toHaveBeenCalledTimes(1);
  queue.changeVisibility(handles[1]!, 0);
  expect(queue.receive({ maxMessages: 10, visibilityTimeoutSeconds: 180 })).toHaveLength(2);
  expect(queue.counts()).toEqual({ available: 29_999, delayed: 0, inFlight: 120_000 });

  for (const handle of handles.slice(2)) queue.changeVisibility(handle, Math.round(3600 * (0.8 + 0.4 * random())));
  expect(run.clock.due).toBe(1);
  await run.clock.advance(1.2 * HOUR);
  expect(queue.counts()).toEqual({ available: 149_999, delayed: 0, inFlight: 0 });
}, LIMIT_MS);

test('120,001 groups of a FIFO queue', () => {
  // "For FIFO queues, there can be a maximum of 120,000 in flight messages … If you reach this limit, Amazon SQS returns no error
  // messages."
  const queue = run.engine.createQueue('orders.fifo', { FifoQueue: 'true' });
  for (let i = 0; i < 120_001; i++) queue.send({ body: 'a', groupId: `g${i}`, deduplicationId: String(i) });
  const handles = receiveAll(queue, 3600);
  expect(handles).toHaveLength(120_000);
  queue.delete(handles[60_000]!);
  expect(queue.receive({ maxMessages: 10 })).toHaveLength(1);
}, LIMIT_MS);

test('on the real clock, no timer is left behind', () => {
  const clock = new RealClock();
  const queue = new SqsEngine({ clock, region: 'eu-west-1', account: '123456789012', origin: () => '' }).createQueue('orders');
  for (let i = 0; i < 20_000; i++) {
    queue.send({ body: 'a' });
    queue.delete(queue.receive()[0]!.receiptHandle);
  }
  expect(clock.due).toBe(0);
}, LIMIT_MS);
