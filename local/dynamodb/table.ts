import { IndexedHeap } from '../sqs/heap';
import type { TableDefinition } from './definition';
import { validationError } from './errors';
import { attribute } from './expression/path';
import type { SortKey } from './item-key';
import { comparePlaces, Row } from './row';
import { SortedList } from './sorted-list';
import { TableIndex } from './table-index';
import { type Units, writeUnits } from './units';
import type { Item } from './value';

const HOUR_MS = 3_600_000;
/** What ended longer ago than this is not deleted: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-how-to.html */
const FORGOTTEN_MS = 5 * 365 * 24 * HOUR_MS;

/** The rows of a table, its indexes, and when its rows end. */
export class Table {
  readonly rows = new SortedList<Row>(comparePlaces);
  readonly indexes: readonly TableIndex[];
  /** Of all items, as DynamoDB counts them. */
  bytes = 0;
  private readonly expiring = new IndexedHeap<Row>();
  private ttlAttribute: string | undefined;

  constructor(readonly definition: TableDefinition, readonly createdAt: number) {
    this.indexes = definition.indexes.map((index) => new TableIndex(index, definition));
  }

  get name(): string {
    return this.definition.name;
  }

  index(name: string): TableIndex {
    const index = this.indexes.find((candidate) => candidate.name === name);
    if (index) return index;
    throw validationError(`The table does not have the specified index: ${name}`);
  }

  find(key: SortKey): Row | undefined {
    const sought = { ...key, row: key };
    const row = this.rows.first((other) => comparePlaces(other, sought) < 0);
    return row?.hash === key.hash && row.range === key.range ? row : undefined;
  }

  /** Puts an item in the place of the one before, or removes that. Throws before anything is changed. */
  write(key: SortKey, before: Item | undefined, after: Item | undefined, size: number, now: number): Units {
    // A value that is none for an index's key must be found before the first index is written.
    if (after) for (const index of this.indexes) index.keyOf(after);
    const found = this.find(key);
    const sizeBefore = found?.size ?? 0;
    const row = found ?? (after && new Row(key, after, size));
    if (!row) return { table: 1, indexes: new Map() };
    const indexes = new Map(this.indexes.map((index) => [index.name, index.update(row, before, after)]));
    if (!found) this.rows.add(row);
    else if (after) row.replace(after, size);
    else this.rows.remove(row);
    this.bytes += (after ? size : 0) - sizeBefore;
    this.schedule(row, after, now);
    return { table: Math.max(writeUnits(sizeBefore), after ? writeUnits(size) : 0), indexes };
  }

  get timeToLive(): string | undefined {
    return this.ttlAttribute;
  }

  setTimeToLive(name: string | undefined, now: number): void {
    this.ttlAttribute = name;
    for (const row of this.rows.upwards(() => false)) this.schedule(row, row.item, now);
  }

  /**
   * Deletes what has ended, once an hour of the clock: on AWS it takes some minutes to days, and until then it can still be read. Called
   * before each call, so no timer keeps a clock busy.
   */
  expire(now: number): void {
    const due = Math.floor(now / HOUR_MS) * HOUR_MS;
    for (let row = this.expiring.peek(); row && row.rank <= due; row = this.expiring.peek()) this.write(row, row.item, undefined, 0, now);
  }

  private schedule(row: Row, item: Item | undefined, now: number): void {
    const seconds = this.ttlAttribute === undefined ? undefined : item && attribute(item, this.ttlAttribute)?.N;
    const endsAt = seconds === undefined ? NaN : Number(seconds) * 1000;
    if (endsAt > now - FORGOTTEN_MS) this.expiring.set(row, endsAt);
    else this.expiring.remove(row);
  }
}
