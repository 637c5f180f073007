import type { StoreConfig } from '../../lib/contract/config';
import type { PayloadReference } from '../../lib/contract/envelope';
import { rowBody } from '../shared/store/body';
import { RowConflictError } from '../shared/store/change';
import { laterRow, newRow, restBytes, type KnownRow, type RecordedBody, type RecordedEvent, type RecordedFate } from '../shared/store/event-row';
import type { StoreTable } from '../shared/store/table';
import type { Earlier } from './duplicates';
import { payloadOf, type PutPayload } from './payload';

/** What a row takes of a body where there is no payload bucket: DynamoDB's items end at 400 KB. */
const MOST_WITHOUT_BUCKET = 350 * 1_024;

/**
 * Puts the body where its row will say that it is. Before the row, which must not point at an object that is not there. Rejects where it
 * cannot be kept.
 */
export async function keepBody(
  event: RecordedEvent, bytes: Uint8Array, targets: readonly string[], putPayload: PutPayload | undefined,
): Promise<RecordedBody> {
  const found = rowBody(bytes, restBytes(event, targets), putPayload ? undefined : MOST_WITHOUT_BUCKET);
  if (found.kind === 'inside') return found.attributes;
  if (!putPayload) throw new Error(`a body of ${bytes.length} bytes does not fit into a row, and there is no payload bucket`);
  const { reference } = payloadOf(event.id, bytes);
  await putPayload(reference.key, bytes);
  return { payload: reference };
}

/** Of an event that no queue has. */
export const NOWHERE: RecordedFate = { targets: [], enqueued: [], unavailable: [] };

/** Where the body is, once it is kept: it is asked for only where a new row has to be written. */
export type BodyOf = () => Promise<RecordedBody>;

/** A body that is kept at most once, and that an envelope may have put into the bucket before. */
export function bodyKeeper(payload: PayloadReference | undefined, keep: BodyOf): BodyOf {
  let kept: Promise<RecordedBody> | undefined;
  return () => kept ??= payload ? Promise.resolve({ payload }) : keep();
}

export interface Recording {
  readonly event: RecordedEvent;
  readonly earlier: Earlier;
  readonly fate: RecordedFate;
  readonly bodyOf: BodyOf;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Puts an event on record with one update. Rejects where it is not on record: with `RowConflictError` where the row is another body's, which a
 * request at the same time has brought, or an earlier one that could not be looked up.
 */
export async function record({ event, earlier, fate, bodyOf, now }: Recording, store: StoreConfig, table: StoreTable): Promise<void> {
  if (earlier.kind === 'unknown' && earlier.newer) throw new Error(earlier.why);
  if (earlier.kind === 'known' && await recordAgain(event, earlier.row, fate, now, store, table)) return;
  await table.update(newRow(event, await bodyOf(), fate, now, store));
}

/** False where the row is there no longer. */
async function recordAgain(
  event: RecordedEvent, row: KnownRow, fate: RecordedFate, now: number, store: StoreConfig, table: StoreTable,
): Promise<boolean> {
  try {
    await table.update(laterRow(event, row, fate, now, store));
    return true;
  } catch (error) {
    if (error instanceof RowConflictError) return false;
    throw error;
  }
}
