import { KEPT_ATTEMPTS, readAttempt } from '../../../lib/contract/store';
import type { SendResult } from '../../../lib/contract/sender';
import type { DeliverDependencies } from '../../../lambda/deliver/dependencies';
import { AwsCallError } from '../../../lambda/shared/aws-error';
import type { RowChange } from '../../../lambda/shared/store/change';
import { answers, DAY, deliver, deliverConfig, envelope, HOUR, NOW, record, withPayload } from '../support/deliver';
import { STORE } from '../support/recorded';
import { MemoryTable } from '../support/table';

const config = { ...deliverConfig, store: STORE };
const iso = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();

function world(send?: Parameters<typeof deliver>[0], overrides: Parameters<typeof deliver>[1] = {}) {
  const table = new MemoryTable();
  const queue = deliver(send, { config, table, ...overrides });
  return { ...queue, table, row: () => table.row(envelope.id, 'T#billing') };
}

const attempts = (row: object | undefined) => Array.from({ length: KEPT_ATTEMPTS }, (_none, slot) => (row as { [name: string]: unknown })?.[`r${slot}`])
  .flatMap((text) => typeof text === 'string' ? [readAttempt(text)] : []);

test('a delivered event has one row, which is in no index', async () => {
  const { run, row, table } = world();
  await run([record()]);
  expect(table.calls).toEqual(['update']);
  expect(row()).toEqual({
    pk: `E#${envelope.id}`, sk: 'T#billing', v: 1, id: envelope.id, target: 'billing', source: 'stripe', type: 'invoice.paid', outcome: 'delivered',
    status: 200, at: iso(0), attempts: 1, ttl: NOW / 1_000 + 30 * DAY, r1: expect.any(String),
  });
  expect(attempts(row())).toEqual([{ time: iso(0), outcome: 'delivered', status: 200, ms: expect.any(Number), retryInSeconds: null, attempt: 1 }]);
});

