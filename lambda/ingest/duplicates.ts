import { EVENT_ROW, eventKey, STORE_VERSION, TARGET_ROW_PREFIX } from '../../lib/contract/store';
import { describe } from '../shared/log';
import type { RowChange } from '../shared/store/change';
import { HASH, KNOWN_ATTRIBUTES, readKnown, repeatNote, type KnownRow, type RecordedEvent } from '../shared/store/event-row';
import type { StoreTable } from '../shared/store/table';
import type { Attributes } from '../shared/store/values';
import { repeatedId, secondId } from './identify';
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
  /** What the row of the first event is to say of this one, which repeats it. */
  readonly note?: RowChange;
}

/**
 * Looks up whether an event came before, within the deduplication window where there is one. Never throws: an event that a queue can take does
 * not wait for the store.
 */
export async function lookUp<Event extends RecordedEvent>(event: Event, table: StoreTable, windowSeconds?: number): Promise<LookedUp<Event>> {
  let named = event;
  try {
    const { event: known, row, note } = await search();
    return { event: known, earlier: row ? judgeRow(row) : { kind: 'nothing' }, ...(note && { note }) };
  } catch (error) {
    return { event: named, earlier: { kind: 'unknown', why: describe(error) } };
  }

  async function search(): Promise<Found<Event>> {
    const first = await find(event);
    const windows = windowSeconds === undefined || !first.holder ? undefined : windowsOf(first.holder, windowSeconds);
    if (!windows || windows.numberAt(event.time) === 0 || isUnfinished(first.row)) return first;
    const current = await find(windows.repeat(event));
    if (current.row) return current;
    // What came late in an earlier window is still a reason to take this for a duplicate.
    const newest = windows.newest === undefined || windows.newest === current.event.id ? undefined
      : await find({ ...event, id: windows.newest, repeats: event.id }).finally(() => { named = current.event; });
    const counts = ({ row }: Found<Event>): boolean => row !== undefined
      && (isUnfinished(row) || windowsOf(row, windows.seconds).numberAt(event.time) === 0);
    return [newest, first].find((found) => found && counts(found)) ?? { ...current, note: repeatNote(event.id, windows.repeat(event).id) };
  }

  async function find(candidate: Event): Promise<Found<Event>> {
    named = candidate;
    const holder = await readRow(named, table);
    if (!holder || holder[HASH] === event.hash || !isReadable(holder)) return { event: named, row: holder, holder };
    named = collided(candidate);
    return { event: named, row: await readRow(named, table), holder };
  }
}

/** An id, the row that the event has there, and the row of whatever had the id first. */
interface Found<Event> extends Pick<LookedUp<Event>, 'event' | 'note'> {
  readonly row: Attributes | undefined;
  readonly holder: Attributes | undefined;
}

/**
 * Deduplication windows, one after the other, from the time at which the first event of an id was accepted. Requests in one of them that are no
 * duplicates have one id, so that two at once are one event. A row that cannot be read counts as new.
 */
function windowsOf(row: Attributes, seconds: number) {
  const since = String(row['resumedAt'] ?? row['time']);
  const numberAt = (time: string): number => (
    isReadable(row) ? Math.max(0, Math.floor((Date.parse(time) - Date.parse(since)) / (seconds * 1_000))) : 0);
  return {
    seconds,
    numberAt,
    newest: row['repeatedBy'] === undefined ? undefined : String(row['repeatedBy']),
    repeat: <Event extends RecordedEvent>(event: Event): Event => (
      { ...event, id: repeatedId(event.id, since, seconds, numberAt(event.time)), repeats: event.id }),
  };
}

/** Some of its targets have yet to get it, and its sender was asked to come again: however long that takes, it is the same event. */
function isUnfinished(row: Attributes | undefined): boolean {
  return row !== undefined && isReadable(row) && !wasAccepted(readKnown(row));
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
