import type { StoreConfig } from '../../../lib/contract/config';
import type { PayloadReference } from '../../../lib/contract/envelope';
import {
  dayOf, EVENT_ROW, eventKey, INDEXES, quarantineIndexKey, shardOf, sourceIndexKey, STORE_VERSION, timeIndexKey,
} from '../../../lib/contract/store';
import type { RowChange } from './change';
import { expiry } from './target-row';
import type { Attributes } from './values';

/** An event as its row has it. */
export interface RecordedEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string | null;
  readonly providerId?: string;
  /** When it was accepted, ISO 8601. */
  readonly time: string;
  readonly bytes: number;
  /** SHA-256 of the body, hex, without what differs from one delivery of an event to the next. */
  readonly hash: string;
  /** The event that has another body under the sender's same id. */
  readonly collidesWith?: string;
  /** The first event with the sender's same id, whose deduplication window is over. */
  readonly repeats?: string;
  readonly headers: { readonly [name: string]: string };
  readonly unverified: boolean;
}

/** Where the body of a new row is. */
export interface RecordedBody {
  readonly body?: Uint8Array;
  readonly bodyDeflated?: Uint8Array;
  readonly payload?: PayloadReference;
}

/** What became of the event in one request. */
export interface RecordedFate {
  /** Names of the targets that want it. */
  readonly targets: readonly string[];
  readonly enqueued: readonly string[];
  readonly unavailable: readonly string[];
  /** What the source's schema says against it. */
  readonly quarantined?: string;
}

/** A row that is there, as far as a later request has to know it. */
export interface KnownRow {
  readonly time: string;
  readonly targets: readonly string[];
  readonly enqueued: ReadonlySet<string>;
  readonly unavailable: ReadonlySet<string>;
  readonly quarantined: boolean;
  readonly unrouted: boolean;
}

const BY_TIME = INDEXES.byTime;
const BY_OUTCOME = INDEXES.byOutcome;

export const HASH = 'hash';

/** What a row in quarantine has, and no other row of an event. */
const QUARANTINED = ['quarantined', BY_OUTCOME.pk, BY_OUTCOME.sk];

/** What `readKnown` needs of a row. */
export const KNOWN_ATTRIBUTES = ['v', HASH, 'time', 'targets', 'enqueued', 'unavailable', 'quarantined', 'unrouted', 'resumedAt', 'repeatedBy'];

/**
 * The row of an event that is not known, written so that requests at the same time make one row: what is there stays, and sets grow. The
 * condition keeps another body under the same id out.
 */
export function newRow(event: RecordedEvent, body: RecordedBody, fate: RecordedFate, now: number, store: StoreConfig): RowChange {
  const { id, source, type, providerId, time, bytes, hash, collidesWith, repeats, headers, unverified } = event;
  const { targets, enqueued, unavailable, quarantined } = fate;
  return {
    pk: eventKey(id),
    sk: EVENT_ROW,
    set: { ttl: expiry(now, store.retentionSeconds) },
    setOnce: {
      v: STORE_VERSION, id, source, type: type ?? undefined, providerId, time, bytes, [HASH]: hash, collidesWith, repeats, headers,
      body: body.body, bodyDeflated: body.bodyDeflated,
      payload: body.payload && { ...body.payload },
      targets, quarantined, unrouted: unrouted(fate) || undefined, unverified: unverified || undefined,
      [BY_TIME.pk]: sourceIndexKey(source, dayOf(time), shardOf(id)), [BY_TIME.sk]: timeIndexKey(time, id),
      ...(quarantined !== undefined && {
        [BY_OUTCOME.pk]: quarantineIndexKey(source, dayOf(time), shardOf(id)), [BY_OUTCOME.sk]: timeIndexKey(time, id),
      }),
    },
    add: { enqueued: new Set(enqueued), unavailable: new Set(unavailable) },
    // There may be a row that could not be looked up.
    remove: isRouted(fate) && quarantined === undefined ? [...QUARANTINED, 'unrouted'] : [],
    where: { attribute: HASH, is: 'same-or-absent', value: hash },
  };
}

/** What one more request adds to a row. An event that a queue takes is in quarantine no longer. */
export function laterRow(
  { id, hash }: Pick<RecordedEvent, 'id' | 'hash'>, known: KnownRow, fate: RecordedFate, now: number, store: StoreConfig,
): RowChange {
  const { targets, enqueued, unavailable } = fate;
  const routed = isRouted(fate);
  const back = enqueued.filter((target) => known.unavailable.has(target));
  // A target that never got it and no longer wants it is none of its targets.
  const kept = known.targets.filter((target) => known.enqueued.has(target) || known.unavailable.has(target) || targets.includes(target));
  return {
    pk: eventKey(id),
    sk: EVENT_ROW,
    set: { ttl: expiry(now, store.retentionSeconds), resumedAt: new Date(now).toISOString(), targets: [...new Set([...kept, ...targets])] },
    add: { enqueued: new Set(enqueued), ...(back.length === 0 && { unavailable: new Set(unavailable) }) },
    // No attribute may be in two clauses. What is unavailable now has a row of its own that says so.
    take: { unavailable: new Set(back) },
    remove: routed ? [...known.quarantined ? QUARANTINED : [], ...known.unrouted ? ['unrouted'] : []] : [],
    where: { attribute: HASH, is: 'same', value: hash },
  };
}

/** Says in the row of the first event of an id which is the newest: whoever comes next has to find it. */
export function repeatNote(first: string, newest: string): RowChange {
  return { pk: eventKey(first), sk: EVENT_ROW, set: { repeatedBy: newest }, where: { attribute: 'v', is: 'same', value: STORE_VERSION } };
}

export function readKnown(row: Attributes): KnownRow {
  const { time, targets, enqueued, unavailable, quarantined, unrouted: nobody } = row;
  return {
    time: String(time),
    targets: Array.isArray(targets) ? targets as string[] : [],
    enqueued: namesOf(enqueued),
    unavailable: namesOf(unavailable),
    quarantined: quarantined !== undefined,
    unrouted: nobody === true,
  };
}

/** What a row has beside its body, roughly: it only has to say on which side of a write unit a body is. */
export function restBytes({ id, source, type, providerId = '', headers }: RecordedEvent, targets: readonly string[]): number {
  const texts = [id, id, id, source, source, type ?? '', providerId, ...Object.entries(headers).flat(), ...targets, ...targets];
  return FIXED_BYTES + texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 2, 0);
}

/** Names of attributes, hash, times, keys and numbers. */
const FIXED_BYTES = 270;

function isRouted({ enqueued, unavailable }: RecordedFate): boolean {
  return enqueued.length + unavailable.length > 0;
}

function unrouted({ targets, quarantined }: RecordedFate): boolean {
  return targets.length === 0 && quarantined === undefined;
}

function namesOf(value: Attributes[string]): ReadonlySet<string> {
  return value instanceof Set ? value as ReadonlySet<string> : new Set();
}
