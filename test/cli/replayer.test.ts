import type { SQSClient } from '@aws-sdk/client-sqs';
import { CliError, Exit } from '../../cli/cli-error';
import { look, show, type Received } from '../../cli/move/dead-letters';
import type { MoveSelected } from '../../cli/move/move-selected';
import { countPlan, planned, type Planned } from '../../cli/move/planned';
import { Progress } from '../../cli/move/progress';
import { endOf } from '../../cli/move/redelivery';
import { readReplayToken, writeReplayToken, type ReplayState } from '../../cli/move/replay-token';
import { Replayer, type Replayed } from '../../cli/move/replayer';
import type { TargetQueues } from '../../cli/move/target-queues';
import type { Printer } from '../../cli/print';
import type { Plain } from '../../cli/store/attributes';
import type { Key } from '../../cli/store/event-table';
import type { Store } from '../../cli/store/open-store';
import type { Step } from '../../cli/store/selection';
import type { StoredTarget } from '../../cli/store/rows';

const EVENTS = 100;
const ids = Array.from({ length: EVENTS }, (_, i) => `evt_${String(i).padStart(3, '0')}`);

interface Faults {
  /** Throws for what SQS is asked to send. */
  readonly send?: (id: string) => void;
  /** Throws for what the table is asked to read. */
  readonly get?: (asked: readonly string[]) => void;
  /** Throws for what the payload bucket is asked for. */
  readonly body?: (id: string) => void;
}

/** Replays a hundred events, fifty at a time. */
async function replay({ send = () => undefined, get = () => undefined, body = () => undefined }: Faults, after = ''): Promise<{ result: Replayed; sent: string[] }> {
  const sent: string[] = [];
  const client = {
    send: async ({ constructor, input }: { readonly constructor: { readonly name: string }; readonly input: { readonly MessageBody: string } }) => {
      if (constructor.name !== 'SendMessageCommand') return {};
      const { id } = JSON.parse(input.MessageBody) as { id: string };
      send(id);
      sent.push(id);
      return {};
    },
  } as unknown as SQSClient;
  const table = {
    get: async (keys: readonly Key[]): Promise<Plain[]> => {
      const asked = keys.map(({ pk }) => pk.slice(2));
      get(asked);
      return asked.map((id) => ({ id, source: 's', time: '2026-01-01T00:00:00.000Z', bytes: 0 }));
    },
  };
  const bodies = {
    read: async ({ id }: { readonly id: string }): Promise<Buffer> => {
      body(id);
      return Buffer.alloc(0);
    },
  };
  const store = { access: { client: {} }, table, bodies } as unknown as Store;
  const all = ids.filter((id) => id > after).map((id): Planned => ({ position: id, found: { id, source: 's', time: '' }, names: ['t'], skipped: [] }));
  async function* batches(): AsyncGenerator<Planned[]> {
    for (let i = 0; i < all.length; i += 50) yield all.slice(i, i + 50);
  }
  const print = { json: false, line: async () => undefined } as unknown as Printer;
  const queues = new Map([['t', { name: 't', url: 'http://localhost/q', part: {} } as unknown as TargetQueues]]);
  const result = await new Replayer({
    store, client, queues, print, replay: 'rpl_1', perSecond: 100_000, progress: new Progress(print, all.length), signal: new AbortController().signal,
    release: false, onSent: async () => undefined,
  }).run(batches());
  return { result, sent };
}

const refuse = (name: string): never => { throw Object.assign(new Error('told so'), { name }); };

