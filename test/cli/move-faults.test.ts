import { DeleteQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { StoredRun } from './fixtures/stored-run';

// Several processes a test.
jest.setTimeout(30_000);

let run: StoredRun;
beforeAll(async () => { run = await StoredRun.start(); });
afterAll(() => run.close());
beforeEach(() => Object.values(run.receivers).forEach((receiver) => receiver.reset()));

const arrived = (target: string): string[] => run.receivers[target]!.arrivals.map(({ headers }) => String(headers['webhook-id']));

/** How many dead letters a target has, and how many of them are hidden. */
async function letters(target: string): Promise<{ visible: number; hidden: number }> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes } = await run.sqs.send(new GetQueueAttributesCommand({ QueueUrl: run.deadLetterUrl(target), AttributeNames: [...names] }));
  return { visible: Number(Attributes?.[names[0]]), hidden: Number(Attributes?.[names[1]]) };
}

describe('redrive of a selection', () => {
  test('while the target refuses for good, an event keeps one dead letter, and is sent once when the target is mended', async () => {
    const id = await run.event(100);
    await run.deadLetter(id, 'billing', 100);
    run.receivers['billing']!.answers = { 'webhook-delivery': 'abort-message' };
    run.receivers['billing']!.always = 500;
    for (let i = 0; i < 3; i++) {
      const { exit, lines, stderr } = await run.cli('redrive', 'billing', id, '--json');
      expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining('given up again') });
      expect(lines.at(-1)).toMatchObject({ event: 'done', done: 0, failed: 1, skipped: 0, stoppedBy: null });
      expect(await letters('billing')).toEqual({ visible: 1, hidden: 0 });
    }
    run.receivers['billing']!.reset();
    const mended = await run.cli('redrive', 'billing', id, '--json');
    expect([mended.exit, mended.lines.at(-1)]).toMatchObject([0, { event: 'done', done: 1, failed: 0 }]);
    expect(arrived('billing')).toEqual([id]);
    expect(await letters('billing')).toEqual({ visible: 0, hidden: 0 });
  });

  test('an event with several dead letters is sent once, and is rid of all of them', async () => {
    const id = await run.event(101);
    for (let i = 0; i < 3; i++) await run.deadLetter(id, 'billing', 101);
    const { exit, lines } = await run.cli('redrive', 'billing', id, '--json');
    expect([exit, lines[0], lines.at(-1)]).toMatchObject([0, { event: 'plan', count: 3 }, { event: 'done', done: 3 }]);
    expect(arrived('billing')).toEqual([id]);
    expect(await letters('billing')).toEqual({ visible: 0, hidden: 0 });
  });

  test('a delivery before the event was given up does not stand for this one', async () => {
    const id = await run.event(102);
    await run.outcome(id, 102, 'billing', 'delivered');
    await run.deadLetter(id, 'billing', 102);
    expect((await run.cli('redrive', 'billing', id)).exit).toBe(0);
    expect(arrived('billing')).toEqual([id]);
  });

  test('a row of a newer version is left alone, and the others are sent', async () => {
    const [newer, other] = [await run.event(103), await run.event(104)];
    await run.outcome(newer, 103, 'billing', 'dead-lettered', { v: 99 });
    for (const id of [newer, other]) await run.deadLetter(id, 'billing', 103);
    const { exit, lines, stderr } = await run.cli('redrive', 'billing', newer, other, '--json');
    expect([exit, lines.at(-1)]).toMatchObject([1, { done: 1, failed: 0, skipped: 1 }]);
    expect(stderr).toContain('1 skipped: a row of it is of a newer version');
    expect(arrived('billing')).toEqual([other]);
  });

  test('stops sending when a person pauses the target', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 30; i++) ids.push(await run.event(110 + i));
    for (const id of ids) await run.deadLetter(id, 'audit', 110);
    const moving = run.process('redrive', 'audit', ...ids, '--json', '--rate', '5');
    await moving.line({ event: 'progress' });
    await run.cli('targets', 'pause', 'audit');
    expect(await moving.exit).toBe(1);
    const done = moving.lines.at(-1) as unknown as { done: number; skipped: number };
    expect(done).toMatchObject({ event: 'done', stoppedBy: 'breaker' });
    expect(done.skipped).toBeGreaterThan(0);
    expect(await letters('audit')).toEqual({ visible: 30 - done.done, hidden: 0 });
    expect(new Set(arrived('audit')).size).toBeLessThan(30);
    await run.cli('targets', 'resume', 'audit');
    await run.gateway.advance(90);
  });

  test('a pipe that nobody reads ends it as Ctrl-C does, and hides no dead letter', async () => {
    const { visible } = await letters('audit');
    for (let i = 0; i < 10; i++) await run.deadLetter(await run.event(150 + i), 'audit', 150);
    const moving = run.process('redrive', 'audit', '--since', '1d', '--json', '--rate', '2');
    await moving.line({ event: 'plan' });
    moving.child.stdout!.destroy();
    expect(await moving.exit).toBe(130);
    const left = await letters('audit');
    expect(left.hidden).toBe(0);
    expect(left.visible).toBeGreaterThan(visible);
  });
});

