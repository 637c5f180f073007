import { keyNames, type KeySchema } from './definition';
import { invalidValue, validationError } from './errors';
import { type Condition, parseCondition, pathsOf } from './expression/condition';
import { attribute, type Path, pick } from './expression/path';
import { Scope } from './expression/scope';
import { answer, type Answer, flag, type Input, oneOf, optionalCount, optionalText, refuseLegacy, text } from './input';
import { keyInIndex, keyOfRequest } from './item-key';
import { entriesIn, isInRange, keyRange } from './key-range';
import { type Page, readPage } from './page';
import { conditionOf, itemOf, projectionOf } from './request';
import { comparePlaces, type Entry, type Place } from './row';
import type { SortedList } from './sorted-list';
import type { Table } from './table';
import type { TableIndex } from './table-index';
import type { Tables } from './tables';
import { CAPACITY_REPORTS, consumedCapacity, readUnits } from './units';
import type { Item } from './value';

const SELECTS = ['', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES', 'COUNT'] as const;
type Select = typeof SELECTS[number];

export function getItem(tables: Tables, input: Input): Answer {
  refuseLegacy(input);
  const table = tables.of(input);
  const scope = new Scope(input);
  const paths = projectionOf(input, scope);
  scope.close();
  const row = table.find(keyOfRequest(itemOf(input, 'Key'), table.definition));
  const units = { table: readUnits(row?.size ?? 0, flag(input, 'ConsistentRead')), indexes: new Map<string, number>() };
  return answer({
    Item: row && (paths ? pick(row.item, paths) : row.item),
    ConsumedCapacity: consumedCapacity(table.name, units, oneOf(input, 'ReturnConsumedCapacity', CAPACITY_REPORTS)),
  });
}

export function query(tables: Tables, input: Input): Answer {
  const asked = readRequest(tables, input);
  const { scope, schema, list, start } = asked;
  const condition = parseCondition('KeyConditionExpression', text(input, 'KeyConditionExpression'), scope);
  scope.close();
  refuseKeyFilter(asked);
  const bounds = keyRange(condition, schema);
  if (start && !isInRange(start, bounds)) throw validationError('The provided starting key is outside query boundaries based on provided conditions');
  const forward = (input.ScanIndexForward ?? undefined) === undefined || flag(input, 'ScanIndexForward');
  return pageAnswer(asked, entriesIn(list, bounds, forward, start));
}

/** In the order of the keys, where AWS has that of their hashes. */
export function scan(tables: Tables, input: Input): Answer {
  if ((input.TotalSegments ?? 1) !== 1) throw validationError('a local run reads a table in one segment: leave TotalSegments and Segment out');
  const asked = readRequest(tables, input);
  asked.scope.close();
  const { start } = asked;
  return pageAnswer(asked, asked.list.upwards((entry) => start !== undefined && comparePlaces(entry, start) <= 0));
}

/** What Query and Scan have in common. */
interface ReadRequest {
  readonly input: Input;
  readonly table: Table;
  readonly index: TableIndex | undefined;
  readonly schema: KeySchema;
  readonly list: SortedList<Entry>;
  /** Not closed yet: it may have another expression. */
  readonly scope: Scope;
  readonly filter: Condition | undefined;
  readonly paths: Path[] | undefined;
  readonly select: Select;
  readonly start: Place | undefined;
}

function readRequest(tables: Tables, input: Input): ReadRequest {
  refuseLegacy(input);
  const table = tables.of(input);
  const name = optionalText(input, 'IndexName');
  const index = name === undefined ? undefined : table.index(name);
  if (index && flag(input, 'ConsistentRead')) throw validationError('Consistent reads are not supported on global secondary indexes');
  const scope = new Scope(input);
  const asked = {
    input, table, index, scope, schema: index?.definition ?? table.definition, list: (index?.entries ?? table.rows) as SortedList<Entry>,
    filter: conditionOf(input, 'FilterExpression', scope), paths: projectionOf(input, scope), select: oneOf(input, 'Select', SELECTS),
    start: startOf(input, table, index),
  };
  refuseSelect(asked);
  return asked;
}

/** The key of the item before the page, which need not be there any more. */
function startOf(input: Input, table: Table, index: TableIndex | undefined): Place | undefined {
  if ((input.ExclusiveStartKey ?? undefined) === undefined) return undefined;
  const start = itemOf(input, 'ExclusiveStartKey');
  const names = new Set([...keyNames(table.definition), ...index ? keyNames(index.definition) : []]);
  const valid = Object.keys(start).length === names.size && Object.keys(start).every((name) => names.has(name));
  const row = valid && keyInIndex(start, table.definition, table.name);
  const key = index ? row && index.keyOf(start) : row;
  if (row && key) return { ...key, row };
  throw validationError('The provided starting key is invalid');
}

function refuseSelect({ select, paths, index }: Pick<ReadRequest, 'select' | 'paths' | 'index'>): void {
  if (paths && select !== '' && select !== 'SPECIFIC_ATTRIBUTES') {
    throw validationError(`Cannot specify the ProjectionExpression when choosing to get ${select}`);
  }
  if (select === 'SPECIFIC_ATTRIBUTES' && !paths) throw validationError('Must specify the ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES');
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && !index) {
    throw invalidValue('Select type ALL_PROJECTED_ATTRIBUTES is not supported when querying a table without an index');
  }
  if (select === 'ALL_ATTRIBUTES' && index?.projected) {
    throw invalidValue(`Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`);
  }
  const missing = index?.projected && paths?.map(([name]) => name).filter((name) => !index.projected!.has(name));
  if (missing && missing.length > 0) throw invalidValue(`Global secondary index ${index!.name} does not project [${missing.join(', ')}]`);
}

function refuseKeyFilter({ filter, schema }: ReadRequest): void {
  const keys = keyNames(schema);
  const key = filter && pathsOf(filter).find(([name]) => keys.includes(name));
  if (key) throw validationError(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key[0]}`);
}

function pageAnswer(asked: ReadRequest, entries: Iterable<Entry>): Answer {
  const { input, table, index, filter, paths, select } = asked;
  const page = readPage(entries, { limit: optionalCount(input, 'Limit'), filter, view: (item) => index?.project(item) ?? item });
  return answer({
    Items: select === 'COUNT' ? undefined : page.items.map((item) => (paths ? pick(item, paths) : item)),
    Count: page.items.length,
    ScannedCount: page.scanned,
    LastEvaluatedKey: page.last && lastKey(page.last, table, index),
    ConsumedCapacity: pageCapacity(asked, page),
  });
}

function lastKey(item: Item, table: Table, index: TableIndex | undefined): Item {
  const names = new Set([...index ? keyNames(index.definition) : [], ...keyNames(table.definition)]);
  return Object.fromEntries([...names].map((name) => [name, attribute(item, name)!]));
}

function pageCapacity({ input, table, index }: ReadRequest, { bytes }: Page): object | undefined {
  const count = readUnits(bytes, flag(input, 'ConsistentRead'));
  const units = index ? { table: 0, indexes: new Map([[index.name, count]]) } : { table: count, indexes: new Map<string, number>() };
  return consumedCapacity(table.name, units, oneOf(input, 'ReturnConsumedCapacity', CAPACITY_REPORTS));
}
