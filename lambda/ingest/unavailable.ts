import type { StoreConfig } from '../../lib/contract/config';
import { describe } from '../shared/log';
import { RowConflictError } from '../shared/store/change';
import type { RecordedEvent } from '../shared/store/event-row';
import type { StoreTable } from '../shared/store/table';
import { targetChange, type TargetChange } from '../shared/store/target-row';
import type { Missing } from './duplicates';
import type { Refused } from './enqueue';

export const TARGET_UNAVAILABLE = 'target-unavailable';

/** Says on the rows of targets whose queue is gone, or refuses for good, that their copy waits in the store. Rejects where that is not on record. */
export async function recordUnavailable(
  event: RecordedEvent, refused: readonly Refused[], now: number, store: StoreConfig, table: StoreTable,
): Promise<void> {
  await Promise.all(refused.map(({ route, error }) => (
    // The target has taken the event before: there is nothing to keep for it.
    table.update(change(event, route.target, { outcome: 'unavailable', reason: TARGET_UNAVAILABLE, detail: describe(error), now }, store))
      .catch((failure: unknown) => { if (!(failure instanceof RowConflictError)) throw failure; }))));
}

/** An event that its target had given up is in its queue again. Nobody's answer depends on it: until then one more duplicate is one more copy. */
export async function recordWaiting(
  event: RecordedEvent, again: readonly Missing[], now: number, store: StoreConfig, table: StoreTable,
): Promise<void> {
  await Promise.all(again.map(async ({ route, endedAt }) => {
    if (endedAt === undefined) return;
    const where = { attribute: 'at', is: 'same', value: endedAt } as const;
    // What an attempt has written since then is newer.
    await table.update({ ...change(event, route.target, { outcome: 'waiting', now }, store), where })
      .catch((failure: unknown) => { if (!(failure instanceof RowConflictError)) throw failure; });
  }));
}

type Said = Pick<TargetChange, 'outcome' | 'reason' | 'detail' | 'now'>;

function change({ id, source, type, time }: RecordedEvent, target: string, said: Said, store: StoreConfig) {
  return targetChange({ id, source, type, time, target, ...said }, store);
}
