import type { LogLine } from '../../../lib/contract/log';
import { AwsCallError } from '../../../lambda/shared/aws-error';
import { githubPost, NOW, type Post } from '../support/ingest';
import { QUEUES, recorded, recordedConfig } from '../support/recorded';

const WINDOW = 3_600;
const down = new AwsCallError('dynamodb GetItem', 'unavailable', 'InternalServerError', 500);
const other = githubPost('{"action":"closed"}');

/** A source whose events are known for an hour, on a clock that a test moves. */
function windowed(windowSeconds: number | null = WINDOW) {
  let now = NOW;
  const config = recordedConfig();
  const sources = { github: { ...config.sources.github!, ...(windowSeconds !== null && { deduplicationWindowSeconds: windowSeconds }) } };
  const gateway = recorded({ config: { ...config, sources }, now: () => now });
  return {
    ...gateway,
    /** Posts at so many seconds after the first time. Answers what was accepted: id, targets, and whether it is a duplicate. */
    async at(seconds: number, post: Post = githubPost()) {
      now = NOW + seconds * 1_000;
      const before = gateway.lines.length;
      const { statusCode } = await gateway.post(post);
      const [line] = gateway.lines.slice(before).filter((said): said is LogLine & { event: 'accepted' } => said.event === 'accepted');
      return { status: statusCode, id: line?.id, targets: line?.targets, duplicate: line?.duplicate };
    },
    rows: () => [...gateway.table.rows.values()].filter(({ sk }) => sk === 'EVENT'),
  };
}

const DUPLICATE = { status: 200, targets: [], duplicate: true };
const NEW = { status: 200, targets: QUEUES, duplicate: false };

test('within the window an event that comes again is a duplicate, to the last millisecond', async () => {
  const gateway = windowed();
  const first = await gateway.at(0);
  expect(first).toMatchObject(NEW);
  for (const seconds of [1, WINDOW - 1, WINDOW - 0.001]) expect(await gateway.at(seconds)).toEqual({ ...DUPLICATE, id: first.id });
  expect(gateway.rows()).toHaveLength(1);
});

test('after the window it is an event of its own, for all its targets, and the first stays as it was', async () => {
  const gateway = windowed();
  const first = await gateway.at(0);
  const [before] = gateway.rows().map((row) => ({ ...row }));
  const second = await gateway.at(WINDOW);
  expect(second).toMatchObject(NEW);
  expect(second.id).toMatch(/^evt_[a-z2-7]{26}$/);
  expect(second.id).not.toBe(first.id);
  expect(gateway.rows()[0]).toEqual({ ...before, repeatedBy: second.id });
  expect(gateway.rows()[1]).toMatchObject({
    id: second.id, repeats: first.id, providerId: before?.['providerId'], time: new Date(NOW + WINDOW * 1_000).toISOString(), targets: QUEUES, enqueued: new Set(QUEUES),
  });
  // The receiver knows events by their ids.
  expect(gateway.bodies.slice(QUEUES.length).map((message) => JSON.parse(message))).toEqual(QUEUES.map(() => (
    expect.objectContaining({ id: second.id, time: new Date(NOW + WINDOW * 1_000).toISOString() }))));
  expect(gateway.lines.filter(({ event }) => event === 'warning')).toEqual([]);
});

test('without a window it is a duplicate for as long as it is on record', async () => {
  const gateway = windowed(null);
  const { id } = await gateway.at(0);
  expect(await gateway.at(29 * 86_400)).toEqual({ ...DUPLICATE, id });
  expect(gateway.table.calls.filter((call) => call === 'get')).toHaveLength(2);
});

test.each([
  ['right after it', [1.5, 1.6]],
  ['to the last second of its own window, which ends in another', [1.5, 2.4]],
  ['when it came at the very end of a window', [1.999, 2.5]],
  ['many windows later', [700.2, 701.1]],
])('an event that repeats another is known for a window from its own acceptance: %s', async (_, [accepted, again]) => {
  const gateway = windowed();
  await gateway.at(0);
  const { id } = await gateway.at(accepted! * WINDOW);
  expect(await gateway.at(again! * WINDOW)).toEqual({ ...DUPLICATE, id });
  expect(gateway.rows()).toHaveLength(2);
});

