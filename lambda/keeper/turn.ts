import type { BreakerState } from '../../lib/contract/breaker';
import type { KeeperTargetConfig } from '../../lib/contract/config';
import type { LogFields } from '../shared/log';
import type { WriteMetrics } from '../shared/metrics';
import type { KeeperCalls, MappingState, QueueFacts } from './calls';
import type { KeeperNames, ReadNames } from './names';
import type { ExpiryRecords } from './expiry-records';

/** What a warm environment remembers of a target. A new one does without: it is all in the tags, or found out again. */
export interface Memory {
  /** When the queue was last seen empty, or first seen at all. */
  emptyAt?: number;
  /** As the tag had it, or has it by the keeper's doing. */
  state?: BreakerState | undefined;
  names?: KeeperNames;
  /** The time before which the queue need not be looked through again for what outlived the window. */
  expiryDueAt?: number;
  /** When a person was last told that the mapping is off. */
  toldOffAt?: number;
}

/** What every step of a run needs. */
export interface Run {
  readonly gateway: string;
  readonly calls: KeeperCalls;
  readonly readNames: ReadNames | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly remainingMs: () => number;
  readonly write: (line: LogFields) => void;
  readonly metrics: WriteMetrics;
  readonly records: ExpiryRecords;
}

/** One target in one minute: what was seen, and what was made of it so far. */
export interface Turn {
  readonly name: string;
  readonly target: KeeperTargetConfig;
  readonly memory: Memory;
  readonly queue: QueueFacts;
  readonly empty: boolean;
  readonly emptyAt: number;
  readonly tags: { readonly [key: string]: string | undefined };
  /** As the tag has it. */
  state: BreakerState | undefined;
  /** What the tag has said, or was made to say, in this turn. Anything else was decided by somebody else meanwhile. */
  readonly known: Set<string>;
  mapping?: MappingState;
  /** Nobody delivers: the breaker is open, or the mapping is off. */
  paused: boolean;
  /** Messages to be tried in this minute. */
  probe: number;
  /** When SQS took the oldest message that was received, and left, in this minute. */
  oldestSentAt?: number;
  /** Events given up in this minute. */
  deadLetters: number;
}

/** No probe and no batch begins with less left, so that what has begun can end: at 55 seconds for a run, that is after 40. */
const RESERVE_MS = 15_000;

export function hasTime({ remainingMs }: Run): boolean {
  return remainingMs() > RESERVE_MS;
}

export function warn({ write }: Run, target: string, code: string, message: string): void {
  write({ event: 'warning', code, message, target });
}

/** A message that waits was seen. */
export function noteAge(turn: Turn, sentAt: number): void {
  turn.oldestSentAt = Math.min(turn.oldestSentAt ?? sentAt, sentAt);
}
