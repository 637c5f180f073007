import { INDEXES } from '../../lib/contract/store';
import type { Plain } from './attributes';
import type { EventTable } from './event-table';
import { daysOf, type TimeRange } from './time-range';

export type Direction = 'newest' | 'oldest';

export interface IndexQuery {
  readonly index: (typeof INDEXES)[keyof typeof INDEXES];
  /** The partition keys of a UTC day. */
  readonly keysOf: (day: string) => readonly string[];
  readonly range: TimeRange;
  /** Which end of the range comes first. */
  readonly direction: Direction;
  /** The position behind which to go on. */
  readonly after?: string;
  /** How many entries a request asks for, of one key. At least 2. */
  readonly chunk: number;
}

/** The entries of one event, and where it stands: its time and its id. */
export interface Group {
  readonly position: string;
  readonly entries: readonly Plain[];
}

/** A day is asked for at a time; where nothing is, the next step is twice as long, up to so many days. */
const MAX_DAYS_AT_ONCE = 8;

/**
 * Reads an index in the order of time, over all the keys that a day is spread over. One chunk of each key is in memory, however much
 * there is. A position says where to go on, in another process too: nothing else is remembered.
 */
export async function* readIndex(table: EventTable, query: IndexQuery): AsyncGenerator<Group> {
  const days = daysLeft(query);
  for (let step = 1; days.length > 0;) {
    const keys = days.splice(0, step).flatMap(query.keysOf);
    let empty = true;
    for await (const group of merge(keys.map((key) => new KeyCursor(table, query, key)), query)) {
      empty = false;
      yield group;
    }
    step = empty ? Math.min(step * 2, MAX_DAYS_AT_ONCE) : 1;
  }
}

function daysLeft({ range, direction, after }: IndexQuery): string[] {
  const days = daysOf(range);
  const day = after?.slice(0, 10);
  if (direction === 'oldest') return day === undefined ? days : days.filter((each) => each >= day);
  return (day === undefined ? days : days.filter((each) => each <= day)).reverse();
}

async function* merge(cursors: readonly KeyCursor[], { direction }: IndexQuery): AsyncGenerator<Group> {
  const before = direction === 'oldest' ? (a: string, b: string): boolean => a < b : (a: string, b: string): boolean => a > b;
  await Promise.all(cursors.map((each) => each.fill()));
  let open = cursors.filter(({ position }) => position !== undefined);
  while (open.length > 0) {
    const position = open.map((each) => each.position as string).reduce((first, each) => (before(each, first) ? each : first));
    const entries: Plain[] = [];
    for (const cursor of open.filter((each) => each.position === position)) {
      entries.push(cursor.take());
      await cursor.fill();
    }
    yield { position, entries };
    open = open.filter((each) => each.position !== undefined);
  }
}

/** What is left of one key. */
class KeyCursor {
  private rows: Plain[] = [];
  private more = true;
  private last: string | undefined;

  constructor(private readonly table: EventTable, private readonly query: IndexQuery, private readonly key: string) {
    this.last = query.after;
  }

  /** Where the next entry stands. Undefined at the end. */
  get position(): string | undefined {
    return this.rows[0]?.[this.query.index.sk] as string | undefined;
  }

  take(): Plain {
    this.last = this.position;
    return this.rows.shift() as Plain;
  }

  /** Reads on once everything is taken. */
  async fill(): Promise<void> {
    while (this.rows.length === 0 && this.more) await this.read();
  }

  /** A key condition has no "after": the entry at the very position comes again, and is left out. */
  private async read(): Promise<void> {
    const { index, range: { since, until }, direction, chunk } = this.query;
    const [low, high] = direction === 'oldest' ? [this.last ?? since, until] : [since, this.last ?? until];
    if (low > high) {
      this.more = false;
      return;
    }
    const limit = this.last === undefined ? chunk : chunk + 1;
    const { rows, more } = await this.table.query({
      IndexName: index.name, ScanIndexForward: direction === 'oldest', Limit: limit,
      KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :low AND :high',
      ExpressionAttributeNames: { '#pk': index.pk, '#sk': index.sk },
      ExpressionAttributeValues: { ':pk': { S: this.key }, ':low': { S: low }, ':high': { S: high } },
    });
    const last = rows.at(-1)?.[index.sk] as string | undefined;
    this.rows = rows.filter((row) => row[index.sk] !== this.last);
    this.more = more && last !== undefined;
    // All that came was left out: what is behind it is asked for next.
    if (this.rows.length === 0 && last === this.last && rows.length < limit) this.more = false;
  }
}
