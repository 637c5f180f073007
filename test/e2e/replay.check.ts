import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { StoredRun } from '../cli/fixtures/stored-run';

/** `REPLAY_EVENTS=100000 npx jest --testMatch '**\/test/e2e/replay.check.ts'` for more. */
const EVENTS = Number(process.env['REPLAY_EVENTS'] ?? 5_000);
const BODY_BYTES = 8_192;
const SAMPLE_MS = 100;
/** In megabytes. All bodies together are more than that, so that a replay which kept them would not pass. */
const MAX_GROWTH = 32;
/** Events of the store span this. */
const MINUTES = 60;

let run: StoredRun;

beforeAll(async () => { run = await StoredRun.start(); }, 120_000);
afterAll(() => run.close());

test(`a replay of ${EVENTS} events sends each once, in memory that does not grow with them`, async () => {
  for (let i = 0; i < EVENTS; i += 50) {
    const some = Array.from({ length: Math.min(50, EVENTS - i) }, (_, n) => 1 + (i + n) * MINUTES / EVENTS);
    await Promise.all(some.map((minutesAgo) => run.event(minutesAgo, { body: randomBytes(BODY_BYTES) })));
  }
  const started = performance.now();
  const replay = run.process('replay', '--source', 'github', '--to', 'billing', '--rate', '500', '--yes', '--json');
  await replay.line({ event: 'plan' });
  const samples: number[] = [];
  const timer = setInterval(() => { samples.push(...residentMegabytes(replay.child.pid as number)); }, SAMPLE_MS);
  const exit = await replay.exit;
  clearInterval(timer);
  const seconds = (performance.now() - started) / 1_000;

  expect([exit, replay.stderr, replay.lines.at(-1)]).toMatchObject([0, '', { event: 'done', done: EVENTS, failed: 0, skipped: 0 }]);
  // What is still on its way arrives.
  await run.gateway.advance(1);
  const ids = run.receivers['billing']!.arrivals.map(({ headers }) => headers['webhook-id']);
  expect([ids.length, new Set(ids).size]).toEqual([EVENTS, EVENTS]);
  const quarter = Math.ceil(samples.length / 4);
  const [early, late] = [samples.slice(0, quarter), samples.slice(-quarter)].map((some) => Math.max(...some)) as [number, number];
  expect(late - early).toBeLessThan(MAX_GROWTH);
  console.info(`${EVENTS} events of ${BODY_BYTES} bytes in ${seconds.toFixed(1)} s; resident: at most ${early.toFixed(0)} MB in the first quarter, `
    + `${late.toFixed(0)} MB in the last`);
}, 900_000);

/** Of a process that has ended there is none. */
function residentMegabytes(pid: number): number[] {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return kilobytes === undefined ? [] : [Number(kilobytes) / 1_024];
}
