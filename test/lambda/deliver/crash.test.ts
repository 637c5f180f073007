import type { SQSRecord } from 'aws-lambda';
import { createHandler, type DeliverDependencies } from '../../../lambda/deliver/handler';
import type { Delivery } from '../../../lib/contract/sender';
import type { Content } from '../../../lambda/deliver/transform/transform';
import { AwsCallError } from '../../../lambda/shared/aws-error';
import { answers, DAY, deliver, deliverConfig, envelope, HOUR, NOW, record, withPayload, type Age } from '../support/deliver';

/**
 * Everything a delivery function waits for, broken in every way while a batch is under way: what is answered then, and what
 * becomes of the messages when they come again, to the same environment or to a new one.
 */
beforeEach(() => { jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }); });
afterEach(() => { jest.useRealTimers(); });

type Point = Exclude<keyof DeliverDependencies, 'config' | 'now' | 'sender'> | 'send';

const named = (id: string, age: Age = {}, more: object = {}) => record({ ...envelope, id: `evt_${id}`, ...more }, age, id);
const big = withPayload(Buffer.from('big'));

/** For each point a message whose way leads through it. Its end, once all works again, is one of these. */
const POINTS: { readonly [point in Point]: { readonly message: SQSRecord; readonly ends: 'delivered' | 'dead' | 'waits' } } = {
  send: { message: named('x_ok'), ends: 'delivered' },
  shape: { message: named('x_ok'), ends: 'delivered' },
  sleep: { message: named('x_ok'), ends: 'delivered' },
  readPayload: { message: record({ ...big, id: 'evt_x_ok' }, {}, 'x_ok'), ends: 'delivered' },
  deleteMessage: { message: named('x_ok', { sent: 0, receives: 30 }), ends: 'delivered' },
  changeVisibility: { message: named('x_503'), ends: 'waits' },
  breaker: { message: named('x_503', { sent: 3 * DAY }), ends: 'waits' },
  inFlight: { message: named('x_503', { sent: HOUR }), ends: 'waits' },
  sendDeadLetter: { message: named('x_422', { sent: HOUR }), ends: 'dead' },
  table: { message: named('x_503'), ends: 'waits' },
  flagGone: { message: named('x_410'), ends: 'dead' },
  log: { message: named('x_410'), ends: 'dead' },
  metrics: { message: named('x_503'), ends: 'waits' },
  random: { message: named('x_503'), ends: 'waits' },
};

const WAYS: { readonly [way: string]: () => never | Promise<never> } = {
  'throws': () => { throw new Error('broken'); },
  'fails': () => Promise.reject(new AwsCallError('sqs Action', 'timeout', 'ABORT_ERR')),
  'never ends': () => new Promise<never>(() => undefined),
};

/** Nobody waits for these. */
const AT_ONCE: readonly Point[] = ['log', 'metrics', 'random'];

const cases = (Object.keys(POINTS) as Point[]).flatMap((point) => (AT_ONCE.includes(point) ? ['throws'] : Object.keys(WAYS)).flatMap((way) => (
  ['the same', 'a new'].map((environment): [Point, string, string] => [point, way, environment]))));

/** The function's dependencies; one is broken until `repair` is called. */
function world(point: Point, way: () => never | Promise<never>) {
  let broken = true;
  const taken: { [id: string]: number } = {};
  const queue = deliver(async ({ id }) => {
    const status = Number(/\d+$/.exec(id)?.[0] ?? 200);
    if (status === 200) taken[id] = (taken[id] ?? 0) + 1;
    return answers(status);
  }, { config: { ...deliverConfig, ...(point === 'sleep' && { ratePerSecond: 10 }) } });
  queue.payloads[big.payload.key] = Buffer.from('big');
  const guard = (action: (...inputs: never[]) => unknown) => (...inputs: never[]) => broken ? way() : action(...inputs);
  const { sender, ...others } = queue.dependencies;
  // Only the one message: the innocents' attempts are theirs.
  const isBroken = ({ id }: { id: string }): boolean => broken && id === 'evt_x_ok';
  const update = (): Promise<unknown> => broken ? way() : Promise.resolve();
  const around: { readonly [point in Point]?: object } = {
    send: { sender: { send: (delivery: Delivery) => isBroken(delivery) ? way() : sender.send(delivery) } },
    shape: { shape: (content: Content) => isBroken(content) ? way() : { kind: 'event', content } },
    table: { table: { update }, config: { ...deliverConfig, store: { tableName: 'events', retentionSeconds: 30 * DAY } } },
  };
  const dependencies = { ...others, sender, ...around[point] ?? { [point]: guard(others[point as 'log'] as never) } };
  return { queue, taken, start: () => createHandler(dependencies as DeliverDependencies), repair: () => { broken = false; } };
}

