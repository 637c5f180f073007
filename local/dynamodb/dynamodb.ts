import type { AwsJsonService } from '../aws-service';
import type { Clock } from '../clock';
import { partitionOf } from '../partition';
import { batchGetItem, batchWriteItem } from './batch-actions';
import { readTimeToLive } from './definition';
import { unknownAction } from './errors';
import type { Answer, Input } from './input';
import { getItem, query, scan } from './read-actions';
import { createTable, deleteTable, describeTable, describeTimeToLive, listTables, type TablePlace, updateTimeToLive } from './table-actions';
import { Tables } from './tables';
import { deleteItem, putItem, updateItem } from './write-actions';

export interface DynamoDbOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly account: string;
  /** Bytes that all items together may have. Default: 2 GiB. */
  readonly maxBytes?: number;
}

/** Everything is in the memory of the run. A million events of half a kilobyte take half of it. */
const MAX_BYTES = 2 * 1024 ** 3;

const ITEM_ACTIONS: { readonly [action: string]: (tables: Tables, input: Input) => Answer } = {
  BatchGetItem: batchGetItem, BatchWriteItem: batchWriteItem, DeleteItem: deleteItem, GetItem: getItem, PutItem: putItem, Query: query, Scan: scan,
  UpdateItem: updateItem,
};

const TABLE_ACTIONS: { readonly [action: string]: (tables: Tables, place: TablePlace, input: Input) => Answer } = {
  CreateTable: createTable, DeleteTable: deleteTable, DescribeTable: describeTable, DescribeTimeToLive: describeTimeToLive, ListTables: listTables,
  UpdateTimeToLive: updateTimeToLive,
};

/**
 * DynamoDB as far as an event store and a person's tools need it: items, expressions, global secondary indexes, time to live and the units that
 * AWS would count. No transactions, no streams. Each call is carried out at once and whole, so every read is consistent.
 *
 * dynalite would do all that but time to live and the units of indexes. Of a million events it makes 2.8 GB in the heap, more than Node.js
 * gives a process on a machine of 8 GB, and an update takes it a millisecond of the one thread that the whole run has.
 */
export class DynamoDb implements AwsJsonService {
  readonly prefix = 'DynamoDB_20120810';
  readonly contentType = 'application/x-amz-json-1.0';
  private readonly tables: Tables;
  private readonly place: TablePlace;

  constructor({ clock, region, account, maxBytes = MAX_BYTES }: DynamoDbOptions) {
    this.tables = new Tables(clock, maxBytes);
    this.place = { region, account, partition: partitionOf(region) };
  }

  /** Makes a table as CreateTable would, with its time to live where it has one. Throws `AwsError`. */
  addTable(description: Input): void {
    const { TimeToLiveSpecification: timeToLive, ...input } = description;
    createTable(this.tables, this.place, input);
    if (timeToLive === undefined || readTimeToLive(timeToLive) === undefined) return;
    updateTimeToLive(this.tables, this.place, { TableName: input.TableName, TimeToLiveSpecification: timeToLive });
  }

  async call(action: string, input: Input): Promise<object> {
    if (Object.hasOwn(ITEM_ACTIONS, action)) return ITEM_ACTIONS[action]!(this.tables, input);
    if (Object.hasOwn(TABLE_ACTIONS, action)) return TABLE_ACTIONS[action]!(this.tables, this.place, input);
    throw unknownAction(action);
  }
}
