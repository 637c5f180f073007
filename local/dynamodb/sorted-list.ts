/** Half of a full chunk when it is split. Moving so many pointers is cheaper than following a tree. */
const CHUNK = 256;

/** A place between two items. */
interface Position {
  readonly chunk: number;
  readonly index: number;
}

/**
 * Items in order, a million of them and more: a list of short lists, so that an item is found, added or removed in microseconds wherever it
 * is, for the eight bytes of its pointer. What comes in order, as most events do, is added at the end.
 */
export class SortedList<T> {
  private readonly chunks: T[][] = [];
  private count = 0;

  constructor(private readonly compare: (a: T, b: T) => number) {}

  get size(): number {
    return this.count;
  }

  add(item: T): void {
    this.count++;
    const { chunk, index } = this.position((other) => this.compare(other, item) < 0);
    const items = this.chunks[chunk] ?? this.chunks[chunk - 1];
    if (!items) return void this.chunks.push([item]);
    // Past the last item of all stands at the end of the last chunk.
    const place = this.chunks[chunk] ? chunk : chunk - 1;
    items.splice(this.chunks[chunk] ? index : items.length, 0, item);
    if (items.length >= 2 * CHUNK) this.chunks.splice(place + 1, 0, items.splice(place === this.chunks.length - 1 ? 2 * CHUNK - 1 : CHUNK));
  }

  /** Removes an item that is in the list. */
  remove(item: T): void {
    const { chunk, index } = this.position((other) => this.compare(other, item) < 0);
    if (this.chunks[chunk]?.[index] !== item) return;
    this.count--;
    this.chunks[chunk]!.splice(index, 1);
    if (this.chunks[chunk]!.length === 0) this.chunks.splice(chunk, 1);
  }

  /** The first item that is not before a place. */
  first(isBefore: (item: T) => boolean): T | undefined {
    const { chunk, index } = this.position(isBefore);
    return this.chunks[chunk]?.[index];
  }

  /** From the first item that is not before a place. Nothing may be added or removed on the way. */
  *upwards(isBefore: (item: T) => boolean): Generator<T> {
    let { chunk, index } = this.position(isBefore);
    for (; chunk < this.chunks.length; chunk++, index = 0) {
      const items = this.chunks[chunk]!;
      for (; index < items.length; index++) yield items[index]!;
    }
  }

  /** From the last item that is before a place. */
  *downwards(isBefore: (item: T) => boolean): Generator<T> {
    const start = this.position(isBefore);
    for (let chunk = Math.min(start.chunk, this.chunks.length - 1); chunk >= 0; chunk--) {
      const items = this.chunks[chunk]!;
      for (let index = (chunk === start.chunk ? start.index : items.length) - 1; index >= 0; index--) yield items[index]!;
    }
  }

  private position(isBefore: (item: T) => boolean): Position {
    const chunk = firstIndex(this.chunks.length, (i) => !isBefore(this.chunks[i]!.at(-1)!));
    const items = this.chunks[chunk] ?? [];
    return { chunk, index: firstIndex(items.length, (i) => !isBefore(items[i]!)) };
  }
}

/** The first of 0 to `length` that holds, where all after one that holds do too. */
function firstIndex(length: number, holds: (i: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
