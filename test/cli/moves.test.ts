import { TagQueueCommand } from '@aws-sdk/client-sqs';
import { BREAKER_TAG, writeBreakerState } from '../../lib/contract/breaker';
import { StoredRun } from './fixtures/stored-run';

let run: StoredRun;
beforeAll(async () => { run = await StoredRun.start(); });
afterAll(() => run.close());
beforeEach(() => Object.values(run.receivers).forEach((receiver) => receiver.reset()));

const bodies = (target: string): string[] => run.receivers[target]!.arrivals.map(({ body }) => body.toString());

describe('replay', () => {
  test('one event by its id, with the same id and marked as a replay, to all its targets', async () => {
    const id = await run.event(1, { targets: ['billing', 'audit'], providerId: 'p-1' });
    expect(await run.cli('replay', id, '--json')).toMatchObject({ exit: 0, stderr: '', lines: [
      { event: 'plan', count: 2, byTarget: { billing: 1, audit: 1 } },
      { event: 'done', done: 2, failed: 0, skipped: 0, resume: null, stoppedBy: null },
    ] });
    await run.gateway.advance(1);
    for (const target of ['billing', 'audit']) {
      expect(bodies(target)).toEqual(['{"minutesAgo":1}']);
      expect(run.receivers[target]!.arrivals[0]!.headers['webhook-id']).toBe(id);
    }
  });

  test('to a target that the event did not go to, which is one of its targets from then on', async () => {
    const id = await run.event(2);
    expect((await run.cli('replay', id, '--to', 'audit')).exit).toBe(0);
    expect(await run.row(id)).toMatchObject({ targets: { L: [{ S: 'billing' }, { S: 'audit' }] }, enqueued: { SS: ['audit'] } });
    await run.gateway.advance(1);
    expect([bodies('billing'), bodies('audit')]).toEqual([[], ['{"minutesAgo":2}']]);
  });

  test('by filters, only to the target that they name, oldest first', async () => {
    const ids = [await run.event(1_001, { targets: ['billing', 'audit'] }), await run.event(1_002, { targets: ['audit', 'billing'] }), await run.event(1_003, { targets: ['audit'] })];
    const range = ['--since', '2026-11-19T19:10:00Z', '--until', '2026-11-19T19:20:00Z'];
    expect(await run.cli('replay', ...range, '--target', 'billing', '--dry-run', '--json')).toMatchObject({ exit: 0, lines: [{ event: 'plan', count: 2, byTarget: { billing: 2 } }] });
    await run.gateway.advance(1);
    expect(bodies('billing')).toEqual([]);
    expect((await run.cli('replay', ...range, '--target', 'billing')).exit).toBe(0);
    await run.gateway.advance(1);
    expect(run.receivers['billing']!.arrivals.map(({ headers }) => headers['webhook-id']).sort()).toEqual([ids[0], ids[1]].sort());
  });

  test('a FIFO queue has the group of the body\'s key, and an id of its own', async () => {
    const id = await run.event(3, { source: 'orders', targets: ['ordered'], body: Buffer.from('{"customer":"c1"}') });
    await run.cli('targets', 'pause', 'ordered');
    await run.gateway.advance(30);
    expect(await run.cli('replay', id, '--json')).toMatchObject({ exit: 1, lines: [{}, { event: 'done', done: 0, stoppedBy: 'breaker', resume: expect.any(String) }] });
    await run.cli('targets', 'resume', 'ordered');
    await run.gateway.advance(90);
    expect((await run.cli('replay', id)).exit).toBe(0);
    await run.gateway.advance(1);
    expect(bodies('ordered')).toEqual(['{"customer":"c1"}']);
  });

  test('what has no body any more is skipped and told', async () => {
    const id = await run.event(4, { payload: { key: 'payloads/x/3', bytes: 9, sha256: '00' } });
    expect(await run.cli('replay', id, '--json')).toMatchObject({ exit: 0, lines: [{ count: 1 }, { done: 0, failed: 0, skipped: 1 }], stderr: expect.stringContaining('its body is gone') });
  });

  test('an interrupt leaves a token, and the replay goes on from there', async () => {
    for (let i = 0; i < 20; i++) await run.event(2_000 + i);
    const args = ['replay', '--since', '2026-11-19T02:20:00Z', '--until', '2026-11-19T02:41:00Z', '--json'];
    const first = run.process(...args, '--rate', '5');
    await first.line({ event: 'progress' });
    first.child.kill('SIGINT');
    expect(await first.exit).toBe(130);
    const { done, resume, stoppedBy } = first.lines.at(-1) as unknown as { done: number; resume: string; stoppedBy: string };
    expect(stoppedBy).toBe('interrupt');
    expect(done).toBeGreaterThan(0);
    const rest = await run.cli('replay', '--resume', resume, '--json');
    expect(rest).toMatchObject({ exit: 0, lines: [{ event: 'plan', count: 20 - done }, { event: 'done', done: 20 - done }] });
    await run.gateway.advance(1);
    expect(new Set(bodies('billing')).size).toBe(20);
    expect(bodies('billing')).toHaveLength(20);
  });

  test.each<[number, string[], string]>([
    [2, [], 'no events are named'],
    [2, ['evt_1', '--since', '1h'], 'one of the two'],
    [2, ['--since', '1h', '--rate', '0'], '1 to 500'],
    [2, ['--resume', 'x'], 'no token'],
    [2, ['--resume', Buffer.from('[1,{"gateway":"g","replay":"r"}]').toString('base64url')], 'no token'],
    [2, ['evt_1', '--resume', 'x'], 'leave ids'],
    [3, ['evt_1'], '"evt_1"'],
    [3, ['--since', '1h', '--to', 'nobody'], 'there are billing, audit, ordered'],
    [3, ['--since', '1h', '--type', 'none'], 'nothing to replay'],
  ])('exit %i for %j', async (exit, args, message) => {
    expect(await run.cli('replay', ...args)).toMatchObject({ exit, stderr: expect.stringContaining(message) });
  });

  test('above 100 it asks, which without a terminal is wrong usage', async () => {
    for (let i = 0; i < 101; i++) await run.event(5_000 + i);
    const args = ['replay', '--since', '2026-11-16T22:00:00Z', '--until', '2026-11-17T01:00:00Z'];
    expect(await run.cli(...args, '--json')).toMatchObject({ exit: 2, lines: [{ event: 'plan', count: 101 }, { event: 'error', code: 'usage' }] });
    expect(await run.cli(...args, '--json', '--yes', '--rate', '500')).toMatchObject({ exit: 0, lines: expect.arrayContaining([expect.objectContaining({ event: 'done', done: 101 })]) });
  });
});

