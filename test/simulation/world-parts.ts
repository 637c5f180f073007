import type { SqsEngine } from '../../local/sqs/engine';
import type { Clock } from '../../local/clock';
import type { Faults } from './faults';
import type { QueuePair } from './gateway-queues';
import type { Ledger } from './ledger';
import type { MetricStore } from './metric-store';
import type { TargetOptions, WorldOptions } from './options';
import type { Random } from './random';
import type { Store } from './store';

/** What the functions of a simulated gateway share. */
export interface WorldParts {
  readonly options: WorldOptions;
  /** Milliseconds since 1970 at the start of the run. */
  readonly start: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly engine: SqsEngine;
  readonly queues: { readonly [target: string]: QueuePair };
  readonly payloads: Map<string, Buffer>;
  /** Absent where the run has no event store. */
  readonly store: Store | undefined;
  readonly faults: Faults;
  readonly ledger: Ledger;
  readonly metrics: MetricStore;
  /** Milliseconds from posted to delivered, of events that no fault was meant for, by target. */
  readonly latencies: { readonly [target: string]: number[] };
}

export const GATEWAY = 'Simulation/Gateway';

export function queuesOf({ queues }: WorldParts, target: string): QueuePair {
  const pair = queues[target];
  if (!pair) throw new Error(`there is no target ${JSON.stringify(target)}`);
  return pair;
}

export function targetOptions({ options }: Pick<WorldParts, 'options'>, target: string): TargetOptions {
  const found = options.targets[target];
  if (!found) throw new Error(`there is no target ${JSON.stringify(target)}`);
  return found;
}
