import type { PayloadReference } from './envelope';
import type { AttemptOutcome } from './sender';

/**
 * The event store: one DynamoDB table with the keys `pk` and `sk`. docs/event-store.md has the access patterns.
 *
 * The row of an event is written after the queues have it. The row of a target is written by every attempt for that target, one update
 * each, and may come before the event's row, or stand without it.
 */
export const KEYS = { pk: 'pk', sk: 'sk', ttl: 'ttl' } as const;

/** Events by source and time; and what did not go its way by target, outcome and time. */
export const INDEXES = {
  byTime: { name: 'byTime', pk: 'gpk1', sk: 'gsk1', projected: ['source', 'type', 'time', 'bytes', 'targets', 'quarantined', 'unrouted'] },
  byOutcome: { name: 'byOutcome', pk: 'gpk2', sk: 'gsk2', projected: ['source', 'type', 'outcome'] },
} as const;

/** The version of rows that is written. A reader says of a newer one that it cannot read it, and touches nothing. */
export const STORE_VERSION = 1;

/** An index key takes 1,000 writes a second. So many keys share a day of a source, or of an outcome of a target. */
export const SHARDS = 8;

/**
 * Bodies that take more than this in a row, compressed where that saves a write unit, are objects in the payload bucket: a PUT costs
 * as much as eight write units of 1 KB.
 */
export const MAX_ROW_BODY_BYTES = 8 * 1024;

/** The sort key of an event's row. */
export const EVENT_ROW = 'EVENT';

export interface EventRow {
  readonly v: number;
  readonly id: string;
  readonly source: string;
  readonly type?: string;
  readonly providerId?: string;
  /** When it was accepted, ISO 8601. */
  readonly time: string;
  readonly bytes: number;
  /** SHA-256 of the body, hex, without what differs from one delivery of an event to the next. */
  readonly hash: string;
  /** The event that has another body under the sender's same id. */
  readonly collidesWith?: string;
  /** The first event with the sender's same id, whose deduplication window was over when this one came. */
  readonly repeats?: string;
  /** The newest event that repeats this one. */
  readonly repeatedBy?: string;
  /** When a later request brought the event to more targets, ISO 8601: from then on its deduplication window counts. */
  readonly resumedAt?: string;
  readonly headers: { readonly [name: string]: string };
  /** The body as it came; or deflated (raw); or elsewhere. An empty body is none of them. */
  readonly body?: Uint8Array;
  readonly bodyDeflated?: Uint8Array;
  readonly payload?: PayloadReference;
  /** Names of the targets that want the event. */
  readonly targets?: string[];
  /** Of these, the ones whose queue took it. A set: requests at the same time add to it. */
  readonly enqueued?: string[];
  /** Of these, the ones whose queue is gone or refuses for good. */
  readonly unavailable?: string[];
  /** Why the event is in quarantine: what its schema says. Absent after its release. */
  readonly quarantined?: string;
  /** No target wants it. */
  readonly unrouted?: boolean;
  /** Nothing proves the sender. */
  readonly unverified?: boolean;
  /** Seconds since 1970. */
  readonly ttl: number;
}

/** What became of an event for one target. `waiting`: an attempt failed, and there will be another. */
export type TargetOutcome = 'waiting' | 'delivered' | 'dead-lettered' | 'dropped' | 'unavailable';

/** A target row keeps the newest attempts, in `r0` to `r11` by the number of receives. Older ones are in the function's log. */
export const KEPT_ATTEMPTS = 12;

export interface TargetRow {
  readonly v: number;
  readonly id: string;
  readonly target: string;
  readonly source: string;
  readonly type?: string;
  readonly outcome: TargetOutcome;
  /** How many attempts were written. */
  readonly attempts: number;
  readonly status?: number;
  /** When the outcome was written, ISO 8601. */
  readonly at: string;
  readonly nextAttemptAt?: string;
  /** Of a dead letter. */
  readonly reason?: string;
  readonly detail?: string;
  /** The first KB of the newest response, where the target records responses. */
  readonly response?: string;
  readonly ttl: number;
}

export interface StoredAttempt {
  /** ISO 8601. */
  readonly time: string;
  readonly outcome: AttemptOutcome;
  readonly status: number | null;
  readonly ms: number;
  readonly retryInSeconds: number | null;
  /** Which receive of its message it was. */
  readonly attempt: number;
  /** The replay that it belongs to. */
  readonly replay?: string;
}

/** `r0` … `r11` hold a JSON array of an attempt's values: a sixth of an object's bytes. */
export function writeAttempt({ time, outcome, status, ms, retryInSeconds, attempt, replay }: StoredAttempt): string {
  return JSON.stringify([time, outcome, status, ms, retryInSeconds, attempt, ...(replay === undefined ? [] : [replay])]);
}

/** Undefined where it is none. */
export function readAttempt(text: string): StoredAttempt | undefined {
  const values = parse(text);
  if (!Array.isArray(values)) return undefined;
  type Values = [string, AttemptOutcome, number | null, number, number | null, number, string?];
  const [time, outcome, status, ms, retryInSeconds, attempt, replay] = values as Values;
  return { time, outcome, status, ms, retryInSeconds, attempt, ...(replay !== undefined && { replay }) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const attemptSlot = (attempt: number): string => `r${attempt % KEPT_ATTEMPTS}`;

export const eventKey = (id: string): string => `E#${id}`;

export const TARGET_ROW_PREFIX = 'T#';
export const targetRowKey = (target: string): string => `${TARGET_ROW_PREFIX}${target}`;

/** 0 to SHARDS - 1. */
export function shardOf(id: string): number {
  let sum = 0;
  for (let i = 0; i < id.length; i++) sum = (sum * 31 + id.charCodeAt(i)) >>> 0;
  return sum % SHARDS;
}

/** The UTC day of a time. */
export const dayOf = (time: string): string => time.slice(0, 10);

export const sourceIndexKey = (source: string, day: string, shard: number): string => `S#${source}#${day}#${shard}`;
/** What was delivered is not in the index: most events are, and each entry is a write. */
export const outcomeIndexKey = (target: string, outcome: Exclude<TargetOutcome, 'delivered'>, day: string, shard: number): string => (
  `T#${target}#${outcome}#${day}#${shard}`);
export const quarantineIndexKey = (source: string, day: string, shard: number): string => `Q#${source}#${day}#${shard}`;
/** By the event's own time, in every index. */
export const timeIndexKey = (time: string, id: string): string => `${time}#${id}`;
