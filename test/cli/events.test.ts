import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { deflateRawSync } from 'node:zlib';
import { eventId } from '../../cli/event-id';
import { StoredRun } from './fixtures/stored-run';

let run: StoredRun;
beforeAll(async () => { run = await StoredRun.start(); });
afterAll(() => run.close());

const UNKNOWN = `evt_${'a'.repeat(26)}`;
const AT = '2026-11-20T12:00:00.000Z';

describe('events list', () => {
  let ids: string[];
  beforeAll(async () => {
    ids = [];
    // Of three days, so that a page crosses from one to the next.
    for (let i = 0; i < 30; i++) ids.push(await run.event(i * 150 + 1, { type: i % 10 === 3 ? 'rare' : 'push', targets: i % 2 ? ['billing'] : ['billing', 'audit'] }));
    await run.outcome(ids[0]!, 1, 'billing', 'delivered', { status: 200, attempts: 2 });
    await run.outcome(ids[0]!, 1, 'audit', 'waiting', { status: 503, attempts: 3, nextAttemptAt: AT });
    await run.outcome(ids[2]!, 301, 'audit', 'dead-lettered', { status: 400, reason: 'rejected' });
    await run.outcome(ids[5]!, 751, 'billing', 'dead-lettered', { status: 410, reason: 'gone' });
  });

  async function listed(...args: string[]): Promise<{ ids: unknown[]; next: string | null; exit: number | null }> {
    const { lines, exit, stderr } = await run.cli('events', 'list', '--json', ...args);
    expect(stderr).toBe('');
    return { ids: lines.slice(0, -1).map(({ id }) => id), next: lines.at(-1)?.['next'] as string | null, exit };
  }

  test('newest first, each with what became of it, and a line for the page', async () => {
    const { lines, exit } = await run.cli('events', 'list', '--json', '--limit', '2');
    expect(exit).toBe(0);
    expect(lines).toEqual([
      {
        id: ids[0], source: 'github', type: 'push', time: '2026-11-20T11:59:00.000Z', bytes: 16, targets: {
          billing: { outcome: 'delivered', attempts: 2, status: 200, nextAttemptAt: null },
          audit: { outcome: 'waiting', attempts: 3, status: 503, nextAttemptAt: AT },
        },
      },
      expect.objectContaining({ id: ids[1], targets: { billing: { outcome: 'waiting', attempts: 0, status: null, nextAttemptAt: null } } }),
      { event: 'page', next: expect.any(String) },
    ]);
  });

  test('pages join without a gap or a repeat, whatever comes in between', async () => {
    const found: unknown[] = [];
    let next: string | null = null;
    do {
      const page = await listed('--limit', '7', ...(next === null ? [] : ['--next', next]));
      found.push(...page.ids);
      next = page.next;
    } while (next !== null);
    expect(found).toEqual(ids);
  });

  test.each<[string, string[], number[]]>([
    ['a time range, whose end is left out', ['--since', '2026-11-20T06:59:00Z', '--until', '2026-11-20T11:59:00Z'], [1, 2]],
    ['how long ago', ['--since', '3h'], [0, 1]],
    ['a type', ['--type', 'rare'], [3, 13, 23]],
    ['an outcome, for any target', ['--outcome', 'dead-lettered'], [2, 5]],
    ['a target and an outcome', ['--target', 'audit', '--outcome', 'dead-lettered'], [2]],
    ['delivered, of which there is no index', ['--outcome', 'delivered'], [0]],
    ['waiting, with and without an attempt', ['--outcome', 'waiting', '--since', '6h'], [0, 1, 2]],
    ['waiting for a target', ['--outcome', 'waiting', '--target', 'audit', '--since', '11h'], [0, 4]],
    ['an outcome and a type', ['--outcome', 'dead-lettered', '--type', 'rare'], []],
  ])('%s', async (_name, args, expected) => {
    expect((await listed(...args)).ids).toEqual(expected.map((index) => ids[index]));
  });

  test('a person sees columns', async () => {
    const { stdout } = await run.cli('events', 'list', '--limit', '1');
    const [heading, event, ...rest] = stdout.split('\n');
    expect(heading).toMatch(/^TIME \(UTC\) +ID +SOURCE +TYPE +BYTES +TARGETS$/);
    expect(event).toMatch(/^2026-11-20 11:59:00 +evt_\w+ +github +push +16 +billing delivered, audit waiting after 3 \(503\)$/);
    expect(rest).toEqual(['']);
  });

  test.each<[number, string[], string]>([
    [2, ['--since', '2026-11-20', '--until', '2026-11-20'], 'empty'],
    [2, ['--since', '2026-11-20', '--until', '2026-11-19'], 'backwards'],
    [2, ['--since', 'yesterday'], '"yesterday"'],
    [2, ['--outcome', 'deliverd'], 'did you mean delivered?'],
    [2, ['--limit', '0'], '1 to 1000'],
    [2, ['--next', 'abc'], 'no token'],
    [3, ['--until', '2025-01-01'], 'kept for 30 days'],
    [3, ['--since', '2027-11-20', '--until', '2027-11-21'], 'nothing of it has come yet'],
    [3, ['--source', 'gitlab'], '"gitlab"; there are github, orders'],
    [3, ['--target', 'nobody'], 'there are billing, audit, ordered'],
    [3, ['--gateway', 'Other'], '"Other"'],
  ])('exit %i for %j', async (exit, args, message) => {
    expect(await run.cli('events', 'list', ...args)).toMatchObject({ exit, stdout: '', stderr: expect.stringContaining(message) });
  });
});