test('each window after another has an event of its own', async () => {
  const gateway = windowed();
  const ids: unknown[] = [];
  for (const windows of [0, 1, 2, 3.5, 4.5, 90]) {
    const said = await gateway.at(windows * WINDOW);
    expect(said).toMatchObject(NEW);
    ids.push(said.id);
  }
  expect(new Set(ids).size).toBe(ids.length);
  expect(gateway.rows().slice(1).map(({ repeats }) => repeats)).toEqual(ids.slice(1).map(() => ids[0]));
});

test('two requests at once after the window are one event', async () => {
  const gateway = windowed();
  await gateway.at(0);
  const [one, two] = await Promise.all([gateway.at(WINDOW + 1), gateway.at(WINDOW + 1)]);
  expect([one.status, two.status]).toEqual([200, 200]);
  expect(gateway.rows()).toHaveLength(2);
  expect(new Set(gateway.bodies.slice(QUEUES.length).map((message) => (JSON.parse(message) as { id: string }).id)).size).toBe(1);
});

test.each([
  ['the first', [0]],
  ['one that repeats it', [0, WINDOW + 1]],
])('%s, when its sender was asked to send it again, goes on as the same event after the window', async (_, earlier) => {
  const gateway = windowed();
  for (const seconds of earlier.slice(0, -1)) await gateway.at(seconds);
  gateway.queues['crm'] = new AwsCallError('sqs SendMessage', 'unavailable', 'ServiceUnavailable', 503);
  const last = earlier.at(-1) as number;
  expect(await gateway.at(last)).toMatchObject({ status: 503 });
  const row = gateway.rows().at(-1);
  delete gateway.queues['crm'];
  expect(await gateway.at(last + WINDOW + 1)).toEqual({ status: 200, id: row?.['id'], targets: ['crm'], duplicate: false });
  // It was accepted only now, so its window begins now.
  expect(await gateway.at(last + 2 * WINDOW)).toEqual({ ...DUPLICATE, id: row?.['id'] });
});

test('an event that some targets have yet to get is looked for no further', async () => {
  const gateway = windowed();
  gateway.queues['crm'] = new AwsCallError('sqs SendMessage', 'unavailable', 'ServiceUnavailable', 503);
  await gateway.at(0);
  delete gateway.queues['crm'];
  const { length } = gateway.table.calls;
  expect(await gateway.at(5 * WINDOW)).toMatchObject({ status: 200, targets: ['crm'] });
  expect(gateway.table.calls.slice(length).filter((call) => call === 'get')).toHaveLength(1);
});

describe('another body under the same id', () => {
  test('is no collision after the window', async () => {
    const gateway = windowed();
    const first = await gateway.at(0);
    const second = await gateway.at(WINDOW, other);
    expect(second).toMatchObject(NEW);
    expect(gateway.rows()[1]).toMatchObject({ id: second.id, repeats: first.id });
    expect(gateway.rows()[1]).not.toHaveProperty('collidesWith', expect.anything());
    expect(gateway.lines.filter(({ event }) => event === 'warning')).toEqual([]);
    expect(await gateway.at(WINDOW + 1, other)).toEqual({ ...DUPLICATE, id: second.id });
  });

  test('collides within a later window', async () => {
    const gateway = windowed();
    await gateway.at(0);
    const second = await gateway.at(WINDOW);
    const third = await gateway.at(WINDOW + 1, other);
    expect(third).toMatchObject(NEW);
    expect(gateway.rows()[2]).toMatchObject({ id: third.id, collidesWith: second.id });
    expect(await gateway.at(WINDOW + 2, other)).toEqual({ ...DUPLICATE, id: third.id });
    expect(await gateway.at(WINDOW + 3)).toEqual({ ...DUPLICATE, id: second.id });
  });

  test('that collided late in the first window is known for its own', async () => {
    const gateway = windowed();
    await gateway.at(0);
    const { id } = await gateway.at(WINDOW - 1, other);
    expect(await gateway.at(WINDOW + 1, other)).toEqual({ ...DUPLICATE, id });
  });
});

