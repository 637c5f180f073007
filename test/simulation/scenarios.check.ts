import { SCENARIOS, type Scenario } from './scenarios';

/** A hundredth of what the command runs: `npm run simulate -- --scenario NAME`. */
const PART = 100;

async function run(name: string) {
  const scenario = SCENARIOS[name] as Scenario;
  const { figures, objections } = await scenario.run({ events: scenario.events / PART, faults: scenario.faults, seed: 1 });
  console.info(`${name}: ${JSON.stringify(figures)}`);
  expect(objections).toEqual([]);
  return figures;
}

test('every fault at one percent: nothing is lost, and each duplicate has its fault', async () => {
  const { lost, faultsInjected } = await run('faults');
  expect(lost).toBe(0);
  expect(faultsInjected).toBeGreaterThan(1_000);
}, 600_000);

test('row 35: a target is down for 72 hours: nothing is lost or given up, and the backlog drains at its limit', async () => {
  expect(await run('outage')).toMatchObject({ lost: 0, delivered: 1_500, deadLetters: {}, breakers: { down: { opened: 1, closed: 1 } } });
}, 600_000);

test('a target refuses 5 % for good, for three days: the healthy events are as fast as without', async () => {
  const { lost, p99, p99Without } = await run('refusals');
  expect({ lost, p99 }).toEqual({ lost: 0, p99: p99Without });
}, 600_000);
