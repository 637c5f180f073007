import { describeDefinition, readDefinition, readTimeToLive } from './definition';
import { invalidValue, tableInUse, tableNotFound } from './errors';
import { type Answer, type Input, isObject, tableName } from './input';
import { Table } from './table';
import type { Tables } from './tables';

/** Where tables are: ARNs begin with it. */
export interface TablePlace {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** A table is there at once; on AWS that takes some seconds. */
export function createTable(tables: Tables, place: TablePlace, input: Input): Answer {
  const definition = readDefinition(input);
  if (tables.has(definition.name)) throw tableInUse(definition.name);
  const table = new Table(definition, tables.now);
  tables.add(table);
  return { TableDescription: describe(table, place) };
}

export function describeTable(tables: Tables, place: TablePlace, input: Input): Answer {
  return { Table: describe(known(tables, input), place) };
}

export function deleteTable(tables: Tables, place: TablePlace, input: Input): Answer {
  const table = known(tables, input);
  tables.delete(table.name);
  return { TableDescription: { ...describe(table, place), TableStatus: 'DELETING' } };
}

/** All of them: a run has few. */
export function listTables(tables: Tables): Answer {
  return { TableNames: tables.names() };
}

export function updateTimeToLive(tables: Tables, _place: TablePlace, input: Input): Answer {
  const table = known(tables, input);
  const name = readTimeToLive(input.TimeToLiveSpecification);
  if ((name === undefined) === (table.timeToLive === undefined)) throw invalidValue(`TimeToLive is already ${name === undefined ? 'disabled' : 'enabled'}`);
  table.setTimeToLive(name, tables.now);
  return { TimeToLiveSpecification: isObject(input.TimeToLiveSpecification) ? input.TimeToLiveSpecification : {} };
}

export function describeTimeToLive(tables: Tables, _place: TablePlace, input: Input): Answer {
  const { timeToLive } = known(tables, input);
  return { TimeToLiveDescription: timeToLive === undefined ? { TimeToLiveStatus: 'DISABLED' } : { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive } };
}

function known(tables: Tables, input: Input): Table {
  const name = tableName(input);
  if (tables.has(name)) return tables.get(name);
  throw tableNotFound(name);
}

function describe(table: Table, { partition, region, account }: TablePlace): object {
  const arn = `arn:${partition}:dynamodb:${region}:${account}:table/${table.name}`;
  return {
    ...describeDefinition(table.definition),
    TableStatus: 'ACTIVE', TableArn: arn, CreationDateTime: table.createdAt / 1000, BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    ItemCount: table.rows.size, TableSizeBytes: table.bytes,
  };
}
