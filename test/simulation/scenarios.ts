import { CALL_FAULTS, type FaultRates, OTHER_FAULTS } from './faults';
import type { WorldOptions } from './options';
import { type Report, simulate } from './world';

export interface ScenarioOptions {
  readonly events: number;
  readonly faults: number;
  readonly seed: number;
  readonly trace?: readonly number[];
}

export interface Outcome {
  /** Figures for a person, and what was found wrong. */
  readonly figures: { readonly [name: string]: unknown };
  readonly objections: readonly string[];
  readonly reports: readonly Report[];
}

export interface Scenario {
  readonly about: string;
  /** At full size. */
  readonly events: number;
  readonly faults: number;
  readonly run: (options: ScenarioOptions) => Promise<Outcome>;
}

export const SCENARIOS: { readonly [name: string]: Scenario } = {
  faults: { about: 'every fault at the given rate, at every call', events: 1_000_000, faults: 0.01, run: everyFault },
  outage: { about: 'a target is down for 72 hours', events: 150_000, faults: 0, run: outage },
  refusals: { about: 'a target refuses 5 % of its events for good, for three days', events: 5_184_000, faults: 0, run: refusals },
};

/** More would not fit into memory beside the rest. */
const MOST_ON_RECORD = 100_000;

export function everywhere(rate: number): FaultRates {
  return Object.fromEntries([...CALL_FAULTS, ...OTHER_FAULTS].map((fault) => [fault, rate]));
}

/** Three kinds of senders, three kinds of targets. */
async function everyFault({ events, faults, seed, trace }: ScenarioOptions): Promise<Outcome> {
  const tenth = Math.floor(events / 10);
  const report = await simulate({
    seed, trace, store: events <= MOST_ON_RECORD,
    sources: {
      retrying: { events: events - 2 * tenth, perSecond: 80, sender: 'retrying' },
      once: { events: tenth, perSecond: 10, sender: 'once' },
      ordered: { events: tenth, perSecond: 10, sender: 'retrying', keys: 1_000 },
    },
    targets: {
      steady: { script: { last: { kind: 'up' } }, maximumConcurrency: 20 },
      flapping: { sources: ['once'], script: { last: { kind: 'flapping', share: 0.05, status: 503 } } },
      ordered: { sources: ['ordered'], ordered: true, maximumConcurrency: 50, script: { last: { kind: 'up' } } },
    },
    faults: { rates: everywhere(faults) },
  });
  return outcome([report], {}, []);
}

const OUTAGE_HOURS = 72;
const DRAIN_PER_SECOND = 50;

/** The probes of an outage of three days are half an hour apart; then two minutes until the mapping is on and the keeper's minute. */
const RECOVERY_SECONDS = 1_800 + 5 * 60;

async function outage({ events, faults, seed, trace }: ScenarioOptions): Promise<Outcome> {
  const report = await simulate({
    seed, trace, store: events <= MOST_ON_RECORD,
    sources: { steady: { events, perSecond: events / (OUTAGE_HOURS * 3_600), sender: 'retrying' } },
    targets: {
      down: {
        script: { phases: [{ seconds: OUTAGE_HOURS * 3_600, behaviour: { kind: 'down' } }], last: { kind: 'up' } },
        batchSize: 10, maximumConcurrency: 2, ratePerSecond: DRAIN_PER_SECOND / 2,
      },
    },
    faults: { rates: everywhere(faults) },
  });
  const drainedSeconds = ((report.arrivals['down']?.lastHours ?? 0) - OUTAGE_HOURS) * 3_600;
  // Half of the rate at least: what an environment is entitled to is not always asked of it.
  const longest = RECOVERY_SECONDS + 2 * events / DRAIN_PER_SECOND;
  return outcome([report], { drainedSeconds: Math.round(drainedSeconds) }, [
    ...(Object.keys(report.deadLetters).length > 0 ? [`there are dead letters: ${JSON.stringify(report.deadLetters)}`] : []),
    ...(drainedSeconds > longest && faults === 0 ? [`the backlog took ${Math.round(drainedSeconds)} s, ${longest} s are allowed`] : []),
    ...((report.arrivals['down']?.peakPerSecond ?? 0) > DRAIN_PER_SECOND + 2 ? [`${report.arrivals['down']?.peakPerSecond} events in one second`] : []),
  ]);
}

const REFUSAL_DAYS = 3;

/** The same traffic with and without the refusals. */
async function refusals({ events, faults, seed, trace }: ScenarioOptions): Promise<Outcome> {
  const world = (share: number): WorldOptions => ({
    seed, trace, store: events <= MOST_ON_RECORD,
    sources: { steady: { events, perSecond: events / (REFUSAL_DAYS * 86_400), sender: 'retrying' } },
    targets: { target: { script: { last: { kind: 'up' }, refuses: { share, status: 422 } } } },
    faults: { rates: everywhere(faults) },
  });
  const without = await simulate(world(0));
  const refusing = await simulate(world(0.05));
  const [p99, p99Without] = [refusing, without].map(({ latencyMs }) => latencyMs['target']?.p99 ?? Infinity) as [number, number];
  const share = (refusing.deadLetters['rejected'] ?? 0) / events;
  return outcome([refusing, without], { p99, p99Without, refusedShare: share }, [
    ...(p99 > p99Without * 1.05 ? [`the healthy events' p99 is ${p99} ms, and ${p99Without} ms without refusals`] : []),
    ...(Math.abs(share - 0.05) > 0.01 ? [`${share} of the events were rejected, and 0.05 refused`] : []),
    ...((refusing.breakers['target']?.opened ?? 0) > 0 ? ['the breaker opened, though the target answers'] : []),
  ]);
}

/** `figures` of the first report and of the scenario. */
function outcome(reports: readonly Report[], figures: { readonly [name: string]: unknown }, objections: readonly string[]): Outcome {
  const { violations: _violations, trace: _trace, faults, duplicates, ...first } = reports[0] as Report;
  const sum = (counts: { readonly [name: string]: number }) => Object.values(counts).reduce((total, count) => total + count, 0);
  return {
    figures: { ...first, faultsInjected: sum(faults), duplicated: sum(duplicates), duplicates, ...figures },
    objections: [...objections, ...reports.flatMap(({ violations }) => violations.map((violation) => (
      `${violation.rule}: event ${violation.event} at ${violation.target}, ${Math.round(violation.at / 1_000)} s into the run: ${violation.detail}`
    )))],
    reports,
  };
}
