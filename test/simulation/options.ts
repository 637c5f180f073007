import type { RetrySchedule } from '../../lib/contract/retry';
import type { FaultPlan } from './faults';
import type { Script } from './script';

export interface WorldOptions {
  readonly seed: number;
  readonly sources: { readonly [name: string]: SourceOptions };
  readonly targets: { readonly [name: string]: TargetOptions };
  readonly faults?: FaultPlan;
  /** Default: there is one. */
  readonly keeper?: boolean;
  /** Default: there is one. It keeps two kilobytes of memory for each event. */
  readonly store?: boolean;
  /** When the stack is deployed again: environments end, and paused mappings are resumed. Seconds since the start. */
  readonly deploysAtSeconds?: readonly number[];
  /** Numbers of the events whose way is written down. */
  readonly trace?: readonly number[];
}

export interface SourceOptions {
  readonly events: number;
  readonly perSecond: number;
  /** What a sender does about an answer that is no 2xx: comes again for three days, or never. */
  readonly sender: 'retrying' | 'once';
  /** So many values of an ordering key. The events of one come one after the other. Default: none. */
  readonly keys?: number;
  /** A share of events with a body too big for a queue. Default: none. */
  readonly bigShare?: number;
}

export interface TargetOptions {
  /** Default: all. */
  readonly sources?: readonly string[];
  readonly script: Script;
  /** Default: the standard policy. */
  readonly retry?: RetrySchedule;
  /** Default: 15. */
  readonly timeoutSeconds?: number;
  /** Default: 10. */
  readonly batchSize?: number;
  /** Default: 5, where Lambda starts. */
  readonly maximumConcurrency?: number;
  readonly ratePerSecond?: number;
  readonly permanentStatusCodes?: number[];
  /** The queue keeps the order of the sources' keys. */
  readonly ordered?: boolean;
}

/** What `RetryPolicy.standard()` makes. */
export const STANDARD_RETRY: RetrySchedule = { delaysSeconds: [5, 30, 120, 600, 1_800, 3_600], maxAgeSeconds: 345_600 };

/** How the constructs derive the two: 15 s more than an attempt, and six times that. */
export function functionTimeoutSeconds({ timeoutSeconds = 15 }: Pick<TargetOptions, 'timeoutSeconds'>): number {
  return timeoutSeconds + 15;
}