describe('a replay', () => {
  test('whose reading is refused in its midst says how far it is, and loses nothing', async () => {
    const expired = new CliError(Exit.NO_ACCESS, 'no access to the event store');
    const { result, sent } = await replay({ get: (asked) => { if (asked.includes('evt_050')) throw expired; } });
    expect(result).toMatchObject({ done: 50, failed: 0, position: 'evt_049', stoppedBy: null, endedBy: expired });
    const rest = await replay({}, result.position);
    expect([...sent, ...rest.sent]).toEqual(ids);
  });

  test('whose reading is refused in the midst of a batch waits for what is under way, and counts it', async () => {
    const expired = new CliError(Exit.NO_ACCESS, 'no access to the payload bucket');
    const { result, sent } = await replay({ body: (id) => { if (id === 'evt_070') throw expired; } });
    expect(result).toMatchObject({ done: 70, position: 'evt_069', endedBy: expired });
    expect(sent).toEqual(ids.slice(0, 70));
  });

  test('whose sending is refused goes on before the first that failed', async () => {
    const { result, sent } = await replay({ send: (id) => { if (id >= 'evt_060') refuse('ExpiredToken'); } });
    expect(result).toMatchObject({ done: 10 + 50, position: 'evt_059', endedBy: { exit: Exit.NO_ACCESS } });
    expect(sent).toEqual(ids.slice(0, 60));
  });

  test('in which nothing works any more gives up with a place to go on', async () => {
    const { result } = await replay({ send: (id) => { if (id >= 'evt_055') refuse('InternalError'); } });
    expect(result).toMatchObject({ done: 55, position: 'evt_054', endedBy: { exit: Exit.FAILED } });
  });

  test('in which one send fails names it, and does the others', async () => {
    const { result } = await replay({ send: (id) => { if (id === 'evt_007') refuse('InternalError'); } });
    expect(result).toMatchObject({
      done: 99, failed: 1, position: 'evt_099', failures: [{ id: 'evt_007', target: 't', message: expect.stringContaining('cannot send to queue "q"') }],
    });
    expect(result.endedBy).toBeUndefined();
  });

  test('whose queue is deleted meanwhile skips what was for it', async () => {
    const { result } = await replay({ send: (id) => { if (id >= 'evt_070') refuse('QueueDoesNotExist'); } });
    expect(result).toMatchObject({ done: 70, failed: 0, skipped: 30 });
    expect([...result.why.keys()]).toEqual([expect.stringContaining('the queue of target "t" is gone')]);
  });
});

describe('an interrupt', () => {
  test('ends the counting, though the next event is long in coming', async () => {
    const stop = new AbortController();
    async function* steps(): AsyncGenerator<Step> {
      yield { position: '1', found: { id: 'evt_1', source: 's', time: '' } };
      stop.abort();
      await new Promise(() => undefined);
    }
    const batches = planned(steps(), (some) => some.map(({ position, found }) => ({ position, found, names: ['t'], skipped: [] })), stop.signal);
    await expect(countPlan(batches, stop.signal)).rejects.toMatchObject({ exit: Exit.INTERRUPTED });
  });

  test('ends the look through the dead letters, and what was received by then can be shown again', async () => {
    const stop = new AbortController();
    const shown: unknown[] = [];
    let received = 0;
    const client = {
      send: async ({ input }: { readonly input: { readonly Entries?: { ReceiptHandle: string; VisibilityTimeout: number }[] } }) => {
        if (input.Entries) shown.push(...input.Entries.map(({ ReceiptHandle, VisibilityTimeout }) => [ReceiptHandle, VisibilityTimeout]));
        if (received === 2) stop.abort();
        received++;
        return { Messages: [{ MessageId: `m${received}`, ReceiptHandle: `r${received}`, Body: JSON.stringify({ id: `evt_${received}`, source: 's', time: '' }) }] };
      },
    } as unknown as SQSClient;
    const move = {
      client, store: { access: { client: {} } }, queues: { deadLetterUrl: 'http://localhost/d' }, selects: ({ id }: { id: string }) => id === 'evt_2', context: { signal: stop.signal },
    } as unknown as MoveSelected;
    const held: Received = { chosen: [], others: [] };
    await expect(look(move, held)).rejects.toMatchObject({ exit: Exit.INTERRUPTED });
    await show(move, [...held.others, ...held.chosen.map(({ receipt }) => receipt)]);
    expect(shown).toEqual([['r1', 0], ['r3', 0], ['r2', 0]]);
  });
});