async function invoke(handler: ReturnType<typeof createHandler>, records: SQSRecord[]): Promise<string[]> {
  const answer = handler({ Records: records }, { getRemainingTimeInMillis: () => 30_000 });
  await jest.advanceTimersByTimeAsync(30_000);
  const { batchItemFailures, ...nothing } = await answer;
  expect(nothing).toEqual({});
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

test.each(cases)('row 48, row 51: when %s %s, nothing is lost in %s environment', async (point, way, environment) => {
  const { message, ends } = POINTS[point];
  const innocents = [named('ok'), named('also_503')];
  const records = [innocents[0]!, message, innocents[1]!];
  const { queue, taken, start, repair } = world(point, WAYS[way]!);
  const handler = start();
  const where = (id: string) => taken[`evt_${id}`] ? 'delivered' : queue.deadLetters.some(({ body }) => body.includes(`"evt_${id}"`)) ? 'dead' : 'waits';

  const kept = await invoke(handler, records);
  expect(records.map(({ messageId }) => messageId)).toEqual(expect.arrayContaining(kept));
  for (const { messageId } of records) if (!kept.includes(messageId)) expect(where(messageId)).not.toBe('waits');
  // A batch mate's trouble is no reason to send this one again.
  expect(kept).not.toContain('ok');
  expect(kept).toContain('also_503');

  repair();
  for (const handle of Object.keys(queue.visibility)) delete queue.visibility[handle];
  queue.pass(10);
  const again = environment === 'the same' ? handler : start();
  // Also what was done comes again, because Lambda never got the answer.
  const left = await invoke(again, records.map((one) => ({ ...one, attributes: { ...one.attributes, ApproximateReceiveCount: '2' } })));
  expect(left.sort()).toEqual(ends === 'waits' ? ['also_503', message.messageId].sort() : ['also_503']);
  expect([where('ok'), where(message.messageId), where('also_503')]).toEqual(['delivered', ends, 'waits']);
  for (const id of left) expect(queue.visibility).toHaveProperty([`handle of ${id}`]);
  if (environment === 'the same') {
    expect(Math.max(...Object.values(taken))).toBe(1);
    expect(queue.deadLetters.length).toBeLessThanOrEqual(1);
  }
});

test('row 48: an environment that dies after it sent tells nobody, so the event comes again under the same id', async () => {
  const queue = deliver();
  void createHandler(queue.dependencies)({ Records: [record()] }, { getRemainingTimeInMillis: () => 30_000 });
  await jest.advanceTimersByTimeAsync(1);
  expect(await invoke(createHandler(queue.dependencies), [record(undefined, { receives: 2 })])).toEqual([]);
  expect(queue.deliveries.map(({ id, attempt }) => [id, attempt])).toEqual([[envelope.id, 1], [envelope.id, 2]]);
});

test('row 51: an event that could be neither moved away nor hidden is kept', async () => {
  const queue = deliver(answers(410), { sendDeadLetter: WAYS['fails']!, changeVisibility: WAYS['fails']! });
  expect(await invoke(createHandler(queue.dependencies), [record()])).toEqual(['m1']);
  expect(queue.dependencies.now()).toBe(NOW);
});
