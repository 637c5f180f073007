import type { Clock } from '../clock';
import { storeFull, tableNotFound } from './errors';
import { type Input, tableName } from './input';
import { Table } from './table';

/** All tables of a run, in its memory. */
export class Tables {
  private readonly tables = new Map<string, Table>();

  constructor(private readonly clock: Clock, private readonly maxBytes: number) {}

  get now(): number {
    return this.clock.now();
  }

  add(table: Table): void {
    this.tables.set(table.name, table);
  }

  delete(name: string): void {
    this.tables.delete(name);
  }

  has(name: string): boolean {
    return this.tables.has(name);
  }

  names(): string[] {
    return [...this.tables.keys()].sort();
  }

  /** The table that a request names. */
  of(input: Input): Table {
    return this.get(tableName(input));
  }

  get(name: string): Table {
    const table = this.tables.get(name);
    if (!table) throw tableNotFound();
    table.expire(this.now);
    return table;
  }

  /** Throws when so many bytes more are too many. */
  makeRoom(more: number): void {
    const has = [...this.tables.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    if (has + more > this.maxBytes) throw storeFull(this.maxBytes, has);
  }
}
