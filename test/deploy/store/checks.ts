import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { CliResult, Line } from '../../cli/fixtures/cli-process';
import type { Deployment } from '../deployment';
import { post } from '../post';
import type { Headers } from '../senders';

export interface StoreChecks {
  readonly deployment: () => Deployment;
  /** Runs the command line for this gateway. */
  readonly cli: (...args: string[]) => Promise<CliResult>;
  /** How many events are sent. A multiple of ten. */
  readonly events: number;
  /** Whether SQS itself can move dead letters back; otherwise they are selected, and each is sent again. */
  readonly moves: boolean;
  /** How long each step may take. */
  readonly timeoutMs: number;
}

interface Balance {
  readonly accepted: number;
  readonly [count: string]: number | boolean;
}

const AT_ONCE = 16;

/** What a person does after an outage, from the first event to the last erased: each step goes on from the one before. */
export function storeChecks({ deployment, cli, events, moves, timeoutMs }: StoreChecks): void {
  const tenth = events / 10;
  const run = `run-${randomUUID()}`;
  const listed = new Map<string, Line>();

  const json = (...args: string[]): Promise<CliResult> => cli(...args, '--json');
  /** The ids of what a target has taken. */
  const taken = (target: string): Set<unknown> =>
    new Set(deployment().receiver.arrivals.filter((each) => each.target === target && each.status === 200).map(({ headers }) => headers['webhook-id']));

  /** Asks until nothing waits: events are on their way. */
  async function reconciled(): Promise<Balance> {
    for (;;) {
      const { lines, stderr } = await json('events', 'reconcile');
      const balance = lines.at(-1) as unknown as Balance | undefined;
      expect({ ...balance, stderr }).toMatchObject({ balanced: true });
      if (balance?.['waiting'] === 0) return balance;
      await deployment().options.pass(0.5);
    }
  }

  test(`each of ${events} events is accounted for`, async () => {
    const d = deployment();
    // As a receiver does that will never take an event: https://github.com/standard-webhooks/standard-webhooks
    d.receiver.answerAll('failing', { status: 400, headers: { 'webhook-delivery': 'abort-message' } });
    await sendAll(d, run, events);
    // Two targets for eight tenths that are valid, and a third for one of them. Those in quarantine are wanted by two.
    expect(await reconciled()).toMatchObject({
      accepted: events, delivered: 9 * tenth, deadLettered: 8 * tenth, quarantined: 2 * tenth, unrouted: tenth, dropped: 0, pairs: 19 * tenth,
    });
    expect([taken('steady').size, taken('few').size]).toEqual([8 * tenth, tenth]);
  }, timeoutMs);

  test('pages list each dead letter of a target once, and an event shows what was tried', async () => {
    for (let next: string[] | undefined = []; next;) {
      const { lines, stderr } = await json('events', 'list', '--target', 'failing', '--outcome', 'dead-lettered', '--limit', '37', ...next);
      expect(stderr).toBe('');
      const page = lines.at(-1) as Line;
      for (const line of lines.slice(0, -1)) {
        expect(listed.has(String(line['id']))).toBe(false);
        // What was sent twice may have been tried twice: its duplicate goes to the target that does not have it.
        const failing = { outcome: 'dead-lettered', attempts: expect.any(Number), status: 400 };
        expect(line['targets']).toMatchObject({ failing, steady: { outcome: 'delivered' } });
        listed.set(String(line['id']), line);
      }
      next = page['next'] === null ? undefined : ['--next', String(page['next'])];
    }
    expect(listed.size).toBe(8 * tenth);
    const [id] = [...listed.keys()] as [string];
    const { lines: [shown] } = await json('events', 'show', id);
    expect(JSON.parse(String(shown?.['body']))).toMatchObject({ n: expect.any(Number) });
    expect(shown?.['attempts']).toEqual(expect.arrayContaining([expect.objectContaining({ target: 'failing', attempt: 1, outcome: 'status', status: 400 })]));
  }, timeoutMs);

  test('redrive brings home the dead letters of a target that is mended', async () => {
    deployment().receiver.answerAll('failing');
    expect(await json('redrive', 'failing', ...(moves ? [] : ['--source', 'shop']), '--yes')).toMatchObject({ exit: 0, stderr: '' });
    expect(await reconciled()).toMatchObject({ accepted: events, delivered: 17 * tenth, deadLettered: 0, quarantined: 2 * tenth, unrouted: tenth });
    expect(taken('failing')).toEqual(new Set(listed.keys()));
  }, timeoutMs);

  test('replay takes what nobody wanted to a target, and release what the schema held', async () => {
    const replayed = await json('replay', '--source', 'other', '--to', 'steady', '--rate', '500', '--yes');
    expect([replayed.exit, replayed.lines.at(-1)]).toMatchObject([0, { event: 'done', done: tenth, failed: 0 }]);
    const released = await json('quarantine', 'release', '--source', 'shop', '--rate', '500', '--yes');
    expect([released.exit, released.lines.at(-1)]).toMatchObject([0, { event: 'done', failed: 0 }]);
    expect(await reconciled()).toMatchObject({ accepted: events, delivered: 20 * tenth, deadLettered: 0, quarantined: 0, pairs: 20 * tenth });
    expect([taken('steady').size, taken('failing').size, taken('few').size]).toEqual([events, 9 * tenth, tenth]);
  }, timeoutMs);

  test('export gives each event once, with the body that was sent', async () => {
    const { exit, lines } = await cli('events', 'export');
    const numbers = lines.map((line) => (JSON.parse(String(line['body'])) as { i: number }).i);
    expect(exit).toBe(0);
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: events }, (_, i) => i));
    expect(new Set(lines.map(({ id }) => id))).toEqual(taken('steady'));
  }, timeoutMs);

  test('an event that is erased is gone, and the rest adds up', async () => {
    const [id] = [...listed.keys()] as [string];
    expect(await json('events', 'delete', id, '--yes')).toMatchObject({ exit: 0 });
    expect(await json('events', 'show', id)).toMatchObject({ exit: 3 });
    expect(await reconciled()).toMatchObject({ accepted: events - 1 });
  }, timeoutMs);
}

/** Of ten events: eight for two targets, one of them for three and one of them sent twice; one whose schema refuses it; one that nobody wants. */
async function sendAll(d: Deployment, run: string, events: number): Promise<void> {
  const secrets = { shop: await d.sourceSecret('shop'), other: await d.sourceSecret('other') };
  const send = (source: keyof typeof secrets, i: number, body: object): Promise<void> => sendUntilTaken(d, source, secrets[source], `${run}-${i}`, { i, ...body });
  const numbers = Array.from({ length: events }, (_, i) => i).values();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (const i of numbers) {
      const kind = i % 10;
      if (kind === 9) await send('other', i, { n: i });
      else if (kind === 8) await send('shop', i, { n: 'not a number' });
      else await send('shop', i, { n: i, ...(kind === 0 && { tenth: true }) });
      if (kind === 7) await send('shop', i, { n: i });
    }
  }));
}

/** As a sender does: on a busy machine a queue may not take an event in time, and 503 asks for it again. */
async function sendUntilTaken(d: Deployment, source: string, secret: string, id: string, body: object): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(body));
  let status = 503;
  while (status === 503) ({ status } = await post(d.url(source), signed(secret, id, d.now(), bytes), bytes));
  expect(status).toBe(200);
}

function signed(secret: string, id: string, now: number, body: Buffer): Headers {
  const time = new Date(now);
  return {
    'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': String(Math.floor(now / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, time, body.toString()),
  };
}