describe('events show', () => {
  test('everything on record', async () => {
    const id = await run.event(10_001, { providerId: 'p-1', source: 'orders' });
    const tries = [1, 2].map((attempt) => ({
      time: `2026-11-13T13:2${attempt}:00.000Z`, outcome: 'status' as const, status: 500, ms: 7, retryInSeconds: 5, attempt,
    }));
    await run.outcome(id, 10_001, 'billing', 'dead-lettered', { status: 500, attempts: 2, reason: 'expired', detail: 'too old', response: 'oops', tries });
    expect((await run.cli('events', 'show', id, '--json')).lines).toEqual([expect.objectContaining({
      id, source: 'orders', providerId: 'p-1', headers: { 'content-type': 'application/json' }, body: '{"minutesAgo":10001}',
      targets: { billing: expect.objectContaining({ outcome: 'dead-lettered', reason: 'expired', detail: 'too old', response: 'oops' }) },
      attempts: tries.map((each) => ({ target: 'billing', ...each })),
    })]);
  });

  test('attempts without the row of their event', async () => {
    const id = eventId('github', 'attempts only');
    const time = '2026-11-13T13:18:00.000Z';
    await run.outcome(id, 10_002, 'billing', 'dead-lettered', { at: AT });
    const { lines: [listed] } = await run.cli('events', 'list', '--json', '--outcome', 'dead-lettered', '--since', time, '--until', '2026-11-13T13:18:01Z');
    expect(listed).toMatchObject({ id, time, bytes: null });
    expect(await run.cli('events', 'show', id, '--json')).toMatchObject({
      exit: 0, lines: [{ id, time, bytes: null, targets: { billing: { outcome: 'dead-lettered', at: AT } } }],
    });
  });

  test('delivered without the row of its event: when it was accepted is not known', async () => {
    const id = eventId('github', 'delivered only');
    await run.outcome(id, 10_002, 'billing', 'delivered', { at: AT });
    expect(await run.cli('events', 'show', id, '--json')).toMatchObject({ exit: 0, lines: [{ id, time: null, bytes: null, targets: { billing: { at: AT } } }] });
    expect((await run.cli('events', 'show', id)).stdout).toMatch(/^accepted +unknown: the event has no row of its own$/m);
  });

  test.each<[string, Buffer, object]>([
    ['bytes that are no text', Buffer.from([0xff, 0x00]), { bodyBase64: '/wA=' }],
    ['no body', Buffer.alloc(0), { body: '' }],
  ])('%s', async (_name, body, fields) => {
    const id = await run.event(10_003 + body.length, { body: body.length === 0 ? undefined : body });
    const rows = await run.row(id);
    if (body.length === 0) await run.put(`E#${id}`, 'EVENT', { v: 1, id, source: 'github', time: rows!['time']!.S, bytes: 0, hash: '', headers: {}, targets: [], ttl: 1e10 });
    expect((await run.cli('events', 'show', id, '--json')).lines[0]).toMatchObject(fields);
  });

  test('a deflated body', async () => {
    const id = await run.event(10_010, { body: undefined, bodyDeflated: deflateRawSync('x'.repeat(5_000)), bytes: 5_000, hash: '' });
    await run.put(`E#${id}`, 'EVENT', { v: 1, id, source: 'github', time: AT, bytes: 5_000, hash: '', headers: {}, bodyDeflated: deflateRawSync('x'.repeat(5_000)), ttl: 1e10 });
    expect((await run.cli('events', 'show', id, '--json')).lines[0]).toMatchObject({ body: 'x'.repeat(5_000) });
  });

  test('a body that is gone from the payload bucket', async () => {
    const id = await run.event(10_020, { body: undefined, payload: { key: 'payloads/x/1', bytes: 9, sha256: '00' } });
    await run.put(`E#${id}`, 'EVENT', { v: 1, id, source: 'github', time: AT, bytes: 9, hash: '', headers: {}, payload: { key: 'payloads/x/1', bytes: 9, sha256: '00' }, ttl: 1e10 });
    expect(await run.cli('events', 'show', id, '--json')).toMatchObject({
      exit: 1, lines: [{ id, bytes: 9 }, { event: 'error', code: 'body-missing' }], stderr: expect.stringContaining('is gone: the payload bucket has no object "payloads/x/1"'),
    });
  });

  test('a row of a newer version', async () => {
    const id = await run.event(10_030, { v: 2 });
    expect(await run.cli('events', 'show', id)).toMatchObject({ exit: 1, stdout: '', stderr: expect.stringContaining('version 2, and this command reads up to version 1') });
    await run.cli('events', 'delete', id, '--yes');
    expect(await run.row(id)).toBeDefined();
    await run.put(`E#${id}`, 'EVENT', { v: 1, id, source: 'github', time: AT, bytes: 0, hash: '', headers: {}, ttl: 1e10 });
  });

  test('nothing of what it holds reaches a terminal', async () => {
    const attack = '\u001b]0;owned\u0007\u202e';
    const id = await run.event(10_040, { type: attack, headers: { 'user-agent': attack }, body: Buffer.from(`${attack}\r\n\u001b[2J`), providerId: attack });
    await run.outcome(id, 10_040, 'billing', 'dead-lettered', { detail: attack, response: attack, type: attack });
    for (const args of [['events', 'show', id], ['events', 'show', id, '--json'], ['events', 'list', '--since', '8d', '--until', '6d']]) {
      const { stdout, exit } = await run.cli(...args);
      expect(exit).toBe(0);
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(stdout).toContain('owned');
    }
  });

  test.each([[UNKNOWN, 'never accepted here'], ['evt_1', '26 characters']])('%s is unknown', async (id, message) => {
    expect(await run.cli('events', 'show', id)).toMatchObject({ exit: 3, stderr: expect.stringContaining(message) });
  });

  test('what is past its retention and not deleted yet', async () => {
    const id = await run.event(10_050, { ttl: 1_000 });
    expect((await run.cli('events', 'show', id)).exit).toBe(3);
  });
});

