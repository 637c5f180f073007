import { EVENT_ROW, eventKey, STORE_VERSION, TARGET_ROW_PREFIX } from '../../lib/contract/store';
import { describe } from '../shared/log';
import { HASH, KNOWN_ATTRIBUTES, readKnown, type KnownRow, type RecordedEvent } from '../shared/store/event-row';
import type { StoreTable } from '../shared/store/table';
import type { Attributes } from '../shared/store/values';
import { secondId } from './identify';
import type { Route } from './route';

/** What the event store knows of an event when a request brings it. */
export type Earlier =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'known'; readonly row: KnownRow }
  /** The store did not say. `newer`: its row must not be touched. */
  | { readonly kind: 'unknown'; readonly why: string; readonly newer?: true };

export interface LookedUp<Event> {
  /** With an id of its own where another body has the one that the sender gave. */
  readonly event: Event;
  readonly earlier: Earlier;
}

/** Looks up whether an event came before. Never throws: an event that a queue can take does not wait for the store. */
export async function lookUp<Event extends RecordedEvent>(event: Event, table: StoreTable): Promise<LookedUp<Event>> {
  let named = event;
  try {
    let row = await readRow(named, table);
    if (row && row[HASH] !== event.hash && isReadable(row)) {
      named = collided(event);
      row = await readRow(named, table);
    }
    return { event: named, earlier: row ? judgeRow(row) : { kind: 'nothing' } };
  } catch (error) {
    return { event: named, earlier: { kind: 'unknown', why: describe(error) } };
  }
}

/** An event whose id is another body's. A receiver that knows events by their ids must not take it for that one. */
export function collided<Event extends RecordedEvent>(event: Event): Event {
  return { ...event, id: secondId(event.id, event.hash), collidesWith: event.id };
}

function readRow({ id }: RecordedEvent, table: StoreTable): Promise<Attributes | undefined> {
  return table.get({ pk: eventKey(id), sk: EVENT_ROW }, KNOWN_ATTRIBUTES);
}

function isReadable(row: Attributes): boolean {
  return Number(row['v']) <= STORE_VERSION;
}

function judgeRow(row: Attributes): Earlier {
  if (isReadable(row)) return { kind: 'known', row: readKnown(row) };
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
