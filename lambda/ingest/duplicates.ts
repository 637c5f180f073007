import { collisionRowKey, EVENT_ROW, eventKey, STORE_VERSION, TARGET_ROW_PREFIX } from '../../lib/contract/store';
import { describe } from '../shared/log';
import { HASH, KNOWN_ATTRIBUTES, readKnown, type KnownRow, type RecordedEvent } from '../shared/store/event-row';
import type { StoreTable } from '../shared/store/table';
import type { Attributes } from '../shared/store/values';
import type { Route } from './route';

/** What the event store knows of an event when a request brings it. */
export type Earlier =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'known'; readonly row: KnownRow }
  /** Another body came under the same id. */
  | { readonly kind: 'other-body' }
  /** The store did not say. `newer`: its row must not be touched. */
  | { readonly kind: 'unknown'; readonly why: string; readonly newer?: true };

/** Looks up whether an event came before. Never throws: an event that a queue can take does not wait for the store. */
export async function lookUp({ id, hash }: Pick<RecordedEvent, 'id' | 'hash'>, table: StoreTable): Promise<Earlier> {
  const read = (sk: string): Promise<Attributes | undefined> => table.get({ pk: eventKey(id), sk }, KNOWN_ATTRIBUTES);
  try {
    const first = await read(EVENT_ROW);
    if (!first) return { kind: 'nothing' };
    if (first[HASH] === hash) return judgeRow(EVENT_ROW, first);
    const sk = collisionRowKey(hash);
    const other = await read(sk);
    return other ? judgeRow(sk, other) : judgeRow(EVENT_ROW, first).kind === 'unknown' ? judgeRow(EVENT_ROW, first) : { kind: 'other-body' };
  } catch (error) {
    return { kind: 'unknown', why: describe(error) };
  }
}

function judgeRow(sk: string, row: Attributes): Earlier {
  if (Number(row['v']) <= STORE_VERSION) return { kind: 'known', row: readKnown(sk, row) };
  return { kind: 'unknown', newer: true, why: `its row has version ${String(row['v'])}, and this function knows ${STORE_VERSION}; deploy the newer stack again` };
}

/** A queue that has yet to get the event. */
export interface Missing {
  readonly route: Route;
  /** When its target gave the event up, where it had it before. ISO 8601. */
  readonly endedAt?: string;
}

/**
 * The queues that a known event has not reached, and those of targets that gave it up: its sender has sent it again, by itself or
 * because a person asked for it. Rejects where the store does not say.
 */
export async function findMissing(id: string, row: KnownRow, wanted: readonly Route[], table: StoreTable): Promise<Missing[]> {
  const rows = await table.query(eventKey(id), TARGET_ROW_PREFIX, ['target', 'outcome', 'at']);
  return wanted.flatMap((route): Missing[] => {
    const ended = rows.find(({ target, outcome }) => target === route.target && (outcome === 'dead-lettered' || outcome === 'unavailable'));
    if (ended) return [{ route, endedAt: String(ended['at']) }];
    return row.enqueued.has(route.target) ? [] : [{ route }];
  });
}

/** Whether an earlier request was answered 2xx: only then is this one a duplicate, and not the retry that was asked for. */
export function wasAccepted({ targets, enqueued, unavailable, quarantined, unrouted }: KnownRow): boolean {
  return quarantined || unrouted || targets.every((target) => enqueued.has(target) || unavailable.has(target));
}