test('a failed attempt says when the next one comes, and is found by target, outcome and the event\'s time', async () => {
  const { run, row } = world(answers(503, { detail: 'the target answered 503' }));
  await run([record()]);
  expect(row()).toMatchObject({
    outcome: 'waiting', status: 503, nextAttemptAt: iso(5), detail: 'the target answered 503',
    gpk2: expect.stringMatching(/^T#billing#waiting#2026-01-02#[0-7]$/), gsk2: `${envelope.time}#${envelope.id}`,
  });
  expect(attempts(row())).toMatchObject([{ outcome: 'status', status: 503, retryInSeconds: 5 }]);
});

test('a delivery takes back what the failures before it said', async () => {
  let status = 503;
  const { run, row } = world(async () => answers(status, { detail: 'no' }));
  await run([record()]);
  status = 204;
  await run([record(undefined, { receives: 2 })]);
  expect(row()).toMatchObject({ outcome: 'delivered', attempts: 2, status: 204 });
  for (const gone of ['nextAttemptAt', 'detail', 'gpk2', 'gsk2', 'reason']) expect(row()).not.toHaveProperty(gone);
  expect(attempts(row())).toHaveLength(2);
});

test('the newest attempts are kept, and all are counted', async () => {
  const { run, row } = world(answers(503));
  for (let receives = 1; receives <= 30; receives++) await run([record(undefined, { receives }, `m${receives}`)]);
  expect(row()).toMatchObject({ attempts: 30 });
  const kept = attempts(row()).map((attempt) => attempt?.attempt).sort((a, b) => a! - b!);
  expect(kept).toEqual(Array.from({ length: KEPT_ATTEMPTS }, (_none, index) => 19 + index));
});

test.each<[string, SendResult, { body?: object; shape?: DeliverDependencies['shape'] }, { readonly outcome: string; readonly [more: string]: unknown }]>([
  ['gives up', answers(410), {}, { outcome: 'dead-lettered', reason: 'gone', attempts: 1, status: 410 }],
  ['finds no payload', answers(200), { body: withPayload(Buffer.from('gone')) }, { outcome: 'dead-lettered', reason: 'payload-missing' }],
  ['is told to drop it', answers(200), { shape: () => ({ kind: 'dropped', reason: 'the transform wants none' }) },
    { outcome: 'dropped', reason: 'the transform wants none' }],
])('a function that %s says so', async (_what, answer, { body, ...overrides }, said) => {
  const { run, row } = world(answer, overrides);
  expect(await run([record(body)])).toEqual([]);
  expect(row()).toMatchObject({ ...said, gpk2: expect.stringContaining(`T#billing#${said.outcome}#`) });
});

test('a dead letter that could not be sent waits', async () => {
  const { run, row } = world(answers(410), { sendDeadLetter: async () => { throw new AwsCallError('sqs SendMessage', 'timeout', 'ABORT_ERR'); } });
  await run([record()]);
  expect(row()).toMatchObject({ outcome: 'waiting', nextAttemptAt: expect.any(String), attempts: 1 });
});

test('a late failure never takes back a delivery', async () => {
  const { run, row, lines } = world(answers(503));
  const table = new MemoryTable();
  const delivered = deliver(answers(200), { config, table });
  await delivered.run([record()]);
  const late = deliver(answers(503), { config, table });
  await late.run([record(undefined, { receives: 2 })]);
  expect(table.row(envelope.id, 'T#billing')).toMatchObject({ outcome: 'delivered', attempts: 1 });
  expect(late.lines.filter(({ event }) => event === 'warning')).toEqual([]);
  expect(late.metrics.some((line) => 'StoreFailures' in line)).toBe(false);
  // The same failure on its own is on record.
  await run([record(undefined, { receives: 2 })]);
  expect(row()).toMatchObject({ outcome: 'waiting' });
  expect(lines.some(({ event }) => event === 'warning')).toBe(false);
});

describe('a write that was held up while its function was frozen', () => {
  /** Begins an attempt whose write comes only with `release`. */
  async function held(body: object = envelope) {
    const table = new MemoryTable();
    let release: () => void = () => undefined;
    const over = new Promise<void>((resolve) => { release = resolve; });
    table.around = async (_call, act) => { await over; return act(); };
    const writing: Promise<unknown>[] = [];
    const update = (change: RowChange) => {
      const one = table.update(change);
      writing.push(one);
      return one;
    };
    const frozen = deliver(answers(503), { config, table: { update } });
    const running = frozen.run([record(body)]);
    for (let turn = 0; writing.length === 0 && turn < 100; turn++) await new Promise((resolve) => { setImmediate(resolve); });
    table.around = async (_call, act) => act();
    const next = (send: SendResult, more: object = {}) => {
      const other = deliver(send, { config, table });
      other.pass(10);
      return other.run([record({ ...envelope, ...more }, { receives: 2, sent: 5 })]);
    };
    return { table, frozen, next, row: () => table.row(envelope.id, 'T#billing'), release: async () => { release(); await running; } };
  }

  test.each([
    ['a dead letter', {}, {}], ['a dead letter of a replay', {}, { replay: 'rpl_1' }],
    ['a dead letter of the same replay', { replay: 'rpl_1' }, { replay: 'rpl_1' }],
  ])('does not make a waiting event of %s', async (_what, first, second) => {
    const { next, release, row, frozen } = await held({ ...envelope, ...first });
    await next(answers(410), second);
    await release();
    expect(row()).toMatchObject({ outcome: 'dead-lettered', reason: 'gone', gpk2: expect.stringContaining('#dead-lettered#'), at: iso(10) });
    expect(frozen.lines.filter(({ event }) => event === 'warning')).toEqual([]);
    expect(frozen.metrics.some((line) => 'StoreFailures' in line)).toBe(false);
  });

  test('nor one that has not begun, because the function was frozen before', async () => {
    const table = new MemoryTable();
    let thaw: () => void = () => undefined;
    const frozen = deliver(answers(503), { config, table, changeVisibility: () => new Promise<void>((resolve) => { thaw = resolve; }) });
    const running = frozen.run([record()]);
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => { setImmediate(resolve); });
    const other = deliver(answers(410), { config, table });
    other.pass(60);
    await other.run([record(undefined, { receives: 2, sent: 5 })]);
    frozen.pass(3_600);
    thaw();
    await running;
    expect(table.row(envelope.id, 'T#billing')).toMatchObject({ outcome: 'dead-lettered', attempts: 1 });
  });

  test('says nothing of the next attempt where that has been made', async () => {
    const { next, release, row } = await held();
    await next(answers(503));
    await release();
    expect(row()).toMatchObject({ outcome: 'waiting', nextAttemptAt: iso(10 + 30) });
  });

  test('is on record where nothing else is', async () => {
    const { release, row } = await held();
    await release();
    expect(row()).toMatchObject({ outcome: 'waiting', attempts: 1 });
  });
});

