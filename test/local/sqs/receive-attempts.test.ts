import type { Queue } from '../../../local/sqs/queue';
import { MINUTE, type Run, SECOND, START, startRun } from './support';

let run: Run;
let queue: Queue;

beforeEach(() => {
  run = startRun();
  queue = run.engine.createQueue('orders.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
});

const send = (body: string) => queue.send({ body, groupId: body.slice(0, 1) });
const attempt = (receiveRequestAttemptId: string, visibilityTimeoutSeconds = 30) =>
  queue.receive({ maxMessages: 2, receiveRequestAttemptId, visibilityTimeoutSeconds }).map(({ body, receiptHandle }) => [body, receiptHandle]);

beforeEach(() => {
  for (const body of ['a1', 'a2', 'b1']) send(body);
});

test('the same id gives the same messages and handles, and hides them anew', async () => {
  // "During a visibility timeout, subsequent calls with the same ReceiveRequestAttemptId return the same messages and receipt
  // handles. If a retry occurs within the deduplication interval, it resets the visibility timeout."
  const first = attempt('x');
  await run.clock.advance(20 * SECOND);
  expect(attempt('x')).toEqual(first);
  expect(run.clock.nextDueAt).toBe(START + 50 * SECOND);
  expect(queue.counts().inFlight).toBe(2);
});

test('another id is another receive', () => {
  attempt('x');
  expect(attempt('y').map(([body]) => body)).toEqual(['b1']);
});

test('a receive that found nothing is not repeated', () => {
  attempt('x');
  attempt('y');
  expect(attempt('z')).toEqual([]);
  send('c1');
  expect(attempt('z').map(([body]) => body)).toEqual(['c1']);
});

// "It is possible to retry … if none of the messages have been modified (deleted or had their visibility changes)."
test.each<[string, (handle: string) => void | Promise<unknown>]>([
  ['was deleted', (handle) => queue.delete(handle)],
  ['had its visibility changed', (handle) => queue.changeVisibility(handle, 300)],
  ['is visible again', () => run.clock.advance(30 * SECOND)],
  ['was purged', () => queue.purge()],
])('the id stands for a new receive when a message %s', async (_what, change) => {
  const first = attempt('x');
  await change(first[0]![1] as string);
  expect(attempt('x')).not.toEqual(first);
});

test('what another has received since is not given again', async () => {
  attempt('x');
  await run.clock.advance(30 * SECOND);
  attempt('y');
  expect(attempt('x').map(([body]) => body)).toEqual(['b1']);
});

test('an id is good for 5 minutes', async () => {
  // "You can use ReceiveRequestAttemptId only for 5 minutes after a ReceiveMessage action."
  attempt('x', 3600);
  await run.clock.advance(5 * MINUTE);
  expect(attempt('x').map(([body]) => body)).toEqual(['b1']);
});
