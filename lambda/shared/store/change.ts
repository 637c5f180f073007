import { KEYS } from '../../../lib/contract/store';
import { marshal, type AttributeValue, type Attributes, type Value } from './values';

export interface RowKey {
  readonly pk: string;
  readonly sk: string;
}

/** What is done to one row at once. A row that is not there is made. No attribute may be in two of the parts. */
export interface RowChange extends RowKey {
  readonly set?: Attributes;
  /** Only where the row has no such attribute. */
  readonly setOnce?: Attributes;
  /** Counts up a number, or puts names into a set. */
  readonly add?: { readonly [name: string]: number | ReadonlySet<string> };
  /** Takes names out of a set. */
  readonly take?: { readonly [name: string]: ReadonlySet<string> };
  readonly remove?: readonly string[];
  /** The change is not made, and the call rejects with `RowConflictError`, unless this holds. */
  readonly where?: RowCondition;
}

export interface RowCondition {
  readonly attribute: string;
  /** `same-or-absent`: it has this value, or there is none. `other`: it has another value, or there is none. */
  readonly is: 'same' | 'same-or-absent' | 'other';
  readonly value: string | number;
}

/** The row is not what the change was meant for. */
export class RowConflictError extends Error {
  override readonly name = 'RowConflictError';

  constructor({ attribute, is, value }: RowCondition) {
    super(`${attribute} is not ${is === 'other' ? 'other than' : 'the same as'} ${JSON.stringify(value)}`);
  }
}

export interface UpdateInput {
  readonly TableName: string;
  readonly Key: { readonly [name: string]: AttributeValue };
  readonly UpdateExpression: string;
  readonly ExpressionAttributeNames: { readonly [placeholder: string]: string };
  readonly ExpressionAttributeValues?: { readonly [placeholder: string]: AttributeValue };
  readonly ConditionExpression?: string;
}

/**
 * The input of UpdateItem: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 * Every name goes by a placeholder, because DynamoDB reserves words such as `source`, `type` and `time`.
 */
export function updateInput(tableName: string, { pk, sk, set, setOnce, add, take, remove = [], where }: RowChange): UpdateInput {
  const names: { [placeholder: string]: string } = {};
  const values: { [placeholder: string]: AttributeValue } = {};
  const name = (attribute: string): string => {
    names[`#${attribute}`] = attribute;
    return `#${attribute}`;
  };
  const value = (attribute: string, given: Value): string => {
    values[`:${attribute}`] = marshal(given);
    return `:${attribute}`;
  };
  const clauses = [
    clause('SET', [
      ...entries(set).map(([attribute, given]) => `${name(attribute)} = ${value(attribute, given)}`),
      ...entries(setOnce).map(([attribute, given]) => `${name(attribute)} = if_not_exists(${name(attribute)}, ${value(attribute, given)})`),
    ]),
    clause('ADD', entries(add).map(([attribute, given]) => `${name(attribute)} ${value(attribute, given)}`)),
    clause('DELETE', entries(take).map(([attribute, given]) => `${name(attribute)} ${value(attribute, given)}`)),
    clause('REMOVE', remove.map(name)),
  ].filter((text) => text !== '');
  const condition = where && conditionOf(where, name(where.attribute));
  if (where) values[':where'] = marshal(where.value);
  return {
    TableName: tableName,
    Key: { [KEYS.pk]: { S: pk }, [KEYS.sk]: { S: sk } },
    UpdateExpression: clauses.join(' '),
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
    ...(condition !== undefined && { ConditionExpression: condition }),
  };
}

function conditionOf({ is }: RowCondition, name: string): string {
  if (is === 'same') return `${name} = :where`;
  return `attribute_not_exists(${name}) OR ${name} ${is === 'other' ? '<>' : '='} :where`;
}

function clause(keyword: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : `${keyword} ${parts.join(', ')}`;
}

/** DynamoDB takes no empty set. */
function entries<Given extends Value>(part: { readonly [name: string]: Given | undefined } | undefined): [string, Given][] {
  return Object.entries(part ?? {}).flatMap(([attribute, given]): [string, Given][] => (
    given === undefined || (given instanceof Set && given.size === 0) ? [] : [[attribute, given]]));
}