describe('redrive', () => {
  test('all: SQS moves them', async () => {
    await run.gateway.advance(1);
    for (let i = 0; i < 3; i++) await run.deadLetter(await run.event(100 + i), 'audit', 100 + i);
    const moving = run.process('redrive', 'audit', '--json');
    await moving.line({ event: 'plan', count: 3 });
    await moving.line({ event: 'progress' });
    await run.gateway.advance(5);
    expect(await moving.exit).toBe(0);
    expect(moving.lines.at(-1)).toMatchObject({ event: 'done', done: 3, stoppedBy: null });
    await run.gateway.advance(5);
    expect(bodies('audit')).toHaveLength(3);
    expect((await run.cli('redrive', 'audit')).exit).toBe(3);
  });

  test('a selection: sent as a replay, and taken away once it is delivered', async () => {
    const [first, second] = [await run.event(110), await run.event(111)];
    for (const id of [first, second]) await run.deadLetter(id, 'audit', 110);
    const moving = run.process('redrive', 'audit', first, '--json');
    await moving.line({ event: 'plan', count: 1 });
    expect(await moving.exit).toBe(0);
    expect(moving.lines.at(-1)).toMatchObject({ event: 'done', done: 1, skipped: 0 });
    expect(bodies('audit')).toEqual([`{"id":"${first}"}`]);
    expect((await run.messages(run.deadLetterUrl('audit'))).map(({ Body }) => (JSON.parse(Body!) as { id: string }).id)).toEqual([second]);
  });

  test('an unknown target', async () => {
    expect(await run.cli('redrive', 'nobody')).toMatchObject({ exit: 3, stderr: expect.stringContaining('"nobody"') });
  });
});