describe('events export', () => {
  test('oldest first, with bodies; a missing one makes it fail', async () => {
    const range = ['--since', '2026-10-30', '--until', '2026-11-01'];
    const older = await run.event(30_000, { body: Buffer.from('one') });
    const newer = await run.event(29_000, { body: Buffer.from([0xff]), targets: [] });
    expect(await run.cli('events', 'export', ...range)).toMatchObject({ exit: 0, lines: [{ id: older, body: 'one', targets: ['billing'] }, { id: newer, bodyBase64: '/w==' }] });
    await run.event(28_990, { payload: { key: 'payloads/x/2', bytes: 9, sha256: '00' } });
    expect(await run.cli('events', 'export', ...range)).toMatchObject({ exit: 1, lines: [{}, {}, { bodyMissing: true }], stderr: expect.stringContaining('1 of them without') });
  });
});

describe('events reconcile', () => {
  const RANGE = ['--since', '2026-10-25', '--until', '2026-10-28'];
  const counted = { accepted: 7, pairs: 8, delivered: 1, waiting: 2, deadLettered: 1, quarantined: 3, dropped: 1, unrouted: 1 };

  test('every event is counted once for each of its targets; what waits must be in a queue', async () => {
    const at = (i: number): number => 35_000 + i;
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push(await run.event(at(i), { targets: i === 0 ? ['billing', 'audit'] : ['billing'] }));
    await run.outcome(ids[0]!, at(0), 'billing', 'delivered');
    await run.outcome(ids[1]!, at(1), 'billing', 'dead-lettered');
    await run.outcome(ids[2]!, at(2), 'billing', 'dropped');
    await run.outcome(ids[3]!, at(3), 'billing', 'unavailable');
    await run.outcome(ids[4]!, at(4), 'billing', 'waiting');
    await run.event(at(5), { targets: ['billing', 'audit'], quarantined: '/a is missing' });
    await run.event(at(6), { targets: [], unrouted: true });

    expect(await run.cli('events', 'reconcile', ...RANGE, '--json')).toMatchObject({ exit: 1, lines: [{ ...counted, balanced: false, gaps: [
      { target: 'audit', missing: 1, ids: [ids[0]] }, { target: 'billing', missing: 1 },
    ] }], stderr: expect.stringContaining('1 wait, and 1 of them are in no queue') });
    for (const target of ['audit', 'billing']) {
      await run.sqs.send(new SendMessageCommand({ QueueUrl: run.queueUrl(target), MessageBody: '{}', DelaySeconds: 900 }));
    }
    expect(await run.cli('events', 'reconcile', ...RANGE, '--json')).toMatchObject({ exit: 0, stderr: '', lines: [{ ...counted, balanced: true }] });
    expect((await run.cli('events', 'reconcile', ...RANGE)).stdout).toContain('it balances');
  });
});