test.each([
  ['at all', 1],
  ['of this window', 2],
  ['of an earlier window', 3],
])('what the store cannot tell %s is delivered, and nothing is lost', async (_, nth) => {
  const gateway = windowed();
  const first = await gateway.at(0);
  const earlier = nth === 3 ? [first.id, (await gateway.at(1.2 * WINDOW)).id] : [first.id];
  const { get } = gateway.table;
  let reads = 0;
  gateway.table.get = (...given) => (++reads === nth ? Promise.reject(down) : get.apply(gateway.table, given));
  const again = await gateway.at(2.5 * WINDOW);
  expect(again).toMatchObject(NEW);
  expect(earlier.includes(again.id)).toBe(nth === 1);
  expect(gateway.lines).toContainEqual(expect.objectContaining({ event: 'warning', code: 'store-failed' }));
});

test('where the first event cannot be told of it, it is delivered, and so may the next one be', async () => {
  const gateway = windowed();
  await gateway.at(0);
  const { update } = gateway.table;
  gateway.table.update = (change) => ('repeatedBy' in (change.set ?? {}) ? Promise.reject(down) : update.call(gateway.table, change));
  const second = await gateway.at(1.9 * WINDOW);
  expect(second).toMatchObject(NEW);
  expect(gateway.lines).toContainEqual(expect.objectContaining({ event: 'warning', code: 'store-failed', message: expect.stringContaining(second.id!) }));
  expect(await gateway.at(1.95 * WINDOW)).toEqual({ ...DUPLICATE, id: second.id });
  expect(await gateway.at(2.1 * WINDOW)).toMatchObject(NEW);
});

test('the note makes no row of an event that is on record no longer', async () => {
  const gateway = windowed();
  const first = await gateway.at(0);
  const { update } = gateway.table;
  gateway.table.update = (change) => {
    if ('repeatedBy' in (change.set ?? {})) gateway.table.rows.clear();
    return update.call(gateway.table, change);
  };
  const second = await gateway.at(WINDOW);
  expect(second).toMatchObject(NEW);
  expect(gateway.rows()).toEqual([expect.objectContaining({ id: second.id, repeats: first.id })]);
});

test('a window that a deployment makes longer or shorter still knows the newest', async () => {
  const gateway = windowed();
  await gateway.at(0);
  const { id } = await gateway.at(2.5 * WINDOW);
  const later = windowed(WINDOW / 2);
  for (const [place, row] of gateway.table.rows) later.table.rows.set(place, row);
  expect(await later.at(2.5 * WINDOW + WINDOW / 4)).toEqual({ ...DUPLICATE, id });
});

test('a row of a newer version is left alone', async () => {
  const gateway = windowed();
  await gateway.at(0);
  const [row] = gateway.rows() as { v: number }[];
  row!.v = 99;
  expect(await gateway.at(2 * WINDOW)).toMatchObject({ status: 200, targets: QUEUES });
  expect(gateway.rows()).toEqual([expect.objectContaining({ v: 99, time: new Date(NOW).toISOString() })]);
});

test('an event that is new costs one read, one that repeats another three at most', async () => {
  const gateway = windowed();
  const reads = async (seconds: number): Promise<number> => {
    const before = gateway.table.calls.length;
    await gateway.at(seconds);
    return gateway.table.calls.slice(before).filter((call) => call === 'get').length;
  };
  expect([await reads(0), await reads(1), await reads(WINDOW), await reads(2.5 * WINDOW)]).toEqual([1, 1, 2, 3]);
});
