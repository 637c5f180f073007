import { summaryOf } from './overview';
import type { Store } from './open-store';
import { readStored } from './read-event';
import type { StoredRows } from './rows';
import type { Step } from './selection';

/** Named events as steps, in the order in which they were named. A position is a place in that order. */
export async function* stepsOfIds(store: Store, ids: readonly string[], after?: string): AsyncGenerator<Step> {
  for (const [index, id] of ids.entries()) {
    if (after === undefined || index > Number(after)) yield { position: String(index), found: foundOf(id, await readStored(store, id)) };
  }
}

/** Throws before anything is done where one of them is unknown. */
export async function checkIds(store: Store, ids: readonly string[]): Promise<void> {
  for (const id of ids) await readStored(store, id);
}

function foundOf(id: string, { event, targets: [any] }: StoredRows): NonNullable<Step['found']> {
  const { source = '', type, time = '' } = event ?? { source: any?.source, type: any?.type, time: any?.at };
  const summary = summaryOf(event);
  return { id, source, time, ...(type !== undefined && { type }), ...(summary && { summary }) };
}