describe('replay', () => {
  const RANGE = ['--since', '2026-11-16T00:00:00Z', '--until', '2026-11-16T12:00:00Z'];
  const at = (i: number): number => 6_000 + i;

  test('a pipe that nobody reads ends it as Ctrl-C does, with a token to go on', async () => {
    for (let i = 0; i < 20; i++) await run.event(at(i));
    const unread = run.process('replay', ...RANGE, '--json');
    unread.child.stdout!.destroy();
    expect(await unread.exit).toBe(130);
    await run.gateway.advance(1);
    expect(arrived('billing')).toEqual([]);
    const replaying = run.process('replay', ...RANGE, '--json', '--rate', '5');
    await replaying.line({ event: 'plan', count: 20 });
    replaying.child.stdout!.destroy();
    expect(await replaying.exit).toBe(130);
    const [, token] = /--resume (\S+)/.exec(replaying.stderr) as unknown as [string, string];
    expect((await run.cli('replay', '--resume', token)).exit).toBe(0);
    await run.gateway.advance(1);
    expect(arrived('billing')).toHaveLength(20);
    expect(new Set(arrived('billing')).size).toBe(20);
  });

  test('a row of a newer version is skipped and told, and stands in nobody\'s way', async () => {
    const [first, last] = [await run.event(at(5_000)), await run.event(at(4_998))];
    await run.event(at(4_999), { v: 99 });
    const range = ['--since', '2026-11-12T00:00:00Z', '--until', '2026-11-14T00:00:00Z'];
    const told = { exit: 0, stderr: expect.stringContaining('newer version') };
    expect(await run.cli('replay', ...range, '--json')).toMatchObject({ ...told, lines: [{ count: 3 }, { done: 2, skipped: 1, resume: null }] });
    await run.gateway.advance(1);
    expect(arrived('billing').sort()).toEqual([first, last].sort());
    await run.outcome(first, at(5_000), 'billing', 'delivered', { v: 99 });
    expect(await run.cli('replay', ...range, '--outcome', 'delivered', '--json')).toMatchObject({ ...told, lines: [{ count: 1, byTarget: { billing: 1 } }, { done: 1 }] });
  });
});

describe('a queue that is gone', () => {
  let id: string;
  beforeAll(async () => {
    id = await run.event(10_000, { source: 'orders', targets: ['billing', 'ordered'] });
    await run.sqs.send(new DeleteQueueCommand({ QueueUrl: run.queueUrl('ordered') }));
  });

  test('is told by targets list, beside the others', async () => {
    const { exit, lines, stderr } = await run.cli('targets', 'list', '--json');
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining('the delivery queue of target "ordered" is gone') });
    expect(lines).toMatchObject([{ target: 'billing', visible: 0 }, { target: 'audit' }, { target: 'ordered', visible: null, gone: ['delivery queue'] }]);
    expect((await run.cli('targets', 'list')).stdout).toMatch(/ordered +http +closed .* - +- +- /);
  });

  test('is left out by a replay, counted and told', async () => {
    expect(await run.cli('replay', id, '--json')).toMatchObject({
      exit: 0, lines: [{ count: 1, byTarget: { billing: 1 } }, { done: 1, skipped: 1 }], stderr: expect.stringContaining('the queue of target "ordered" is gone'),
    });
    expect((await run.cli('replay', id, '--to', 'ordered')).exit).toBe(3);
    await run.gateway.advance(1);
    expect(arrived('billing')).toEqual([id]);
  });

  test('is a gap of reconcile', async () => {
    const range = ['--since', '2026-11-13T00:00:00Z', '--until', '2026-11-14T00:00:00Z', '--source', 'orders'];
    expect(await run.cli('events', 'reconcile', ...range, '--json')).toMatchObject({
      exit: 1, lines: [{ pairs: 2, delivered: 1, waiting: 1, balanced: false, gaps: [{ target: 'ordered', message: expect.stringContaining('queue is gone') }] }],
    });
  });

  test('fails a command that is about it', async () => {
    expect(await run.cli('targets', 'pause', 'ordered')).toMatchObject({ exit: 3, stderr: expect.stringContaining('is gone; deploy') });
  });
});
