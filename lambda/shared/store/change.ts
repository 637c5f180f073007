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
  readonly where?: RowCondition | readonly RowCondition[];
}

export interface RowCondition {
  readonly attribute: string;
  /** All but `same` also hold where there is none. `at-most`: it is this value or comes before it. */
  readonly is: 'same' | 'same-or-absent' | 'other' | 'at-most';
  readonly value: string | number;
}

/** The row is not what the change was meant for. */
export class RowConflictError extends Error {
  override readonly name = 'RowConflictError';

  constructor(where: NonNullable<RowChange['where']>) {
    super(`the row does not fit: ${conditionsOf(where).map(({ attribute, is, value }) => `${attribute} ${SIGNS[is]} ${JSON.stringify(value)}`).join(' and ')}`);
  }
}

const SIGNS: { readonly [is in RowCondition['is']]: string } = { 'same': '=', 'same-or-absent': '=', 'other': '<>', 'at-most': '<=' };

export function conditionsOf(where: RowChange['where']): readonly RowCondition[] {
  if (where === undefined) return [];
  return 'attribute' in where ? [where] : where;
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
  const conditions = conditionsOf(where).map(({ attribute, is, value: wanted }, index) => {
    values[`:where${index}`] = marshal(wanted);
    const holds = `${name(attribute)} ${SIGNS[is]} :where${index}`;
    return is === 'same' ? holds : `(attribute_not_exists(${name(attribute)}) OR ${holds})`;
  });
  return {
    TableName: tableName,
    Key: { [KEYS.pk]: { S: pk }, [KEYS.sk]: { S: sk } },
    UpdateExpression: clauses.join(' '),
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
    ...(conditions.length > 0 && { ConditionExpression: conditions.join(' AND ') }),
  };
}

function clause(keyword: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : `${keyword} ${parts.join(', ')}`;
}

/** DynamoDB takes no empty set. */
function entries<Given extends Value>(part: { readonly [name: string]: Given | undefined } | undefined): [string, Given][] {
  return Object.entries(part ?? {}).flatMap(([attribute, given]): [string, Given][] => (
    given === undefined || (given instanceof Set && given.size === 0) ? [] : [[attribute, given]]));
}