describe('events delete', () => {
  test('erases every row, and asks first', async () => {
    const id = await run.event(10_060);
    await run.outcome(id, 10_060, 'billing', 'waiting');
    expect(await run.cli('events', 'delete', id)).toMatchObject({ exit: 2, stderr: expect.stringContaining('--yes') });
    expect((await run.cli('events', 'delete', id, UNKNOWN, '--yes')).exit).toBe(3);
    expect(await run.row(id)).toBeDefined();
    expect(await run.cli('events', 'delete', id, '--yes', '--json')).toMatchObject({ exit: 0, lines: [{ event: 'plan', count: 1 }, { event: 'deleted', id, queued: ['billing'] }] });
    expect([await run.row(id), await run.row(id, 'T#billing')]).toEqual([undefined, undefined]);
    expect((await run.cli('events', 'show', id)).exit).toBe(3);
  });
});

describe('events tail', () => {
  test('prints an event once as it comes, posts its bytes, and ends with 130', async () => {
    const receiver = run.receivers['audit']!;
    receiver.reset();
    const url = run.gateway.ready.targets['audit'] as unknown as { url: string };
    const tail = run.process('events', 'tail', '--json', '--forward', url.url);
    const id = await run.event(0, { body: Buffer.from('{"tail":true}') });
    await tail.line({ event: 'forwarded', id });
    tail.child.kill('SIGINT');
    expect(await tail.exit).toBe(130);
    expect(tail.lines).toEqual([expect.objectContaining({ id, source: 'github' }), { event: 'forwarded', id, status: 200, ms: expect.any(Number) }]);
    expect(receiver.arrivals).toEqual([expect.objectContaining({ body: Buffer.from('{"tail":true}'), headers: expect.objectContaining({ 'webhook-id': id, 'content-type': 'application/json' }) })]);
  });

  test('a URL that is none', async () => {
    expect(await run.cli('events', 'tail', '--forward', 'here')).toMatchObject({ exit: 2, stderr: expect.stringContaining('"here"') });
  });
});
