import type { Context } from 'aws-lambda';
import type { ProbeAnswer } from '../../lib/contract/breaker';
import { timed, type LogFields } from '../shared/log';
import type { DeliverDependencies, DeliverEvent } from './dependencies';
import { Finished } from './finished';
import { Measures } from './measures';
import { Pacer } from './pacer';
import { Records } from './record';
import { TargetState, type Warn } from './target-state';

/** What lasts as long as the function's environment. */
export interface Run extends DeliverDependencies {
  readonly finished: Finished;
  readonly pacer: Pacer;
  readonly state: TargetState;
  readonly measures: Measures;
  readonly records: Records;
  /** Never throws: a log that is full or gone is no reason to send an event again. */
  readonly write: (line: LogFields) => void;
  readonly warn: Warn;
}

/** What lasts as long as an invocation. */
export interface Batch extends Run {
  readonly receivedAt: number;
  readonly remainingMs: () => number;
  /** The keeper asks whether the target works, and decides itself when the message comes again. */
  readonly probe: boolean;
  /** Ids of the messages that are done with: delivered, or in the dead-letter queue. */
  readonly done: Set<string>;
  readonly attempts: ProbeAnswer['attempts'][number][];
  /** Messages that wait for the next invocation because of the target's rate. */
  deferred: number;
}

export function openRun(dependencies: DeliverDependencies): Run {
  const { config, log, now } = dependencies;
  const writeTimed = timed(log, now);
  const write = (line: LogFields): void => quietly(() => writeTimed(line));
  const warn: Warn = (code, message) => write({ event: 'warning', code, message, target: config.target });
  return {
    ...dependencies,
    finished: new Finished(),
    pacer: new Pacer(config.ratePerSecond),
    state: new TargetState(dependencies, warn),
    measures: new Measures(config.gateway, config.target),
    records: new Records(config, dependencies.table, now, warn),
    write,
    warn,
  };
}

export function openBatch(run: Run, { probe }: DeliverEvent, context: Pick<Context, 'getRemainingTimeInMillis'>): Batch {
  return {
    ...run,
    receivedAt: run.now(),
    remainingMs: () => context.getRemainingTimeInMillis(),
    probe: probe === true,
    done: new Set(),
    attempts: [],
    deferred: 0,
  };
}

/** Says in metrics what happened since this was last called. Never throws. */
export function writeMeasures({ measures, records, metrics, now }: Run): void {
  for (const line of [...measures.take(now()), ...records.takeMeasures(now())]) quietly(() => metrics(line));
}

export function secondsSince(time: number, { now }: Run): number {
  return (now() - time) / 1_000;
}

function quietly(write: () => void): void {
  try {
    write();
  } catch {
    // There is nowhere left to say it.
  }
}
