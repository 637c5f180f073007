import type { SendResult } from '../../../lib/contract/sender';
import { answers, DAY, deliver, envelope, NOW, record } from '../support/deliver';

/** Accepted so many seconds ago. */
const accepted = (seconds: number) => ({ ...envelope, time: new Date(NOW - seconds * 1_000).toISOString() });

test('a delivered event is measured from the moment it was accepted', async () => {
  const queue = deliver();
  await queue.run([record(accepted(2.5), { sent: 2 })]);
  expect(queue.metrics).toEqual([{
    event: 'metrics', time: new Date(NOW).toISOString(), Gateway: 'Stack/Gateway', Target: 'billing', Unavailable: [0], DeliveryLatency: [2_500],
    _aws: { Timestamp: NOW, CloudWatchMetrics: [{ Namespace: 'CdkWebhooks', Dimensions: [['Gateway', 'Target']], Metrics: [
      { Name: 'Unavailable', Unit: 'Count' }, { Name: 'DeliveryLatency', Unit: 'Milliseconds' },
    ] }] },
  }]);
});

test('a failed one by how long it has waited, in one line for the batch', async () => {
  const queue = deliver(answers(503));
  await queue.run([record(accepted(60)), record(accepted(3 * DAY), {}, 'm2')]);
  expect(queue.metrics).toMatchObject([{ Unavailable: [1, 1], UndeliveredAge: [60, 3 * DAY] }]);
  expect(queue.metrics[0]).not.toHaveProperty('DeliveryLatency');
});

test.each<[SendResult, number]>([
  [answers(200), 0], [answers(404), 0], [answers(410), 0], [answers(422), 0], [answers(429), 1], [answers(500), 1], [answers(503), 1],
  [{ outcome: 'timeout', status: null }, 1], [{ outcome: 'refused', status: null }, 1], [{ outcome: 'tls', status: null }, 1], [{ outcome: 'aws', status: null }, 1],
  [{ outcome: 'blocked', status: null }, 0], [{ outcome: 'transform', status: null }, 0],
])('an attempt that ends with %j counts %d for the breaker', async (result, value) => {
  const queue = deliver(result);
  await queue.run([record()]);
  expect(queue.values('Unavailable')).toEqual([value]);
});

test('a dead letter is counted, and waits no longer', async () => {
  const queue = deliver(answers(410));
  await queue.run([record(accepted(60)), record('garbage', {}, 'm2')]);
  expect(queue.values('DeadLetters')).toEqual([1, 1]);
  expect(queue.values('UndeliveredAge')).toEqual([]);
});

test('what could not be moved away still waits', async () => {
  const queue = deliver(answers(410), { sendDeadLetter: () => Promise.reject(new Error('no')) });
  await queue.run([record(accepted(60))]);
  expect(queue.values('UndeliveredAge')).toEqual([60]);
  expect(queue.values('DeadLetters')).toEqual([]);
});

test('an event whose time cannot be read, or lies ahead, spoils no metric', async () => {
  const queue = deliver();
  await queue.run([record({ ...envelope, time: 'yesterday' }), record(accepted(-60), {}, 'm2')]);
  expect(queue.values('DeliveryLatency')).toEqual([0]);
});

test('nothing is said of an invocation without anything to say', async () => {
  const queue = deliver();
  await queue.run([record()]);
  await queue.run([record()]);
  expect(queue.metrics).toHaveLength(1);
});

describe('row 52: a sink that fails', () => {
  const broken = () => { throw new Error('EPIPE'); };

  test.each<[string, object]>([['of metrics', { metrics: broken }], ['of log lines', { log: broken }], ['of both', { metrics: broken, log: broken }]])('%s leaves delivery alone', async (_what, sinks) => {
    const ends: [SendResult, string[]][] = [[answers(200), []], [answers(503), ['m1']], [answers(410), []]];
    for (const [result, kept] of ends) {
      const queue = deliver(result, sinks);
      expect(await queue.run([record()])).toEqual(kept);
      expect(await queue.run([record(undefined, { receives: 2 })])).toEqual(kept);
      expect(queue.deliveries).toHaveLength(kept.length + 1);
      expect(queue.deadLetters).toHaveLength(result.status === 410 ? 1 : 0);
      expect(queue.visibility).toEqual(kept.length > 0 ? { 'handle of m1': 5 } : {});
    }
  });
});
