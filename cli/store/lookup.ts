import { EVENT_ROW, eventKey, targetRowKey } from '../../lib/contract/store';
import { CliError } from '../cli-error';
import type { Plain } from './attributes';
import type { EventTable } from './event-table';
import { NEWER_ROW, readEvent, readTarget, type StoredEvent, type StoredTarget } from './rows';

/** An event and one of its targets. */
export interface Pair { readonly id: string; readonly target: string }

/** Is told the id of each event that has a row of a newer version. Where there is none to tell, such a row fails everything. */
export type OnNewer = (id: string) => void;

/** The rows of these events, by id. */
export async function eventsById(table: EventTable, ids: Iterable<string>, onNewer?: OnNewer): Promise<ReadonlyMap<string, StoredEvent>> {
  const rows = await table.get([...new Set(ids)].map((id) => ({ pk: eventKey(id), sk: EVENT_ROW })));
  return new Map(readEach(rows, readEvent, onNewer).map((event) => [event.id, event]));
}

/** The rows of these targets that are there, in no order. */
export async function targetRows(table: EventTable, pairs: readonly Pair[], onNewer?: OnNewer): Promise<StoredTarget[]> {
  return readEach(await table.get(pairs.map(({ id, target }) => ({ pk: eventKey(id), sk: targetRowKey(target) }))), readTarget, onNewer);
}

function readEach<T>(rows: readonly Plain[], read: (row: Plain) => T, onNewer: OnNewer | undefined): T[] {
  return rows.flatMap((row) => {
    try {
      return [read(row)];
    } catch (error) {
      if (!onNewer || !(error instanceof CliError) || error.code !== NEWER_ROW) throw error;
      onNewer(String(row['pk']).slice(eventKey('').length));
      return [];
    }
  });
}
