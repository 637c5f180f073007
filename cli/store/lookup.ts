import { EVENT_ROW, eventKey, targetRowKey } from '../../lib/contract/store';
import type { EventTable } from './event-table';
import { readEvent, readTarget, type StoredEvent, type StoredTarget } from './rows';

/** An event and one of its targets. */
export interface Pair { readonly id: string; readonly target: string }

/** The rows of these events, by id. */
export async function eventsById(table: EventTable, ids: Iterable<string>): Promise<ReadonlyMap<string, StoredEvent>> {
  const rows = await table.get([...new Set(ids)].map((id) => ({ pk: eventKey(id), sk: EVENT_ROW })));
  return new Map(rows.map(readEvent).map((event) => [event.id, event]));
}

/** The rows of these targets that are there, in no order. */
export async function targetRows(table: EventTable, pairs: readonly Pair[]): Promise<StoredTarget[]> {
  return (await table.get(pairs.map(({ id, target }) => ({ pk: eventKey(id), sk: targetRowKey(target) })))).map(readTarget);
}