describe('what a row says of a dead letter that was sent again', () => {
  const MADE = Date.parse('2026-01-01T12:00:00.000Z');
  const [before, after] = ['2026-01-01T11:59:59.000Z', '2026-01-01T12:00:01.000Z'];
  const resent = { sentAt: MADE, replay: 'rpl_own', sent: true, before };
  const attempt = (outcome: 'delivered' | 'status', retryInSeconds: number | null, replay?: string): StoredTarget['tries'][number] => (
    { time: after, outcome, status: 200, ms: 1, retryInSeconds, attempt: 1, ...(replay !== undefined && { replay }) });
  const delivered = attempt('delivered', null, 'rpl_own');
  const refused = attempt('status', null, 'rpl_own');
  const later = attempt('status', 5, 'rpl_own');

  test.each<[string, Pick<StoredTarget, 'outcome' | 'at' | 'tries'>, 'done' | 'failed' | undefined]>([
    ['delivered by this redrive', { outcome: 'delivered', at: after, tries: [delivered] }, 'done'],
    ['the same by a clock that is behind', { outcome: 'delivered', at: before, tries: [delivered] }, 'done'],
    ['the same, and another copy given up after it', { outcome: 'dead-lettered', at: after, tries: [delivered] }, 'done'],
    ['delivered before it was made', { outcome: 'delivered', at: before, tries: [attempt('delivered', null)] }, undefined],
    ['delivered since, by another copy', { outcome: 'delivered', at: after, tries: [attempt('delivered', null)] }, 'done'],
    ['dropped by a transform now', { outcome: 'dropped', at: after, tries: [] }, 'done'],
    ['given up by this redrive', { outcome: 'dead-lettered', at: after, tries: [refused] }, 'failed'],
    ['the same on a clock that stands still', { outcome: 'dead-lettered', at: before, tries: [refused] }, 'failed'],
    ['to be tried again', { outcome: 'waiting', at: after, tries: [later] }, undefined],
    ['given up by another copy, this one to be tried again', { outcome: 'dead-lettered', at: after, tries: [later] }, undefined],
    ['given up without an attempt', { outcome: 'dead-lettered', at: after, tries: [] }, 'failed'],
    ['given up as before', { outcome: 'dead-lettered', at: before, tries: [attempt('status', null)] }, undefined],
  ])('%s', (_name, row, end) => expect(endOf(row, resent)).toBe(end));

  test('before it is sent, only a delivery ends it', () => {
    expect(endOf({ outcome: 'dead-lettered', at: after, tries: [refused] }, { ...resent, sent: false })).toBeUndefined();
    expect(endOf({ outcome: 'delivered', at: after, tries: [] }, { ...resent, sent: false })).toBe('done');
  });
});

describe('a token', () => {
  const range = { since: '2026-01-01T00:00:00.000Z', until: '2026-01-02T00:00:00.000Z' };
  const selection = { range, sources: ['s'], targets: ['t'], type: 'push' };
  const byIds: ReplayState = { gateway: 'g', replay: 'rpl_1', ids: ['evt_1'], position: '0' };
  const byFilter: ReplayState = { gateway: 'g', replay: 'rpl_1', selection, position: '2026-01-01T00:00:00.000Z#evt_1', to: 't' };

  test.each([byIds, byFilter])('is read as it was written: %j', (state) => expect(readReplayToken(writeReplayToken(state))).toEqual(state));

  test.each<[string, object]>([
    ['neither ids nor a selection', { ...byIds, ids: undefined }],
    ['both', { ...byFilter, ids: ['evt_1'] }],
    ['no ids', { ...byIds, ids: [] }],
    ['ids that are none', { ...byIds, ids: [1] }],
    ['a selection without a range', { ...byFilter, selection: { ...selection, range: undefined } }],
    ['a selection of no time', { ...byFilter, selection: { ...selection, range: { ...range, until: 'x' } } }],
    ['a selection without sources', { ...byFilter, selection: { ...selection, sources: undefined } }],
    ['a type that is none', { ...byFilter, selection: { ...selection, type: 1 } }],
    ['a target that is none', { ...byFilter, to: 1 }],
    ['a place among ids in a selection', { ...byFilter, position: '0' }],
    ['a place in time among ids', { ...byIds, position: byFilter.position }],
    ['no replay', { ...byIds, replay: undefined }],
  ])('with %s is none', (_name, state) => {
    expect(() => readReplayToken(writeReplayToken(state as ReplayState))).toThrow('no token of a replay');
  });
});
