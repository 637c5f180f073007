import { INDEXES, SHARDS, type TargetOutcome } from '../../lib/contract/store';
import type { Arguments } from '../../cli/arguments';
import { balance, emptyCounts, takeEvent, type CountedRow } from '../../cli/events/balance';
import { Pace } from '../../cli/move/pace';
import { progressLine } from '../../cli/move/progress';
import type { Plain } from '../../cli/store/attributes';
import type { EventTable } from '../../cli/store/event-table';
import { readIndex, type Direction } from '../../cli/store/index-query';
import { daysOf, parseTime, readTimeRange } from '../../cli/store/time-range';

const NOW = Date.parse('2026-11-20T12:00:00Z');

test.each<[string, string | undefined]>([
  ['15m', '2026-11-20T11:45:00.000Z'], ['2h', '2026-11-20T10:00:00.000Z'], ['7d', '2026-11-13T12:00:00.000Z'], ['30s', '2026-11-20T11:59:30.000Z'],
  ['2026-01-31', '2026-01-31T00:00:00.000Z'], ['2026-01-31T12:00', '2026-01-31T12:00:00.000Z'], ['2026-01-31T12:00:00.5', '2026-01-31T12:00:00.500Z'],
  ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z'], ['2026-02-30T00:00:00Z', undefined], ['2026-13-01', undefined], ['yesterday', undefined], ['', undefined],
  ['12', undefined], ['-1h', undefined],
])('the time %j is %s', (text, expected) => {
  const time = parseTime(text, NOW);
  expect(time === undefined ? undefined : new Date(time).toISOString()).toBe(expected);
});

test.each([
  ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z', ['2026-01-01']],
  ['2026-01-01T23:59:59.999Z', '2026-01-02T00:00:00.001Z', ['2026-01-01', '2026-01-02']],
])('the days of %s to %s', (since, until, days) => expect(daysOf({ since, until })).toEqual(days));

test.each<[string, string]>([
  ['2026-11-20T12:30:00Z', '2026-11-20T12:30:00.000Z'], ['2027-11-20', '2026-11-20T13:00:00.000Z'], ['9999-12-31', '2026-11-20T13:00:00.000Z'],
])('a range until %s ends at %s at noon', (until, expected) => {
  const args = { text: (name: string) => (name === 'until' ? until : undefined) } as Arguments;
  expect(readTimeRange('events list', args, NOW, 86_400)).toEqual({ since: '2026-11-19T12:00:00.000Z', until: expected });
});

/** An index in memory: answers as DynamoDB does to a key condition with BETWEEN and a limit. */
function fakeIndex(entries: readonly (readonly [string, string])[]): { readonly table: EventTable; readonly queries: number[] } {
  const queries: number[] = [];
  const query: EventTable['query'] = async ({ ExpressionAttributeValues: values = {}, Limit: limit = 0, ScanIndexForward: forward }) => {
    const [pk, low, high] = [values[':pk']?.S, values[':low']?.S as string, values[':high']?.S as string];
    const rows = entries.filter(([key, sort]) => key === pk && sort >= low && sort <= high)
      .sort(([, a], [, b]) => (a < b ? -1 : 1) * (forward ? 1 : -1)).map(([gpk1, gsk1]): Plain => ({ gpk1, gsk1, sk: 'EVENT' }));
    queries.push(Math.min(limit, rows.length));
    return { rows: rows.slice(0, limit), more: rows.length > limit };
  };
  return { table: { query } as EventTable, queries };
}

describe('reading an index', () => {
  const position = (i: number): string => `2026-11-${String(10 + Math.floor(i / 40)).padStart(2, '0')}T00:00:${String(i % 40 + 10)}.000Z#id${i}`;
  const entries = Array.from({ length: 200 }, (_, i) => [`${position(i).slice(0, 10)}/${i % SHARDS}`, position(i)] as const);
  const range = { since: '2026-11-10T00:00:00.000Z', until: '2026-11-20T00:00:00.000Z' };

  async function read(direction: Direction, chunk: number, limit: number, after?: string): Promise<{ found: string[]; read: number }> {
    const { table, queries } = fakeIndex(entries);
    const keysOf = (day: string): string[] => Array.from({ length: SHARDS }, (_, shard) => `${day}/${shard}`);
    const found: string[] = [];
    for await (const group of readIndex(table, { index: INDEXES.byTime, keysOf, range, direction, chunk, ...(after !== undefined && { after }) })) {
      if (found.length === limit) break;
      found.push(group.position);
    }
    return { found, read: queries.reduce((sum, each) => sum + each, 0) };
  }

  const all = entries.map(([, each]) => each);
  const chunks: [Direction, number][] = [['oldest', 2], ['oldest', 3], ['oldest', 100], ['newest', 2], ['newest', 5], ['newest', 100]];
  test.each(chunks)('%s first, in chunks of %i', async (direction, chunk) => {
    expect((await read(direction, chunk, 1_000)).found).toEqual(direction === 'oldest' ? all : [...all].reverse());
  });

  test.each<Direction>(['oldest', 'newest'])('goes on behind any position, %s first', async (direction) => {
    const ordered = direction === 'oldest' ? all : [...all].reverse();
    for (const index of [0, 1, 39, 40, 41, 198, 199]) {
      expect((await read(direction, 4, 1_000, ordered[index])).found).toEqual(ordered.slice(index + 1));
    }
  });

  test('a page reads no more than a chunk of each key of the days it touches', async () => {
    expect((await read('newest', 5, 20)).read).toBeLessThanOrEqual(SHARDS * 5 * 2);
  });
});

