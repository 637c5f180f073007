import {
  EVENT_ROW, INDEXES, KEPT_ATTEMPTS, readAttempt, STORE_VERSION, TARGET_ROW_PREFIX, type EventRow, type StoredAttempt, type TargetRow,
} from '../../lib/contract/store';
import { CliError, Exit } from '../cli-error';
import type { Plain } from './attributes';

/** The code of the failure that a row is of a version that is not known here. */
export const NEWER_ROW = 'newer-row';

/** The row of an event, as a function wrote it. */
export type StoredEvent = EventRow;

/** The row of a target, with its attempts, oldest first. */
export interface StoredTarget extends TargetRow {
  readonly tries: readonly StoredAttempt[];
  /** When the event was accepted, as the index has it. What was delivered is in none. */
  readonly accepted?: string;
}

/** All there is of one event. Rows of targets may be there without the event's own. */
export interface StoredRows {
  readonly event?: StoredEvent;
  readonly targets: readonly StoredTarget[];
}

export function readRows(rows: readonly Plain[]): StoredRows {
  const of = (test: (sk: string) => boolean): Plain[] => rows.filter(({ sk }) => test(String(sk)));
  const [event] = of((sk) => sk === EVENT_ROW);
  return {
    ...(event && { event: readEvent(event) }),
    targets: of((sk) => sk.startsWith(TARGET_ROW_PREFIX)).map(readTarget),
  };
}

export function readEvent(row: Plain): StoredEvent {
  checkVersion(row);
  const id = row['id'] ?? String(row['pk']).slice(2);
  return { headers: {}, ...row, id } as unknown as StoredEvent;
}

export function readTarget(row: Plain): StoredTarget {
  checkVersion(row);
  const id = row['id'] ?? String(row['pk']).slice(2);
  const target = row['target'] ?? String(row['sk']).slice(TARGET_ROW_PREFIX.length);
  const place = row[INDEXES.byOutcome.sk];
  const accepted = typeof place === 'string' ? place.slice(0, place.indexOf('#')) : undefined;
  return { attempts: 0, ...row, id, target, tries: attemptsOf(row), ...accepted !== undefined && { accepted } } as unknown as StoredTarget;
}

function attemptsOf(row: Plain): StoredAttempt[] {
  const slots = Array.from({ length: KEPT_ATTEMPTS }, (_, i) => row[`r${i}`]);
  return slots.flatMap((text) => (typeof text === 'string' ? readAttempt(text) ?? [] : []))
    .sort((a, b) => Date.parse(a.time) - Date.parse(b.time) || a.attempt - b.attempt);
}

/** A row of a newer version may mean something else by the same names: nothing is made of it. */
function checkVersion({ v, pk }: Plain): void {
  if (typeof v !== 'number' || v <= STORE_VERSION) return;
  throw new CliError(Exit.FAILED, `the row of event ${JSON.stringify(String(pk).slice(2))} has version ${v}, and this command reads up to version ${STORE_VERSION};`
    + ' use the cdk-webhooks that your stack was deployed with, or a newer one', NEWER_ROW);
}
