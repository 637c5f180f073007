import fc from 'fast-check';
import { expectNoViolation } from './expect-no-violation';
import { CALL_FAULTS, type FaultPlan, OTHER_FAULTS } from './faults';
import type { TargetOptions, WorldOptions } from './options';
import { everywhere } from './scenarios';
import { simulate } from './world';
import { worlds } from './worlds';

const UP: TargetOptions = { script: { last: { kind: 'up' } } };

function world(more: Partial<WorldOptions> = {}): WorldOptions {
  return {
    seed: 20_260_102,
    sources: { retrying: { events: 150, perSecond: 5, sender: 'retrying' }, once: { events: 50, perSecond: 2, sender: 'once' } },
    targets: { first: UP, second: UP },
    ...more,
  };
}

const total = (counts: { readonly [name: string]: number }) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** `SIMULATION_SEED=2 SIMULATION_WORLDS=500 npx jest test/simulation/simulation.test.ts -t 'whatever'` explores other worlds. */
const SEED = Number(process.env['SIMULATION_SEED'] ?? 1);
const WORLDS = Number(process.env['SIMULATION_WORLDS'] ?? 25);

test('whatever goes wrong, nothing is lost, given up early, repeated without a cause, out of order or hammered', async () => {
  const holds = fc.asyncProperty(worlds, async (options) => void await expectNoViolation(options));
  await fc.assert(holds, { numRuns: WORLDS, seed: SEED, endOnFailure: true });
}, 120_000 + WORLDS * 5_000);

test('where nothing goes wrong, each event is sent once', async () => {
  const report = await expectNoViolation(world());
  expect(report).toMatchObject({ events: 200, accepted: 200, attempts: 400, delivered: 400, duplicates: {}, deadLetters: {}, faults: {} });
  expect(report.balance).toEqual({ accepted: 400, recorded: 200, delivered: 400, deadLettered: 0, waiting: 0, doubtful: 0 });
});

test('the same seed gives the same run, and another seed another', async () => {
  const options = world({ faults: { rates: everywhere(0.03) } });
  const [first, second, other] = [await simulate(options), await simulate(options), await simulate({ ...options, seed: 2 })];
  expect(second).toEqual(first);
  expect(other.fingerprint).not.toBe(first.fingerprint);
});

test('row 7, row 47: with its answer lost, an event is a duplicate when it comes again, and is sent once', async () => {
  const report = await expectNoViolation(world({ faults: { rates: { 'answer-lost': 0.5 } } }));
  expect(total(report.faults)).toBeGreaterThan(50);
  expect(report).toMatchObject({ attempts: 400, delivered: 400, duplicates: {} });
});

test('without an event store it comes again', async () => {
  const report = await expectNoViolation(world({ store: false, faults: { rates: { 'answer-lost': 0.5 } } }));
  expect(report.delivered).toBeGreaterThan(450);
  expect(report).not.toHaveProperty('balance');
});

describe('row 44, row 47: the crash table of the duplicate check', () => {
  const calls = ['GetItem', 'SendMessage', 'UpdateItem', 'PutObject', 'Query'];
  const table = calls.flatMap((call) => CALL_FAULTS.map((fault): [string, (typeof CALL_FAULTS)[number]] => [call, fault]));

  test.each(table)('%s with %s at one call in four: what is accepted is in every queue, and on record or counted', async (call, fault) => {
    const report = await expectNoViolation(world({
      sources: { retrying: { events: 100, perSecond: 5, sender: 'retrying', bigShare: 0.2 } },
      faults: { calls: { [call]: { [fault]: 0.25 }, sender: { 'answer-lost': 0.25 } } },
    }));
    expect(report).toMatchObject({ accepted: 100, lost: 0, deadLetters: {} });
    const { accepted, delivered, recorded, waiting, doubtful } = report.balance!;
    expect(accepted).toBe(200);
    // A row that a fault has left behind says what was before.
    expect(delivered + waiting).toBe(200);
    expect(waiting + (100 - recorded)).toBeLessThanOrEqual(doubtful);
    if (call !== 'UpdateItem') expect([recorded, delivered]).toEqual([100, 200]);
  });
});

test('the store is down for a while: everything is delivered, and what happens after it is on record', async () => {
  const report = await expectNoViolation(world({
    faults: { calls: { GetItem: { timeout: 1 }, UpdateItem: { throttle: 1 }, Query: { error: 1 } }, until: 20_000 },
  }));
  expect(report).toMatchObject({ accepted: 200, attempts: 400, delivered: 400 });
  expect(report.balance!.recorded).toBeGreaterThan(50);
  expect(report.balance!.recorded).toBeLessThan(200);
});

