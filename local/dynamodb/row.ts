import type { HeapItem } from '../sqs/heap';
import type { SortKey } from './item-key';
import type { Item } from './value';

/** A place in a table's order or in an index's, whether or not something is there. */
export interface Place extends SortKey {
  readonly row: SortKey;
}

export interface Entry extends Place {
  readonly row: Row;
}

/**
 * One item. Its attributes are kept as bytes of JSON: a million items then are a million small buffers outside the heap, in place of twenty
 * times as many objects in it.
 */
export class Row implements Entry, HeapItem {
  readonly hash: string;
  readonly range: string;
  rank = 0;
  slot = -1;
  private json: Buffer;

  constructor(key: SortKey, item: Item, public size: number) {
    this.hash = key.hash;
    this.range = key.range;
    this.json = encode(item);
  }

  get row(): Row {
    return this;
  }

  get item(): Item {
    return JSON.parse(this.json.toString('utf8')) as Item;
  }

  replace(item: Item, size: number): void {
    this.json = encode(item);
    this.size = size;
  }
}

function encode(item: Item): Buffer {
  return Buffer.from(JSON.stringify(item), 'utf8');
}

/** By hash key and range key; in an index, where these need not be unique, then by those of the table. */
export function comparePlaces(a: Place, b: Place): number {
  return compareText(a.hash, b.hash) || compareText(a.range, b.range) || compareText(a.row.hash, b.row.hash) || compareText(a.row.range, b.row.range);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
