import { KEYS } from '../../../lib/contract/store';
import type { AwsClient, CallOptions } from '../aws';
import { AwsCallError } from '../aws-error';
import { RowConflictError, updateInput, type RowChange, type RowKey } from './change';
import { unmarshalRow, type AttributeValue, type Attributes } from './values';

/** The event store, as far as the functions use it. Each call rejects where it did not succeed. */
export interface StoreTable {
  /** These attributes of a row, as all writes before this have left it. Undefined where there is no row. */
  get(key: RowKey, attributes: readonly string[]): Promise<Attributes | undefined>;
  /** These attributes of the rows whose sort key begins so. */
  query(pk: string, skPrefix: string, attributes: readonly string[]): Promise<Attributes[]>;
  /** Rejects with `RowConflictError` where the row is not what the change was meant for. */
  update(change: RowChange): Promise<unknown>;
}

export interface TableCalls {
  readonly read: CallOptions;
  readonly write: CallOptions;
}

interface Item {
  readonly [name: string]: AttributeValue;
}

/** The event store in DynamoDB. */
export class DynamoTable implements StoreTable {
  readonly #client: Pick<AwsClient, 'call'>;
  readonly #name: string;
  readonly #calls: TableCalls;

  constructor(client: Pick<AwsClient, 'call'>, name: string, calls: TableCalls) {
    this.#client = client;
    this.#name = name;
    this.#calls = calls;
  }

  async get({ pk, sk }: RowKey, attributes: readonly string[]): Promise<Attributes | undefined> {
    const { Item: item } = await this.#client.call<{ Item?: Item }>('dynamodb', 'GetItem', {
      TableName: this.#name, Key: { [KEYS.pk]: { S: pk }, [KEYS.sk]: { S: sk } }, ConsistentRead: true, ...projection(attributes),
    }, this.#calls.read);
    return item && unmarshalRow(item);
  }

  /** One page of 1 MB: an event's target rows are a tenth of that. */
  async query(pk: string, skPrefix: string, attributes: readonly string[]): Promise<Attributes[]> {
    const { ProjectionExpression, ExpressionAttributeNames } = projection(attributes);
    const { Items: items = [] } = await this.#client.call<{ Items?: Item[] }>('dynamodb', 'Query', {
      TableName: this.#name,
      KeyConditionExpression: '#key = :pk AND begins_with(#sort, :prefix)',
      ExpressionAttributeNames: { ...ExpressionAttributeNames, '#key': KEYS.pk, '#sort': KEYS.sk },
      ExpressionAttributeValues: { ':pk': { S: pk }, ':prefix': { S: skPrefix } },
      ConsistentRead: true,
      ProjectionExpression,
    }, this.#calls.read);
    return items.map(unmarshalRow);
  }

  async update(change: RowChange): Promise<void> {
    try {
      await this.#client.call('dynamodb', 'UpdateItem', updateInput(this.#name, change), this.#calls.write);
    } catch (error) {
      if (change.where && error instanceof AwsCallError && error.code === 'ConditionalCheckFailedException') throw new RowConflictError(change.where);
      throw error;
    }
  }
}

function projection(attributes: readonly string[]): { ProjectionExpression: string; ExpressionAttributeNames: { [placeholder: string]: string } } {
  return {
    ProjectionExpression: attributes.map((attribute) => `#${attribute}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(attributes.map((attribute) => [`#${attribute}`, attribute])),
  };
}
