import type { Condition } from './expression/condition';
import { holds } from './expression/holds';
import type { Entry } from './row';
import { type Item, itemSize } from './value';

/** What one answer reads at most, before the filter. */
const MAX_BYTES = 1024 * 1024;

export interface PageOptions {
  /** Items to read, whatever the filter leaves of them. */
  readonly limit: number | undefined;
  readonly filter: Condition | undefined;
  /** The attributes that can be read: of an index, what is projected into it. */
  readonly view: (item: Item) => Item;
}

export interface Page {
  readonly items: Item[];
  readonly scanned: number;
  /** Of all that was read. */
  readonly bytes: number;
  /** The item after which the next page begins, whole. Also of a full page there may be no next one: nobody has looked. */
  readonly last?: Item;
}

export function readPage(entries: Iterable<Entry>, { limit = Infinity, filter, view }: PageOptions): Page {
  const items: Item[] = [];
  let [scanned, bytes] = [0, 0];
  for (const { row } of entries) {
    const whole = row.item;
    const item = view(whole);
    scanned++;
    bytes += item === whole ? row.size : itemSize(item);
    if (!filter || holds(filter, item)) items.push(item);
    if (scanned === limit || bytes >= MAX_BYTES) return { items, scanned, bytes, last: whole };
  }
  return { items, scanned, bytes };
}
