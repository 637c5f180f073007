import { receiveWaiting } from '../../../local/sqs/long-poll';
import type { Queue } from '../../../local/sqs/queue';
import { type Run, SECOND, startRun } from './support';

let run: Run;
let queue: Queue;
let client: AbortController;
const poll = (waitSeconds: number, options = {}) => receiveWaiting(queue, options, waitSeconds, client.signal);
const bodies = async (answer: ReturnType<typeof poll>) => (await answer).map(({ body }) => body);
const turn = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'performance'] });
  run = startRun();
  queue = run.engine.createQueue('orders');
  client = new AbortController();
});

afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

test('answers at once when there are messages', async () => {
  // "If a message is available, the call returns sooner than WaitTimeSeconds."
  queue.send({ body: 'a' });
  expect(await bodies(poll(20))).toEqual(['a']);
});

test('wakes when a message arrives', async () => {
  const answer = poll(20);
  await turn();
  queue.send({ body: 'a' });
  expect(await bodies(answer)).toEqual(['a']);
});

test('wakes when the run\'s clock ends a delay or a visibility timeout', async () => {
  queue.send({ body: 'a', delaySeconds: 900 });
  const first = poll(20);
  await run.clock.advance(900 * SECOND);
  expect(await bodies(first)).toEqual(['a']);
  const second = poll(20);
  await run.clock.advance(30 * SECOND);
  expect(await bodies(second)).toEqual(['a']);
});

test('answers nothing after its real seconds, whatever the run\'s clock does', async () => {
  const settled = jest.fn();
  const answer = poll(20);
  void answer.then(settled);
  await run.clock.advance(3600 * SECOND);
  jest.advanceTimersByTime(19_999);
  await turn();
  expect(settled).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1);
  expect(await answer).toEqual([]);
});

test('a short poll does not wait', async () => {
  expect(await poll(0)).toEqual([]);
});

test('several wait: each message wakes one of them', async () => {
  const [first, second] = [poll(20), poll(20)];
  await turn();
  queue.send({ body: 'a' });
  expect(await bodies(first)).toEqual(['a']);
  queue.send({ body: 'b' });
  expect(await bodies(second)).toEqual(['b']);
});

test('a client that has gone takes no message', async () => {
  const answer = poll(20);
  client.abort();
  expect(await answer).toEqual([]);
  queue.send({ body: 'a' });
  await turn();
  expect(await poll(20)).toEqual([]);
  expect(queue.counts()).toEqual({ available: 1, delayed: 0, inFlight: 0 });
});

test('ends when its queue or the engine closes', async () => {
  const answer = poll(20);
  run.engine.deleteQueue(queue);
  expect(await answer).toEqual([]);
  queue = run.engine.createQueue('other');
  const other = poll(20);
  run.engine.close();
  expect(await other).toEqual([]);
});

test('an option that is refused fails at once', async () => {
  await expect(poll(20, { visibilityTimeoutSeconds: 50_000 })).rejects.toThrow('VisibilityTimeout');
});
