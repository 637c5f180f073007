import type { TargetOutcome } from '../../lib/contract/store';
import type { EventTable } from './event-table';
import { eventsById, targetRows } from './lookup';
import type { StoredEvent, StoredTarget } from './rows';
import type { Found, Summary } from './selection';

/** What became of an event for one target, as it is printed. */
export interface TargetState {
  readonly outcome: TargetOutcome;
  readonly attempts: number;
  readonly status: number | null;
  readonly nextAttemptAt: string | null;
}

/** One event of a list. */
export interface Overview {
  readonly id: string;
  readonly source: string;
  readonly type: string | null;
  readonly time: string;
  /** Null where the event has no row of its own. */
  readonly bytes: number | null;
  readonly targets: { readonly [name: string]: TargetState };
  readonly quarantined?: string;
  readonly unrouted?: true;
}

/** The found events with what became of them, in the same order. Their rows are read where the index did not tell, a hundred to a call. */
export async function overviews(table: EventTable, found: readonly Found[]): Promise<Overview[]> {
  const untold = found.filter(({ summary }) => !summary);
  const events = await eventsById(table, untold.map(({ id }) => id));
  const summaries = found.map(({ id, summary }) => summary ?? summaryOf(events.get(id)));
  const namesOf = ({ matched = [] }: Found, i: number): string[] => [...new Set([...summaries[i]?.targets ?? [], ...matched])];
  const pairs = found.flatMap((each, i) => namesOf(each, i).map((target) => ({ id: each.id, target })));
  const byId = new Map<string, StoredTarget[]>();
  for (const row of await targetRows(table, pairs)) byId.set(row.id, [...byId.get(row.id) ?? [], row]);
  return found.map((each, i) => overview(each, summaries[i], byId.get(each.id) ?? []));
}

export function summaryOf(event: StoredEvent | undefined): Summary | undefined {
  if (!event) return undefined;
  const { bytes, targets = [], quarantined, unrouted = false } = event;
  return { bytes, targets, unrouted, ...(quarantined !== undefined && { quarantined }) };
}

export function overview(
  { id, source, type, time }: Pick<Found, 'id' | 'source' | 'type' | 'time'>, summary: Summary | undefined, rows: readonly StoredTarget[],
): Overview {
  return {
    id, source, type: type ?? null, time, bytes: summary?.bytes ?? null, targets: statesOf(summary, rows),
    ...(summary?.quarantined !== undefined && { quarantined: summary.quarantined }), ...(summary?.unrouted && { unrouted: true as const }),
  };
}

/** A wanted target without a row has not tried yet. What is in quarantine waits for no target. */
function statesOf(summary: Summary | undefined, rows: readonly StoredTarget[]): Overview['targets'] {
  const names = summary?.quarantined === undefined ? summary?.targets ?? [] : [];
  return Object.fromEntries([
    ...names.map((name): [string, TargetState] => [name, { outcome: 'waiting', attempts: 0, status: null, nextAttemptAt: null }]),
    ...rows.map((row): [string, TargetState] => [row.target, stateOf(row)]),
  ]);
}

export function stateOf({ outcome, attempts, status, nextAttemptAt }: StoredTarget): TargetState {
  return { outcome, attempts, status: status ?? null, nextAttemptAt: outcome === 'waiting' ? nextAttemptAt ?? null : null };
}
