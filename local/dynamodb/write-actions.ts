import { conditionFailed, invalidValue, validationError } from './errors';
import { keyNames } from './definition';
import { apply } from './expression/apply';
import { holds } from './expression/holds';
import { type Path, pick } from './expression/path';
import { Scope } from './expression/scope';
import { type Change, parseUpdate } from './expression/update';
import { answer, type Answer, type Input, oneOf, optionalText, refuseLegacy } from './input';
import { keyOfItem, keyOfRequest, type SortKey } from './item-key';
import { conditionOf, itemOf } from './request';
import type { Table } from './table';
import type { Tables } from './tables';
import { CAPACITY_REPORTS, consumedCapacity, type Units } from './units';
import { type Item, itemSize } from './value';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html#limits-items */
const MAX_ITEM_BYTES = 400 * 1024;

const OLD_VALUES = ['NONE', 'ALL_OLD'] as const;
const ALL_VALUES = ['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'] as const;

export function putItem(tables: Tables, input: Input): Answer {
  refuseLegacy(input);
  const table = tables.of(input);
  const scope = new Scope(input);
  const condition = conditionOf(input, 'ConditionExpression', scope);
  scope.close();
  const item = itemOf(input, 'Item');
  const returned = oneOf(input, 'ReturnValues', OLD_VALUES);
  const key = keyOfItem(item, table.definition);
  const before = table.find(key)?.item;
  requireCondition(condition, before, input);
  const units = put(tables, table, key, before, item);
  return answer({ Attributes: returned === 'ALL_OLD' ? before : undefined, ConsumedCapacity: capacity(table, units, input) });
}

export function deleteItem(tables: Tables, input: Input): Answer {
  refuseLegacy(input);
  const table = tables.of(input);
  const scope = new Scope(input);
  const condition = conditionOf(input, 'ConditionExpression', scope);
  scope.close();
  const returned = oneOf(input, 'ReturnValues', OLD_VALUES);
  const key = keyOfRequest(itemOf(input, 'Key'), table.definition);
  const before = table.find(key)?.item;
  requireCondition(condition, before, input);
  const units = table.write(key, before, undefined, 0, tables.now);
  return answer({ Attributes: returned === 'ALL_OLD' ? before : undefined, ConsumedCapacity: capacity(table, units, input) });
}

/** Without an expression it makes the item, or leaves it as it is. */
export function updateItem(tables: Tables, input: Input): Answer {
  refuseLegacy(input);
  const table = tables.of(input);
  const scope = new Scope(input);
  const expression = optionalText(input, 'UpdateExpression');
  const changes = expression === undefined ? [] : parseUpdate(expression, scope);
  const condition = conditionOf(input, 'ConditionExpression', scope);
  scope.close();
  refuseKeyChanges(changes, table);
  const returned = oneOf(input, 'ReturnValues', ALL_VALUES);
  const given = itemOf(input, 'Key');
  const key = keyOfRequest(given, table.definition);
  const before = table.find(key)?.item;
  requireCondition(condition, before, input);
  const after = apply(changes, before ?? given);
  const units = put(tables, table, key, before, after, ' to update');
  const paths = changes.map(({ path }) => path);
  const attributes = returnedAttributes(returned, before, after, paths);
  return answer({ Attributes: attributes, ConsumedCapacity: capacity(table, units, input) });
}

export function put(tables: Tables, table: Table, key: SortKey, before: Item | undefined, item: Item, deed = ''): Units {
  const size = itemSize(item);
  if (size > MAX_ITEM_BYTES) throw validationError(`Item size${deed} has exceeded the maximum allowed size`);
  tables.makeRoom(size - (before ? itemSize(before) : 0));
  return table.write(key, before, item, size, tables.now);
}

function requireCondition(condition: ReturnType<typeof conditionOf>, before: Item | undefined, input: Input): void {
  const wanted = oneOf(input, 'ReturnValuesOnConditionCheckFailure', OLD_VALUES);
  if (condition && !holds(condition, before ?? {})) throw conditionFailed(wanted === 'ALL_OLD' ? before : undefined);
}

function refuseKeyChanges(changes: readonly Change[], table: Table): void {
  const keys = keyNames(table.definition);
  const changed = changes.find(({ path }) => keys.includes(path[0]));
  if (changed) throw invalidValue(`Cannot update attribute ${changed.path[0]}. This attribute is part of the key`);
}

function returnedAttributes(returned: typeof ALL_VALUES[number], before: Item | undefined, after: Item, paths: readonly Path[]): Item | undefined {
  switch (returned) {
    case 'NONE': return undefined;
    case 'ALL_OLD': return before;
    case 'ALL_NEW': return after;
    case 'UPDATED_OLD': return before && orNothing(pick(before, paths));
    case 'UPDATED_NEW': return orNothing(pick(after, paths));
  }
}

function orNothing(item: Item): Item | undefined {
  return Object.keys(item).length > 0 ? item : undefined;
}

function capacity(table: Table, units: Units, input: Input): object | undefined {
  return consumedCapacity(table.name, units, oneOf(input, 'ReturnConsumedCapacity', CAPACITY_REPORTS));
}
