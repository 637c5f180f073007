import { eventKey } from '../../lib/contract/store';
import { CliError, Exit } from '../cli-error';
import type { Store } from './open-store';
import { readRows, type StoredRows } from './rows';

const ID = /^evt_[a-z2-7]{26}$/;

/** All there is of an event. Throws where there is nothing, or nothing any more. */
export async function readStored({ table, now, retentionSeconds }: Store, id: string): Promise<StoredRows> {
  const rows = await table.rowsOf(eventKey(id));
  const kept = rows.filter(({ ttl }) => typeof ttl !== 'number' || ttl * 1_000 > now);
  if (kept.length > 0) return readRows(kept);
  if (rows.length > 0) throw new CliError(Exit.NO_MATCH, `the event ${JSON.stringify(id)} is past its retention: it is being deleted`);
  throw unknownId(id, retentionSeconds);
}

export function unknownId(id: string, retentionSeconds: number): CliError {
  const why = ID.test(id) ? `it was never accepted here, was erased, or is past the retention of ${Math.round(retentionSeconds / 86_400)} days`
    : 'an id is evt_ and 26 characters, as events list prints it';
  return new CliError(Exit.NO_MATCH, `there is no event ${JSON.stringify(id)}; ${why}`);
}
