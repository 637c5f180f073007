import type { Context } from 'aws-lambda';
import type { KeeperFile } from '../../lib/contract/config';
import { DIMENSIONS, GATEWAY_METRICS, TARGET_METRICS } from '../../lib/contract/metrics';
import { describe, timed, type Log } from '../shared/log';
import { metricsLines, type WriteMetrics } from '../shared/metrics';
import type { StoreTable } from '../shared/store/table';
import { eachAtMost } from './at-most';
import type { KeeperCalls } from './calls';
import { expire } from './expire';
import { ExpiryRecords } from './expiry-records';
import { decide, tryTarget } from './keep';
import { look, measureOutcomes, NOTHING_MEASURED, oldestUndeliveredSeconds, type Measured } from './measure';
import { withNames, type ReadNames } from './names';
import { hasTime, warn, type Memory, type Run, type Turn } from './turn';

/** What the handler needs of the world. */
export interface KeeperDependencies {
  readonly config: KeeperFile;
  readonly calls: KeeperCalls;
  /** Absent where the configuration has all names. */
  readonly readNames?: ReadNames;
  /** Absent where there is no event store. */
  readonly table?: Pick<StoreTable, 'update'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
  readonly metrics: WriteMetrics;
}

export type KeeperHandler = (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<void>;

/** Lambda allows its control plane few requests a second in an account, and others make some too. */
const AT_A_TIME = 10;

/** Looks after the targets of a gateway, once a minute: measures them, keeps their breakers, ends what has waited too long. */
export function createHandler({ config, calls, readNames, table, now, log, metrics }: KeeperDependencies): KeeperHandler {
  const memories = new Map(Object.keys(config.targets).map((name): [string, Memory] => [name, {}]));
  return async (_event, context) => {
    const remainingMs = (): number => context.getRemainingTimeInMillis();
    const records = new ExpiryRecords(config.store, table);
    const run: Run = { gateway: config.gateway, calls, readNames, now, remainingMs, write: timed(log, now), metrics, records };
    const turns = await lookAtAll(config, memories, run);
    const measured = await measureAll(turns, run);
    const well = await forEach(turns, (turn) => decide(turn, (measured.get(turn) ?? NOTHING_MEASURED).outcomes, run), run);
    // What may take long comes last: a target that hangs does not keep the others from being measured and paused.
    await forEach(well, async (turn) => {
      await tryTarget(turn, run);
      await expire(turn, run);
    }, run);
    say(turns, measured, openBreakers(config, memories), run);
  };
}

async function lookAtAll({ targets }: KeeperFile, memories: Map<string, Memory>, run: Run): Promise<Turn[]> {
  const turns: Turn[] = [];
  const names = startingElsewhere(Object.entries(targets), run.now());
  await eachAtMost(names, AT_A_TIME, async ([name, target]) => {
    const memory = memories.get(name) as Memory;
    await guarded(name, async () => {
      turns.push(await look(name, await withNames(target, memory, run.readNames), memory, run));
    }, run);
  });
  return turns;
}

/** The first ones may use up the time, so another one is first in each minute. */
function startingElsewhere<Item>(items: readonly Item[], now: number): Item[] {
  const first = Math.floor(now / 60_000) % Math.max(1, items.length);
  return [...items.slice(first), ...items.slice(0, first)];
}

async function measureAll(turns: Turn[], run: Run): Promise<Map<Turn, Measured>> {
  return measureOutcomes(turns, run).catch((error: unknown) => {
    run.write({ event: 'warning', code: 'metrics-failed', message: `no breaker opens by its metrics in this minute: ${describe(error)}` });
    return new Map();
  });
}

/** Resolves to the turns that went well: one that did not is over for this minute. */
async function forEach(turns: readonly Turn[], step: (turn: Turn) => Promise<void>, run: Run): Promise<Turn[]> {
  const well: Turn[] = [];
  await eachAtMost(turns, AT_A_TIME, async (turn) => {
    if (await guarded(turn.name, () => step(turn), run)) well.push(turn);
  });
  return well;
}

/** One target's trouble is not another's. */
async function guarded(name: string, step: () => Promise<void>, run: Run): Promise<boolean> {
  try {
    if (!hasTime(run)) throw new Error('no time was left');
    await step();
    return true;
  } catch (error) {
    warn(run, name, 'keeper-failed', `the target is looked after in the next minute: ${describe(error)}`);
    return false;
  }
}

/** Of targets that fail: what a person has paused is nobody's alarm. A target that could not be looked at counts as it did before. */
function openBreakers({ targets }: KeeperFile, memories: Map<string, Memory>): number {
  return Object.entries(targets).filter(([name, { enabled }]) => {
    const { phase = 'closed', cause } = memories.get(name)?.state ?? {};
    return enabled !== false && phase !== 'closed' && cause !== 'person';
  }).length;
}

function say(turns: readonly Turn[], measured: Map<Turn, Measured>, open: number, { gateway, metrics, now, records }: Run): void {
  const time = now();
  for (const turn of turns) {
    const age = oldestUndeliveredSeconds(turn, (measured.get(turn) ?? NOTHING_MEASURED).ages, time);
    metricsLines({ [DIMENSIONS.gateway]: gateway, [DIMENSIONS.target]: turn.name }, [
      { name: TARGET_METRICS.oldestUndelivered, unit: 'Seconds', values: [age] },
      { name: TARGET_METRICS.deadLetters, unit: 'Count', values: turn.deadLetters > 0 ? [turn.deadLetters] : [] },
    ], time).forEach(metrics);
  }
  metricsLines({ [DIMENSIONS.gateway]: gateway }, [
    { name: GATEWAY_METRICS.openBreakers, unit: 'Count', values: [open] },
    { name: GATEWAY_METRICS.storeFailures, unit: 'Count', values: records.failures > 0 ? [records.failures] : [] },
  ], time).forEach(metrics);
}
