import { type IndexDefinition, keyNames, type TableDefinition } from './definition';
import { attribute } from './expression/path';
import { keyInIndex, type SortKey } from './item-key';
import { comparePlaces, type Entry, type Row } from './row';
import { SortedList } from './sorted-list';
import { writeUnits } from './units';
import { attributeSize, type Item, sameValue } from './value';

/** A global secondary index. Here it is never behind its table, which AWS allows but does not promise. */
export class TableIndex {
  readonly entries = new SortedList<Entry>(comparePlaces);
  /** The attributes it has; undefined for all. */
  readonly projected: ReadonlySet<string> | undefined;

  constructor(readonly definition: IndexDefinition, table: TableDefinition) {
    const { projectionType, included } = definition;
    this.projected = projectionType === 'ALL' ? undefined : new Set([...keyNames(table), ...keyNames(definition), ...included]);
  }

  get name(): string {
    return this.definition.name;
  }

  keyOf(item: Item): SortKey | undefined {
    return keyInIndex(item, this.definition, this.name);
  }

  project(item: Item): Item {
    const { projected } = this;
    return projected ? Object.fromEntries(Object.entries(item).filter(([name]) => projected.has(name))) : item;
  }

  /** Moves a row's entry to where its item says. Returns the write units that this takes. */
  update(row: Row, before: Item | undefined, after: Item | undefined): number {
    const [from, to] = [before && this.keyOf(before), after && this.keyOf(after)];
    if (from && to && from.hash === to.hash && from.range === to.range) {
      return this.changes(before!, after!) ? Math.max(writeUnits(this.sizeOf(before!)), writeUnits(this.sizeOf(after!))) : 0;
    }
    if (from) this.remove({ ...from, row });
    if (to) this.entries.add({ ...to, row });
    return (from ? writeUnits(this.sizeOf(before!)) : 0) + (to ? writeUnits(this.sizeOf(after!)) : 0);
  }

  sizeOf(item: Item): number {
    return this.names(item).reduce((sum, name) => sum + attributeSize(name, attribute(item, name)!), 0);
  }

  private remove(sought: Entry): void {
    const entry = this.entries.first((other) => comparePlaces(other, sought) < 0);
    if (entry?.row === sought.row) this.entries.remove(entry);
  }

  private changes(before: Item, after: Item): boolean {
    const names = new Set([...this.names(before), ...this.names(after)]);
    return [...names].some((name) => {
      const [a, b] = [attribute(before, name), attribute(after, name)];
      return !a || !b || !sameValue(a, b);
    });
  }

  private names(item: Item): string[] {
    const { projected } = this;
    return projected ? [...projected].filter((name) => Object.hasOwn(item, name)) : Object.keys(item);
  }
}
