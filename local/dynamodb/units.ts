/**
 * Capacity units as AWS counts them.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
const WRITE_BYTES = 1024;
const READ_BYTES = 4096;

/** Of one item. Nothing at all still takes a unit. */
export function writeUnits(bytes: number): number {
  return Math.max(Math.ceil(bytes / WRITE_BYTES), 1);
}

/** Of one item, or of all items of a page together. A read that need not be consistent takes half. */
export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(Math.ceil(bytes / READ_BYTES), 1) / (consistent ? 1 : 2);
}

/** What a call took, of a table and of its indexes by name. */
export interface Units {
  readonly table: number;
  readonly indexes: ReadonlyMap<string, number>;
}

export function addUnits(all: readonly Units[]): Units {
  const indexes = new Map<string, number>();
  for (const units of all) for (const [name, count] of units.indexes) indexes.set(name, (indexes.get(name) ?? 0) + count);
  return { table: all.reduce((sum, { table }) => sum + table, 0), indexes };
}

export const CAPACITY_REPORTS = ['NONE', 'TOTAL', 'INDEXES'] as const;
export type CapacityReport = typeof CAPACITY_REPORTS[number];

/** `ConsumedCapacity`, where it is asked for. */
export function consumedCapacity(tableName: string, { table, indexes }: Units, report: CapacityReport): object | undefined {
  if (report === 'NONE') return undefined;
  const total = [...indexes.values()].reduce((sum, count) => sum + count, table);
  if (report === 'TOTAL') return { TableName: tableName, CapacityUnits: total };
  const used = [...indexes].filter(([, count]) => count > 0);
  return {
    TableName: tableName, CapacityUnits: total, Table: { CapacityUnits: table },
    ...(used.length > 0 && { GlobalSecondaryIndexes: Object.fromEntries(used.map(([name, count]) => [name, { CapacityUnits: count }])) }),
  };
}