test('row 44: writes that come up to an hour late take back no end', async () => {
  const report = await expectNoViolation(world({
    targets: { first: { script: { last: { kind: 'status', status: 404 } }, retry: { delaysSeconds: [60], maxAgeSeconds: 900 } }, second: UP },
    faults: { rates: { 'write-late': 0.3 } },
  }));
  expect(total(report.faults)).toBeGreaterThan(500);
  expect(report).toMatchObject({ deadLetters: { expired: 200 }, balance: { accepted: 400, delivered: 200, deadLettered: 200, waiting: 0 } });
});

describe('one fault alone, at one call in eight', () => {
  const failing: TargetOptions = { script: { phases: [{ seconds: 900, behaviour: { kind: 'flapping', share: 0.6, status: 503 } }], last: { kind: 'up' } } };
  const run = async (faults: FaultPlan) => {
    const report = await expectNoViolation(world({ targets: { first: failing, second: UP }, faults }));
    expect(total(report.faults)).toBeGreaterThan(5);
    return report;
  };

  test.each(CALL_FAULTS)('%s at every call to AWS', async (fault) => {
    await run({ rates: { [fault]: 0.125 } });
  });

  test.each([
    ['row 42: a message was sent and the response is lost', 'SendMessage', 'lost-response'],
    ['row 47: ingest dies after a message was sent', 'SendMessage', 'crash-after'],
    ['row 47: ingest dies before a message is sent', 'SendMessage', 'crash-before'],
    ['row 48: a delivery function dies after the target took an event', 'target', 'crash-after'],
    ['row 48: a delivery function dies before an attempt', 'target', 'crash-before'],
    ['row 51: a visibility timeout is not changed', 'ChangeMessageVisibility', 'error'],
    ['row 51: a visibility timeout is changed and the response is lost', 'ChangeMessageVisibility', 'lost-response'],
  ])('%s', async (_name, call, fault) => {
    await run({ calls: { [call]: { [fault]: 0.125 } } });
  });

  test.each([
    ['row 49: SQS delivers twice', 'duplicate'],
    ['row 49: SQS delivers in another order', 'reorder'],
    ['row 51: messages are not deleted', 'delete-lost'],
    ['row 50: a concurrency throttle receives messages and invokes nothing', 'no-invoke'],
    ['row 48: what a delivery function answers is lost', 'return-lost'],
    ['row 47: the sender does not get the answer', 'answer-lost'],
  ] as const)('%s', async (_name, fault) => {
    expect(OTHER_FAULTS).toContain(fault);
    const { deadLetters } = await run({ rates: { [fault]: 0.125 } });
    expect(deadLetters).toEqual({});
  });
});

test('row 49: a key keeps its order through every fault', async () => {
  const report = await expectNoViolation({
    seed: 5,
    sources: { keyed: { events: 300, perSecond: 5, sender: 'retrying', keys: 7 } },
    targets: { ordered: { ordered: true, maximumConcurrency: 10, script: { last: { kind: 'flapping', share: 0.2, status: 500 } } } },
    faults: { rates: everywhere(0.03) },
  });
  expect(report.deadLetters).toEqual({});
});

test('row 35: a breaker outlives deployments, faults of its keeper and the outage, and nothing is given up', async () => {
  const report = await expectNoViolation({
    seed: 6,
    sources: { retrying: { events: 200, perSecond: 0.02, sender: 'retrying' } },
    targets: { target: { script: { phases: [{ seconds: 12 * 3_600, behaviour: { kind: 'down' } }], last: { kind: 'up' } } } },
    faults: { rates: everywhere(0.02) },
    deploysAtSeconds: [2 * 3_600, 7 * 3_600],
  });
  expect(report.deadLetters).toEqual({});
  expect(report.breakers['target']).toEqual({ opened: 1, closed: 1 });
});

test('row 48: a delivery function that crashes for a day dead-letters nothing', async () => {
  const report = await expectNoViolation({
    seed: 4,
    sources: { retrying: { events: 30, perSecond: 10, sender: 'retrying' } },
    targets: { target: UP },
    faults: { calls: { target: { 'crash-before': 1 } }, until: 24 * 3_600_000 },
  });
  expect(report.deadLetters).toEqual({});
  expect(report.delivered).toBe(30);
}, 60_000);

test('row 48: an event that kills the function ends as `crashed` after two days, and its batch mates are delivered', async () => {
  const report = await expectNoViolation({
    seed: 3,
    sources: { retrying: { events: 40, perSecond: 10, sender: 'retrying' } },
    targets: { target: { script: { last: { kind: 'up' }, kills: 0.05 } } },
  });
  const { crashed } = report.deadLetters as { crashed: number };
  expect(report.deadLetters).toEqual({ crashed });
  expect(crashed).toBeGreaterThan(0);
  expect(report.delivered).toBe(40 - crashed);
  expect(report.hours).toBeGreaterThan(48);
}, 60_000);