/** A target's row with these attempts, of which the last ones are of replays. */
function row(outcome: TargetOutcome, attempts: number[] = [1], { replays = 0, attempts: all = attempts.length } = {}): CountedRow {
  const tries = attempts.map((attempt, i) => ({
    time: new Date(NOW + i).toISOString(), outcome: 'status' as const, status: 500, ms: 1, retryInSeconds: null, attempt,
    ...(i >= attempts.length - replays && { replay: 'rpl_1' }),
  }));
  return { outcome, attempts: all, tries };
}

describe('balance', () => {
  test('dead letters that SQS made have no outcome on record', () => {
    const counts = emptyCounts();
    takeEvent(counts, 'a', { bytes: 1, targets: ['x'], unrouted: false }, () => undefined);
    takeEvent(counts, 'b', { bytes: 1, targets: ['x'], unrouted: false }, () => row('dead-lettered'));
    const held = (deadLetters: number) => new Map([['x', { queue: 0, deadLetters }]]);
    expect(balance(counts, held(2), true)).toMatchObject({ gaps: [], unsure: [{ target: 'x', missing: 1, ids: ['a'], message: expect.stringContaining('redrive x ID --dry-run') }] });
    expect(balance(counts, held(1), true)).toMatchObject({ gaps: [{ target: 'x', missing: 1, ids: ['a'] }], unsure: [] });
    // The letter may be of an event that is not counted.
    expect(balance(counts, held(2), false)).toMatchObject({ gaps: [{ missing: 1, message: expect.stringContaining('or of other events') }], unsure: [] });
  });

  test.each<[string, CountedRow, number]>([
    ['delivered at the first attempt', row('delivered', [1]), 0],
    ['delivered at the third attempt', row('delivered', [1, 2, 3]), 0],
    ['delivered by a replay', row('delivered', [1], { replays: 1, attempts: 2 }), 1],
    ['delivered by a replay after twenty attempts', row('delivered', [18, 19, 20, 1], { replays: 1, attempts: 21 }), 1],
    ['delivered when the sender sent it again', row('delivered', [1, 2, 1]), 1],
    ['the same, and each attempt in the place of the one before', row('delivered', [1], { attempts: 2 }), 1],
    ['waiting in a replay', row('waiting', [1, 2], { replays: 2, attempts: 3 }), 1],
    ['given up by a replay', row('dead-lettered', [1], { replays: 1, attempts: 2 }), 1],
  ])('a dead letter that may be left of an event excuses no loss: %s', (_name, known, hidden) => {
    const counts = emptyCounts();
    takeEvent(counts, 'lost', { bytes: 1, targets: ['x'], unrouted: false }, () => undefined);
    takeEvent(counts, 'known', { bytes: 1, targets: ['x'], unrouted: false }, () => known);
    const waiting = known.outcome === 'waiting' ? 1 : 0;
    const recorded = known.outcome === 'dead-lettered' ? 1 : 0;
    const { gaps, unsure } = balance(counts, new Map([['x', { queue: waiting, deadLetters: recorded + 1 }]]), true);
    expect([gaps.length, unsure.length]).toEqual(hidden === 0 ? [0, 1] : [1, 0]);
  });

  test('a queue that is gone', () => {
    const counts = emptyCounts();
    takeEvent(counts, 'a', { bytes: 1, targets: ['x'], unrouted: false }, () => undefined);
    expect(balance(counts, new Map([['x', { queue: 0, deadLetters: 0, gone: true }]]), true).gaps).toMatchObject([{ message: expect.stringContaining('queue is gone') }]);
  });

  test('a target that is gone has nothing in queues', () => {
    const counts = emptyCounts();
    takeEvent(counts, 'a', { bytes: 1, targets: ['x'], unrouted: false }, () => row('waiting'));
    expect(balance(counts, new Map(), true).gaps).toMatchObject([{ missing: 1, message: expect.stringContaining('no such target any more') }]);
  });
});

test('a pace spreads turns evenly, and makes up for at most a second', () => {
  let now = 0;
  const pace = new Pace(10, () => now);
  expect([pace.reserve(), pace.reserve(), pace.reserve()]).toEqual([0, 100, 200]);
  now = 60_000;
  const waits = Array.from({ length: 12 }, () => pace.reserve());
  expect(waits.filter((wait) => wait === 0)).toHaveLength(11);
  expect(waits[11]).toBe(100);
});

test.each([[0, 10, 0, 0, null], [50, 100, 1, 50, 1], [100, 100, 4, 25, 0]])('%i of %i after %i s', (done, total, seconds, perSecond, etaSeconds) => {
  expect(progressLine(done, total, seconds)).toEqual({ event: 'progress', done, total, perSecond, etaSeconds });
});