test('row 62: a replay of a dead letter waits, whatever was before', async () => {
  const table = new MemoryTable();
  await deliver(answers(410), { config, table }).run([record()]);
  const replayed = deliver(answers(503), { config, table });
  replayed.pass(1);
  await replayed.run([record({ ...envelope, replay: 'rpl_1' })]);
  expect(table.row(envelope.id, 'T#billing')).toMatchObject({ outcome: 'waiting', attempts: 2 });
});

test('a dead letter that was moved back to its queue waits', async () => {
  const table = new MemoryTable();
  await deliver(answers(410), { config, table }).run([record()]);
  const again = deliver(answers(503), { config, table });
  again.pass(1);
  await again.run([record(undefined, {}, 'm2')]);
  expect(table.row(envelope.id, 'T#billing')).toMatchObject({ outcome: 'waiting', attempts: 2 });
});

test('row 62: a replay is marked, keeps the id, and counts whatever was before', async () => {
  const replayed = { ...envelope, replay: 'rpl_1' };
  const table = new MemoryTable();
  await deliver(answers(200), { config, table }).run([record()]);
  const failing = deliver(answers(503), { config, table });
  await failing.run([record(replayed)]);
  expect(failing.deliveries).toEqual([expect.objectContaining({ id: envelope.id, time: envelope.time, replay: 'rpl_1' })]);
  const row = table.row(envelope.id, 'T#billing');
  expect(row).toMatchObject({ outcome: 'waiting', attempts: 2 });
  expect(attempts(row)).toMatchObject([{ status: 503, replay: 'rpl_1' }]);
  // And once more, while the first is under way.
  await deliver(answers(200), { config, table }).run([record({ ...envelope, replay: 'rpl_2' })]);
  expect(table.row(envelope.id, 'T#billing')).toMatchObject({ outcome: 'delivered', attempts: 3 });
});

describe('responses', () => {
  const response = `{"problem":"${'x'.repeat(2_000)}"}`;

  test('are kept to 1 KB where the target records them, and the newest counts', async () => {
    const { run, row } = world(answers(422, { response }), { config: { ...config, recordResponses: true } });
    await run([record()]);
    expect(row()).toMatchObject({ response: response.slice(0, 1_024) });
  });

  test('are not kept where it does not', async () => {
    const { run, row } = world(answers(422, { response }));
    await run([record()]);
    expect(row()).not.toHaveProperty('response');
  });
});

describe('row 44: the event store fails', () => {
  beforeEach(() => { jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }); });
  afterEach(() => { jest.useRealTimers(); });

  test('the event is delivered all the same, and the failure counted', async () => {
    const { run, table, deliveries, lines, metrics } = world();
    table.failing['update'] = new AwsCallError('dynamodb UpdateItem', 'throttled', 'ThrottlingException', 400);
    expect(await run([record(), record({ ...envelope, id: 'evt_2' }, {}, 'm2')])).toEqual([]);
    expect(deliveries).toHaveLength(2);
    expect(lines.filter((line) => line.event === 'warning' && line.code === 'store-failed')).toHaveLength(2);
    expect(metrics.find((line) => 'StoreFailures' in line)).toMatchObject({ Gateway: 'Stack/Gateway', StoreFailures: [2] });
  });

  test('a store that never answers is waited for a second at the end of the batch', async () => {
    const { run, table, lines } = world();
    table.around = () => new Promise(() => undefined);
    let answered = false;
    const running = run([record()]).then(() => { answered = true; });
    await jest.advanceTimersByTimeAsync(999);
    expect(answered).toBe(false);
    expect(lines.map(({ event }) => event)).toEqual(['attempt', 'delivered']);
    await jest.advanceTimersByTimeAsync(1);
    await running;
    expect(answered).toBe(true);
  });
});

test('what has no name has no row, and without a store there is none at all', async () => {
  const { run, table } = world();
  await run([record('garbage')]);
  await run([record({ ...envelope, v: 99 }, { sent: 30 * DAY }, 'm2')]);
  expect(table.calls).toEqual([]);
  const none = new MemoryTable();
  await deliver(answers(200), { table: none }).run([record()]);
  await deliver(answers(200), { config }).run([record(undefined, { sent: HOUR })]);
  expect(none.calls).toEqual([]);
});
