/** What a heap orders, and where it keeps it. One item is in one heap at a time. */
export interface HeapItem {
  rank: number;
  /** Index in the heap; -1 outside. Only the heap writes it. */
  slot: number;
}

/** A binary heap, smallest rank first, whose items know their place: any item moves or leaves in O(log n). */
export class IndexedHeap<T extends HeapItem> {
  private readonly items: T[] = [];

  peek(): T | undefined {
    return this.items[0];
  }

  /** Puts an item in, or moves it when it is in. */
  set(item: T, rank: number): void {
    item.rank = rank;
    if (item.slot < 0) item.slot = this.items.push(item) - 1;
    this.sink(this.rise(item.slot));
  }

  remove(item: T): void {
    const slot = item.slot;
    if (slot < 0) return;
    item.slot = -1;
    const last = this.items.pop() as T;
    if (last === item) return;
    this.place(last, slot);
    this.sink(this.rise(slot));
  }

  clear(): void {
    for (const item of this.items) item.slot = -1;
    this.items.length = 0;
  }

  private rise(slot: number): number {
    const item = this.items[slot] as T;
    while (slot > 0) {
      const parent = this.items[(slot - 1) >> 1] as T;
      if (parent.rank <= item.rank) break;
      this.place(parent, slot);
      slot = (slot - 1) >> 1;
    }
    this.place(item, slot);
    return slot;
  }

  private sink(slot: number): void {
    const item = this.items[slot] as T;
    for (;;) {
      let child = 2 * slot + 1;
      const right = this.items[child + 1];
      if (right && right.rank < (this.items[child] as T).rank) child++;
      const smallest = this.items[child];
      if (!smallest || smallest.rank >= item.rank) break;
      this.place(smallest, slot);
      slot = child;
    }
    this.place(item, slot);
  }

  private place(item: T, slot: number): void {
    this.items[slot] = item;
    item.slot = slot;
  }
}
