import { malformed, validationError } from './errors';
import { pick } from './expression/path';
import { Scope } from './expression/scope';
import { answer, type Answer, flag, type Input, isObject, objects, oneOf, optionalObject, refuseLegacy } from './input';
import { keyOfItem, keyOfRequest, type SortKey } from './item-key';
import { itemOf, projectionOf } from './request';
import type { Table } from './table';
import type { Tables } from './tables';
import { addUnits, CAPACITY_REPORTS, consumedCapacity, readUnits, type Units } from './units';
import type { Item } from './value';
import { put } from './write-actions';

const MAX_WRITES = 25;
const MAX_READS = 100;
/** Of one answer of BatchGetItem. */
const MAX_READ_BYTES = 16 * 1024 * 1024;

interface Write {
  readonly table: Table;
  readonly key: SortKey;
  /** Undefined: the item is deleted. */
  readonly item: Item | undefined;
}

/** Puts and deletes, each on its own, none with a condition. They are all read before the first is carried out. */
export function batchWriteItem(tables: Tables, input: Input): Answer {
  const requested = requestItems(input).map(([name, requests]): [Table, Input[]] => [tables.get(name), objects({ requests }, 'requests')]);
  const writes = requested.flatMap(([table, requests]) => requests.map((request) => readWrite(table, request)));
  requireCount(writes.length, MAX_WRITES);
  refuseTwice(writes);
  const units = writes.map(({ table, key, item }): [Table, Units] => {
    const before = table.find(key)?.item;
    return [table, item ? put(tables, table, key, before, item) : table.write(key, before, undefined, 0, tables.now)];
  });
  return answer({ UnprocessedItems: {}, ConsumedCapacity: capacity(units, input) });
}

function readWrite(table: Table, request: Input): Write {
  const [toPut, toDelete] = [optionalObject(request, 'PutRequest'), optionalObject(request, 'DeleteRequest')];
  if (!toPut === !toDelete) throw validationError('Supplied AttributeValue has more than one datatypes set or none: a request has PutRequest or DeleteRequest');
  if (toDelete) return { table, key: keyOfRequest(itemOf(toDelete, 'Key'), table.definition), item: undefined };
  const item = itemOf(toPut!, 'Item');
  return { table, key: keyOfItem(item, table.definition), item };
}

interface Read {
  readonly table: Table;
  readonly key: SortKey;
  readonly asked: Item;
  readonly consistent: boolean;
  readonly view: (item: Item) => Item;
}

/** Items by their keys, in whatever order; none for a key that has none. What does not fit into the answer is told. */
export function batchGetItem(tables: Tables, input: Input): Answer {
  const requested = requestItems(input);
  const reads = requested.flatMap(([name, request]) => (isObject(request) ? readReads(tables.get(name), request) : refuse(malformed(name, 'an object'))));
  requireCount(reads.length, MAX_READS);
  refuseTwice(reads);
  const responses: { [table: string]: Item[] } = Object.fromEntries(requested.map(([name]) => [tables.get(name).name, []]));
  const unprocessed: { [table: string]: Input & { Keys: Item[] } } = {};
  const units: [Table, Units][] = [];
  let bytes = 0;
  for (const { table, key, asked, consistent, view } of reads) {
    const row = table.find(key);
    bytes += row?.size ?? 0;
    if (bytes > MAX_READ_BYTES) {
      (unprocessed[table.name] ??= { ...requested.find(([name]) => tables.get(name) === table)![1] as Input, Keys: [] }).Keys.push(asked);
      continue;
    }
    if (row) responses[table.name]!.push(view(row.item));
    units.push([table, { table: readUnits(row?.size ?? 0, consistent), indexes: new Map() }]);
  }
  return answer({ Responses: responses, UnprocessedKeys: unprocessed, ConsumedCapacity: capacity(units, input) });
}

function readReads(table: Table, request: Input): Read[] {
  refuseLegacy(request);
  const scope = new Scope(request);
  const paths = projectionOf(request, scope);
  scope.close();
  return objects(request, 'Keys').map((Key) => {
    const asked = itemOf({ Key }, 'Key');
    return {
      table, asked, key: keyOfRequest(asked, table.definition), consistent: flag(request, 'ConsistentRead'),
      view: (item: Item) => (paths ? pick(item, paths) : item),
    };
  });
}

function requestItems(input: Input): [string, unknown][] {
  const requests = Object.entries(optionalObject(input, 'RequestItems') ?? {});
  if (requests.length > 0) return requests.map(([name, request]) => [name.replace(/^arn:.*:table\//, ''), request]);
  throw validationError('The batch request list cannot be empty');
}

function requireCount(count: number, max: number): void {
  if (count > 0 && count <= max) return;
  throw validationError(count === 0 ? 'The batch request list cannot be empty' : `Too many items requested for the batch call: ${count}, at most ${max} are allowed`);
}

function refuseTwice(entries: readonly { readonly table: Table; readonly key: SortKey }[]): void {
  const keys = new Set(entries.map(({ table, key }) => JSON.stringify([table.name, key.hash, key.range])));
  if (keys.size < entries.length) throw validationError('Provided list of item keys contains duplicates');
}

function capacity(units: readonly [Table, Units][], input: Input): object[] | undefined {
  const report = oneOf(input, 'ReturnConsumedCapacity', CAPACITY_REPORTS);
  if (report === 'NONE') return undefined;
  const tables = new Set(units.map(([table]) => table));
  return [...tables].map((table) => {
    const used = units.filter(([other]) => other === table).map(([, taken]) => taken);
    return consumedCapacity(table.name, addUnits(used), report)!;
  });
}

function refuse(error: Error): never {
  throw error;
}