describe('targets', () => {
  test('a breaker that was never open is closed since no time', async () => {
    await run.sqs.send(new TagQueueCommand({ QueueUrl: run.queueUrl('audit'), Tags: { [BREAKER_TAG]: writeBreakerState({ phase: 'closed', since: 0 }) } }));
    const { lines } = await run.cli('targets', 'list', '--json');
    expect(lines.find(({ target }) => target === 'audit')).toMatchObject({ breaker: { state: 'closed' } });
    expect(lines.find(({ target }) => target === 'audit')?.['breaker']).not.toHaveProperty('since');
  });

  test('pause keeps events, resume lets them go, list tells', async () => {
    expect(await run.cli('targets', 'pause', 'billing', '--json')).toMatchObject({ exit: 0, lines: [{ event: 'paused', target: 'billing', changed: true }] });
    await run.gateway.advance(30);
    const id = await run.event(120);
    await run.gateway.send('{"paused":1}');
    await run.gateway.advance(60);
    expect(bodies('billing')).toEqual([]);
    const { lines } = await run.cli('targets', 'list', '--json');
    expect(lines.find(({ target }) => target === 'billing')).toMatchObject({ kind: 'http', visible: 1, deadLetters: 0, breaker: { state: 'open', cause: 'person' }, mapping: 'Disabled', oldestSeconds: expect.any(Number) });
    expect(await run.cli('replay', id)).toMatchObject({ exit: 1, stderr: expect.stringContaining('breaker') });
    expect(await run.cli('targets', 'resume', 'billing', '--json')).toMatchObject({ exit: 0, lines: [{ event: 'resumed', changed: true }] });
    await run.gateway.advance(90);
    expect(bodies('billing')).toEqual(['{"paused":1}']);
    expect(await run.cli('targets', 'resume', 'billing', '--json')).toMatchObject({ exit: 0, lines: [{ breaker: 'closed', changed: false }] });
    expect((await run.cli('targets', 'list')).stdout).toMatch(/billing +http +closed +Enabled/);
  });
});

describe('quarantine', () => {
  test('list, show, release: it leaves only once the queues have it', async () => {
    const id = await run.event(200, { quarantined: '/total must be number', targets: undefined });
    const [day] = ['--since', '4h'];
    expect(await run.cli('quarantine', 'list', day!, '4h', '--json')).toMatchObject({ exit: 0, lines: [{ id, quarantined: '/total must be number' }, { event: 'page', next: null }] });
    expect((await run.cli('quarantine', 'show', id)).stdout).toContain('/total must be number');
    expect(await run.cli('replay', id)).toMatchObject({ exit: 3, stderr: expect.stringContaining('quarantine release') });
    expect(await run.cli('quarantine', 'release', id, '--json')).toMatchObject({ exit: 0, lines: [{ event: 'plan', count: 2, byTarget: { billing: 1, audit: 1 } }, { event: 'done', done: 2 }] });
    expect(await run.row(id)).not.toHaveProperty('quarantined');
    await run.gateway.advance(1);
    expect([bodies('billing'), bodies('audit')]).toEqual([['{"minutesAgo":200}'], ['{"minutesAgo":200}']]);
    expect((await run.cli('quarantine', 'show', id)).exit).toBe(3);
    expect((await run.cli('quarantine', 'release', '--since', '4h')).exit).toBe(3);
  });
});
