import {
  BatchGetItemCommand, DeleteItemCommand, DynamoDBClient, QueryCommand, UpdateItemCommand,
  type QueryCommandInput, type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { KEYS } from '../../lib/contract/store';
import { awsFailure, type AwsAccess } from '../aws-access';
import { CliError, Exit } from '../cli-error';
import { plain, type Item, type Plain } from './attributes';

export interface Key { readonly pk: string; readonly sk: string }

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const KEYS_PER_GET = 100;

/** DynamoDB hands back keys that it did not get to: on an account that is busy, or with more than 16 MB. */
const MAX_ROUNDS = 20;

/** The table of the event store, with the failures of its calls as those of the command line. */
export class EventTable {
  /** What the calls so far have cost. */
  readUnits = 0;
  private readonly client: DynamoDBClient;
  private readonly subject: string;

  constructor(private readonly name: string, private readonly access: AwsAccess) {
    this.client = new DynamoDBClient(access.client);
    this.subject = `event store ${JSON.stringify(name)}`;
  }

  /** One request of a query. */
  async query(input: Omit<QueryCommandInput, 'TableName'>): Promise<{ readonly rows: Plain[]; readonly more: boolean }> {
    return this.call(async () => {
      const { Items = [], LastEvaluatedKey, ConsumedCapacity } = await this.client.send(new QueryCommand({ ...input, TableName: this.name, ReturnConsumedCapacity: 'TOTAL' }));
      this.readUnits += ConsumedCapacity?.CapacityUnits ?? 0;
      return { rows: Items.map(plain), more: LastEvaluatedKey !== undefined };
    });
  }

  /** Every row of an event, in the order of their sort keys. */
  async rowsOf(pk: string): Promise<Plain[]> {
    const rows: Plain[] = [];
    let start: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey, ConsumedCapacity } = await this.call(() => this.client.send(new QueryCommand({
        TableName: this.name, ConsistentRead: true, KeyConditionExpression: '#pk = :pk', ReturnConsumedCapacity: 'TOTAL',
        ExpressionAttributeNames: { '#pk': KEYS.pk }, ExpressionAttributeValues: { ':pk': { S: pk } },
        ...(start && { ExclusiveStartKey: start }),
      })));
      this.readUnits += ConsumedCapacity?.CapacityUnits ?? 0;
      rows.push(...Items.map(plain));
      start = LastEvaluatedKey;
    } while (start);
    return rows;
  }

  /** The rows of these keys that are there, in no order. */
  async get(keys: readonly Key[]): Promise<Plain[]> {
    const parts = Array.from({ length: Math.ceil(keys.length / KEYS_PER_GET) }, (_, i) => keys.slice(i * KEYS_PER_GET, (i + 1) * KEYS_PER_GET));
    return (await Promise.all(parts.map((part) => this.getPart(part)))).flat();
  }

  async delete({ pk, sk }: Key): Promise<void> {
    await this.call(() => this.client.send(new DeleteItemCommand({ TableName: this.name, Key: { [KEYS.pk]: { S: pk }, [KEYS.sk]: { S: sk } } })));
  }

  /** False where the condition does not hold. */
  async update({ pk, sk }: Key, input: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>): Promise<boolean> {
    return this.call(async () => {
      try {
        await this.client.send(new UpdateItemCommand({ ...input, TableName: this.name, Key: { [KEYS.pk]: { S: pk }, [KEYS.sk]: { S: sk } } }));
        return true;
      } catch (error) {
        if ((error as Error).name === 'ConditionalCheckFailedException') return false;
        throw error;
      }
    });
  }

  private async getPart(keys: readonly Key[]): Promise<Plain[]> {
    const rows: Plain[] = [];
    let left: Item[] = keys.map(({ pk, sk }) => ({ [KEYS.pk]: { S: pk }, [KEYS.sk]: { S: sk } }));
    for (let round = 0; left.length > 0; round++) {
      if (round === MAX_ROUNDS) throw new CliError(Exit.FAILED, `the ${this.subject} does not hand out rows as fast as they are asked for; try again later`);
      const { Responses, UnprocessedKeys, ConsumedCapacity } = await this.call(() => this.client.send(new BatchGetItemCommand({
        RequestItems: { [this.name]: { Keys: left } }, ReturnConsumedCapacity: 'TOTAL',
      })));
      this.readUnits += ConsumedCapacity?.[0]?.CapacityUnits ?? 0;
      rows.push(...(Responses?.[this.name] ?? []).map(plain));
      left = UnprocessedKeys?.[this.name]?.Keys ?? [];
    }
    return rows;
  }

  private async call<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw awsFailure(error, this.subject, this.access);
    }
  }
}
