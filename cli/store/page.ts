import { SHARDS } from '../../lib/contract/store';
import { CliError, Exit } from '../cli-error';
import type { EventTable } from './event-table';
import { walk, type Found, type Selection } from './selection';

/** Where a filter matches little, a page ends after so many entries, whatever it has by then: its cost is bounded, and `next` goes on. */
const ENTRIES_PER_PAGE = 10_000;

/** Of a page's events, an eighth is expected under each key; the rest is for chance. */
const SPARE = 4;

export interface Page {
  readonly found: readonly Found[];
  /** Goes on where the page ended, today or tomorrow. Undefined: there is no more. */
  readonly next?: string;
}

/** A page of events, newest first. */
export async function readPage(table: EventTable, selection: Selection, limit: number, token?: string): Promise<Page> {
  const found: Found[] = [];
  let entries = 0;
  let position = token === undefined ? undefined : readToken(token);
  const chunk = Math.min(1_000, Math.ceil(limit / SHARDS) + SPARE);
  for await (const step of walk(table, selection, { direction: 'newest', chunk, ...(position !== undefined && { after: position }) })) {
    if (found.length === limit || entries === ENTRIES_PER_PAGE) return { found, next: writeToken(position as string) };
    if (step.found) found.push(step.found);
    position = step.position;
    entries++;
  }
  return { found };
}

const writeToken = (position: string): string => Buffer.from(JSON.stringify([1, position])).toString('base64url');

function readToken(token: string): string {
  try {
    const [version, position] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [unknown, unknown];
    if (version === 1 && typeof position === 'string' && /^\d{4}-\d\d-\d\dT[^#]+#./.test(position)) return position;
  } catch {
    // Told below.
  }
  throw new CliError(Exit.USAGE, `--next is ${JSON.stringify(token)}, which is no token of a page; write the "next" of the last page`);
}
