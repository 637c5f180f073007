import type { Queue } from '../../../local/sqs/queue';
import { errorOf, MINUTE, receiveOne, type Run, startRun } from './support';

let run: Run;
let queue: Queue;

beforeEach(() => {
  run = startRun();
  queue = run.engine.createQueue('orders');
});

test('the last handle deletes, also when the message is visible again', async () => {
  queue.send({ body: 'a' });
  const { receiptHandle } = receiveOne(queue);
  await run.clock.advance(MINUTE);
  queue.delete(receiptHandle);
  expect(queue.counts()).toEqual({ available: 0, delayed: 0, inFlight: 0 });
});

test('an old handle succeeds and deletes nothing', async () => {
  // "If you use an old ReceiptHandle, the request will succeed, but the message might not be deleted."
  queue.send({ body: 'a' });
  const { receiptHandle } = receiveOne(queue);
  await run.clock.advance(MINUTE);
  receiveOne(queue);
  queue.delete(receiptHandle);
  expect(queue.counts().inFlight).toBe(1);
  expect(errorOf(() => queue.changeVisibility(receiptHandle, 10))).toEqual({
    name: 'InvalidParameterValueException',
    message: `Value ${receiptHandle} for parameter ReceiptHandle is invalid. `
      + 'Reason: Message does not exist or is not available for visibility timeout change.',
  });
});

test('deleting twice is fine, changing a deleted message is not', () => {
  queue.send({ body: 'a' });
  const { receiptHandle } = receiveOne(queue);
  queue.delete(receiptHandle);
  queue.delete(receiptHandle);
  expect(() => queue.changeVisibility(receiptHandle, 10)).toThrow('Message does not exist');
});

test.each([
  ['text', 'not a handle'],
  ['an empty string', ''],
  ['a handle of another queue', 'other'],
  ['a handle with something added', 'longer'],
])('%s is no handle', (_what, kind) => {
  const other = run.engine.createQueue('other');
  other.send({ body: 'a' });
  queue.send({ body: 'a' });
  const mine = Buffer.from(receiveOne(queue).receiptHandle, 'base64').toString();
  const handle = { other: receiveOne(other).receiptHandle, longer: Buffer.from(`${mine} 1`).toString('base64') }[kind] ?? kind;
  for (const call of [() => queue.delete(handle), () => queue.changeVisibility(handle, 1)]) {
    expect(errorOf(call)).toEqual({
      name: 'ReceiptHandleIsInvalid',
      message: `The input receipt handle "${handle}" is not a valid receipt handle.`,
    });
  }
  expect(queue.counts().inFlight).toBe(1);
});
