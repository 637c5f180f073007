import { INDEXES, KEYS } from '../../../lib/contract/store';
import { conditionsOf, RowConflictError, type RowChange, type RowCondition, type RowKey } from '../../../lambda/shared/store/change';
import type { StoreTable } from '../../../lambda/shared/store/table';
import { marshal, type AttributeValue, type Attributes, type Value } from '../../../lambda/shared/store/values';

const WRITE_UNIT_BYTES = 1_024;
const READ_UNIT_BYTES = 4_096;
/** What DynamoDB adds to each item of an index: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
const INDEX_ITEM_BYTES = 100;

/** The event store in memory: what each change does, and what DynamoDB would bill. */
export class MemoryTable implements StoreTable {
  readonly rows = new Map<string, Attributes>();
  /** The sort keys of a partition. */
  readonly #sorts = new Map<string, string[]>();
  readonly calls: string[] = [];
  readonly units = { read: 0, write: 0, index: 0 };
  /** By the name of a call. */
  readonly failing: { [call: string]: Error | undefined } = {};
  /** Stands around every call. */
  around: (call: string, act: () => unknown) => Promise<unknown> = async (_call, act) => act();

  readonly #bills: boolean;

  constructor({ bills = true }: { readonly bills?: boolean } = {}) {
    this.#bills = bills;
  }

  rowsOf(pk: string, skPrefix: string): Attributes[] {
    return (this.#sorts.get(pk) ?? []).filter((sk) => sk.startsWith(skPrefix)).map((sk) => this.rows.get(place({ pk, sk })) as Attributes);
  }

  /** A row by its event and its sort key. */
  row(id: string, sk: string): Attributes | undefined {
    return this.rows.get(place({ pk: `E#${id}`, sk }));
  }

  get(key: RowKey, attributes: readonly string[]): Promise<Attributes | undefined> {
    return this.#call('get', () => {
      const row = this.rows.get(place(key));
      this.units.read += Math.max(1, Math.ceil(sizeOf(row ?? {}) / READ_UNIT_BYTES));
      return row && pick(row, attributes);
    }) as Promise<Attributes | undefined>;
  }

  query(pk: string, skPrefix: string, attributes: readonly string[]): Promise<Attributes[]> {
    return this.#call('query', () => {
      const found = this.rowsOf(pk, skPrefix);
      this.units.read += Math.max(1, Math.ceil(found.reduce((sum, row) => sum + sizeOf(row), 0) / READ_UNIT_BYTES));
      return found.map((row) => pick(row, attributes));
    }) as Promise<Attributes[]>;
  }

  update(change: RowChange): Promise<unknown> {
    return this.#call('update', () => this.apply(change));
  }

  apply(change: RowChange): void {
    const { pk, sk, set = {}, setOnce = {}, add = {}, take = {}, remove = [], where } = change;
    const before = this.rows.get(place(change));
    if (where && !conditionsOf(where).every((one) => holds(before?.[one.attribute], one))) throw new RowConflictError(where);
    const row: { [name: string]: Value | undefined } = { [KEYS.pk]: pk, [KEYS.sk]: sk, ...before, ...present(set) };
    for (const [name, value] of Object.entries(present(setOnce))) row[name] = before?.[name] ?? value;
    for (const [name, more] of Object.entries(add)) {
      if (typeof more === 'number') row[name] = Number(row[name] ?? 0) + more;
      else if (more.size > 0) row[name] = new Set([...row[name] as ReadonlySet<string> | undefined ?? [], ...more]);
    }
    for (const [name, less] of Object.entries(take)) {
      const left = [...row[name] as ReadonlySet<string> | undefined ?? []].filter((one) => !less.has(one));
      row[name] = left.length > 0 ? new Set(left) : undefined;
    }
    for (const name of remove) row[name] = undefined;
    const after = present(row);
    this.rows.set(place(change), after);
    if (!before) this.#sorts.set(pk, [...this.#sorts.get(pk) ?? [], sk].sort());
    if (this.#bills) this.#bill(before, after);
  }

  async #call(name: string, act: () => unknown): Promise<unknown> {
    this.calls.push(name);
    const failure = this.failing[name];
    if (failure) throw failure;
    return this.around(name, act);
  }

  #bill(before: Attributes | undefined, after: Attributes): void {
    this.units.write += Math.ceil(Math.max(sizeOf(before ?? {}), sizeOf(after)) / WRITE_UNIT_BYTES);
    for (const index of Object.values(INDEXES)) {
      const [old, now] = [before, after].map((row) => row && row[index.pk] !== undefined ? entryOf(row, index) : undefined);
      if (JSON.stringify(old) === JSON.stringify(now)) continue;
      // An entry whose key changes is deleted and put anew.
      const moved = old && now && (old[index.pk] !== now[index.pk] || old[index.sk] !== now[index.sk]);
      for (const entry of moved ? [old, now] : [now ?? old]) {
        this.units.index += Math.ceil((sizeOf(entry ?? {}) + INDEX_ITEM_BYTES) / WRITE_UNIT_BYTES);
      }
    }
  }
}

function entryOf(row: Attributes, { pk, sk, projected }: (typeof INDEXES)[keyof typeof INDEXES]): Attributes {
  return pick(row, [KEYS.pk, KEYS.sk, pk, sk, ...projected]);
}

/** Bytes as DynamoDB counts them. */
export function sizeOf(row: Attributes): number {
  return Object.entries(present(row)).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(marshal(value as Value)), 0);
}

function valueSize({ S, N, B, SS, L, M }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  if (B !== undefined) return Buffer.from(B, 'base64').length;
  if (SS) return SS.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (L) return L.reduce((sum, part) => sum + 1 + valueSize(part), 3);
  if (M) return Object.entries(M).reduce((sum, [name, part]) => sum + 1 + Buffer.byteLength(name) + valueSize(part), 3);
  return 1;
}

function holds(value: Value | undefined, { is, value: wanted }: RowCondition): boolean {
  if (value === undefined) return is !== 'same';
  // DynamoDB compares nothing with what is of another type.
  if (is === 'at-most') return typeof value === typeof wanted && (value as string | number) <= wanted;
  return is === 'other' ? value !== wanted : value === wanted;
}

function pick(row: Attributes, names: readonly string[]): Attributes {
  return Object.fromEntries(names.flatMap((name) => row[name] === undefined ? [] : [[name, row[name]]]));
}

function present(row: Attributes): Attributes {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined && !(value instanceof Set && value.size === 0)));
}

function place({ pk, sk }: RowKey): string {
  return `${pk}|${sk}`;
}
