import {
  type AttributeValue, BatchGetItemCommand, BatchWriteItemCommand, ConditionalCheckFailedException, CreateTableCommand, DeleteItemCommand,
  DeleteTableCommand, DescribeTableCommand, DescribeTimeToLiveCommand, GetItemCommand, ListTablesCommand, PutItemCommand, QueryCommand, ScanCommand,
  TransactWriteItemsCommand, UpdateItemCommand, UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { DESCRIPTION, keySchema, START, startStore, type Store, TABLE as TableName } from './support';

let store: Store;

beforeEach(async () => {
  store = await startStore({ maxBytes: 100_000 });
});

afterEach(() => store.close());

const Key = { pk: { S: 'E#evt_1' }, sk: { S: 'EVENT' } };
const put = (Item: { [name: string]: AttributeValue }) => store.client.send(new PutItemCommand({ TableName, Item }));

describe('the official client', () => {
  test('has back the bytes, sets and documents that it put', async () => {
    const item = { ...Key, body: { B: Uint8Array.from([0, 255, 10, 13]) }, enqueued: { SS: ['a', 'b'] }, headers: { M: { 'x-a': { S: 'é' } } }, nothing: { NULL: true } };
    await put(item);
    const { Item } = await store.client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    expect(Item).toEqual(item);
    expect(Item?.body?.B).toEqual(Uint8Array.from([0, 255, 10, 13]));
  });

  test('is given the item that stood in the way, where it asks for that', async () => {
    await put({ ...Key, hash: { S: 'one' } });
    const second = new PutItemCommand({ TableName, Item: Key, ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    const error = await store.client.send(second).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect(error).toMatchObject({ message: 'The conditional request failed', Item: { ...Key, hash: { S: 'one' } } });
  });

  test('tells a first request from a later one by what an update found', async () => {
    const update = (name: string) => store.client.send(new UpdateItemCommand({
      TableName, Key, ReturnValues: 'ALL_OLD', UpdateExpression: 'SET #h = if_not_exists(#h, :h) ADD enqueued :e', ExpressionAttributeNames: { '#h': 'hash' },
      ExpressionAttributeValues: { ':h': { S: name }, ':e': { SS: [name] } },
    }));
    expect((await update('first')).Attributes).toBeUndefined();
    expect((await update('second')).Attributes).toEqual({ ...Key, hash: { S: 'first' }, enqueued: { SS: ['first'] } });
    const { Item } = await store.client.send(new GetItemCommand({ TableName, Key }));
    expect(Item).toMatchObject({ hash: { S: 'first' }, enqueued: { SS: ['first', 'second'] } });
  });

  test('reads, writes and deletes in batches, and scans', async () => {
    await store.client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item: Key } }] } }));
    const { Responses } = await store.client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Key] } } }));
    expect(Responses).toEqual({ [TableName]: [Key] });
    expect((await store.client.send(new ScanCommand({ TableName }))).Items).toEqual([Key]);
    await store.client.send(new DeleteItemCommand({ TableName, Key }));
    expect((await store.client.send(new ScanCommand({ TableName }))).Count).toBe(0);
  });
});

describe('a table', () => {
  test('is described with its keys, indexes and size', async () => {
    await put(Key);
    const { Table } = await store.client.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({
      TableName, TableStatus: 'ACTIVE', TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/events', ItemCount: 1, TableSizeBytes: 16, CreationDateTime: new Date(START),
      KeySchema: keySchema('pk', 'sk'), GlobalSecondaryIndexes: [{ IndexName: 'byTime', Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['source'] } }],
    });
    expect((await store.client.send(new ListTablesCommand())).TableNames).toEqual([TableName]);
  });

  test('is found by its ARN too', async () => {
    await store.client.send(new PutItemCommand({ TableName: 'arn:aws:dynamodb:us-east-1:000000000000:table/events', Item: Key }));
    expect((await store.client.send(new GetItemCommand({ TableName, Key }))).Item).toEqual(Key);
  });

  test('can be made and deleted', async () => {
    const { TimeToLiveSpecification: _timeToLive, ...description } = DESCRIPTION;
    const create = () => store.client.send(new CreateTableCommand({ ...description, TableName: 'other' } as ConstructorParameters<typeof CreateTableCommand>[0]));
    await create();
    await expect(create()).rejects.toMatchObject({ name: 'ResourceInUseException' });
    expect((await store.client.send(new DescribeTimeToLiveCommand({ TableName: 'other' }))).TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'DISABLED' });
    const TimeToLiveSpecification = { AttributeName: 'ends', Enabled: true };
    await store.client.send(new UpdateTimeToLiveCommand({ TableName: 'other', TimeToLiveSpecification }));
    expect((await store.client.send(new DescribeTimeToLiveCommand({ TableName: 'other' }))).TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'ends' });
    await store.client.send(new DeleteTableCommand({ TableName: 'other' }));
    await expect(store.client.send(new DescribeTableCommand({ TableName: 'other' }))).rejects.toThrow(/Table: other not found/);
  });

  test.each<[string, object, string]>([
    ['a range key alone', { KeySchema: [{ AttributeName: 'pk', KeyType: 'RANGE' }] }, 'KeySchema must be a HASH key'],
    ['a key without a type', { KeySchema: keySchema('pk', 'nobody') }, 'not defined in AttributeDefinitions. Keys: [nobody]'],
    ['a type for no key', { GlobalSecondaryIndexes: [] }, 'AttributeDefinitions are not used. AttributeDefinitions: [gpk1, gsk1]'],
    ['a key of another type', { AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'BOOL' }] }, 'the type of a key is S, N or B, not "BOOL"'],
    ['an index with names it does not project', { GlobalSecondaryIndexes: [{ IndexName: 'i', KeySchema: keySchema('gpk1', 'gsk1'), Projection: { ProjectionType: 'INCLUDE' } }] }, 'NonKeyAttributes is not specified'],
    ['a local index', { LocalSecondaryIndexes: [] }, 'no local secondary indexes'],
  ])('with %s is refused', (_name, more, message) => {
    const { TimeToLiveSpecification: _timeToLive, ...description } = DESCRIPTION;
    expect(() => store.dynamoDb.addTable({ ...description, TableName: 'other', ...more })).toThrow(expect.objectContaining({ name: 'ValidationException', message: expect.stringContaining(message) }));
  });
});

describe('what a run does not have', () => {
  test('is told: another action, the former interface, segments', async () => {
    await expect(store.client.send(new TransactWriteItemsCommand({ TransactItems: [] }))).rejects.toThrow(/no TransactWriteItems of DynamoDB/);
    await expect(store.client.send(new ScanCommand({ TableName, AttributesToGet: ['pk'] }))).rejects.toThrow(/no AttributesToGet .* use expressions/);
    const segment = new ScanCommand({ TableName, TotalSegments: 2, Segment: 0 });
    await expect(store.client.send(segment)).rejects.toThrow(/leave TotalSegments and Segment out/);
  });

  test('is endless memory: what does not fit is refused, and fits once something is deleted', async () => {
    const big = (pk: string) => put({ pk: { S: pk }, sk: { S: 's' }, body: { B: Buffer.alloc(60_000) } });
    await big('a');
    await expect(big('b')).rejects.toThrow(/at most 100000 bytes in its tables, and has 60010/);
    await big('a');
    await store.client.send(new DeleteItemCommand({ TableName, Key: { pk: { S: 'a' }, sk: { S: 's' } } }));
    await big('b');
  });
});

test('names that every object has are attributes like others', async () => {
  const item = { ...Key, constructor: { S: 'x' }, ['__proto__']: { S: 'y' } };
  const names = { '#c': 'constructor', '#p': '__proto__', '#t': 'toString' };
  // The official client loses `__proto__` on its way.
  await store.dynamoDb.call('PutItem', { TableName, Item: item });
  const answer = await store.dynamoDb.call('GetItem', { TableName, Key, ProjectionExpression: '#c, #p, #t', ExpressionAttributeNames: names });
  expect(JSON.stringify(answer)).toBe('{"Item":{"constructor":{"S":"x"},"__proto__":{"S":"y"}}}');
  const condition = { ConditionExpression: 'attribute_not_exists(#t)', ExpressionAttributeNames: { '#t': 'toString' } };
  expect(await store.dynamoDb.call('PutItem', { TableName, Item: Key, ...condition })).toEqual({});
});

test('a page of an index takes the same read units however many events there are', async () => {
  const event = (i: number) => ({
    pk: { S: `E#${i}` }, sk: { S: 'EVENT' }, gpk1: { S: 'S#github#2026-11-20#0' }, gsk1: { S: String(i).padStart(9, '0') }, source: { S: 'github' },
  });
  const fill = async (from: number, to: number): Promise<void> => {
    for (let i = from; i < to; i++) await store.dynamoDb.call('PutItem', { TableName, Item: event(i) });
  };
  const page = () => store.client.send(new QueryCommand({
    TableName, IndexName: 'byTime', Limit: 50, ScanIndexForward: false, KeyConditionExpression: 'gpk1 = :g', ExpressionAttributeValues: { ':g': { S: 'S#github#2026-11-20#0' } },
    ReturnConsumedCapacity: 'TOTAL',
  }));
  await fill(0, 100);
  const first = await page();
  await fill(100, 1200);
  const second = await page();
  expect([first.Count, second.Count, second.Items?.[0]?.gsk1?.S]).toEqual([50, 50, '000001199']);
  expect(second.ConsumedCapacity).toEqual(first.ConsumedCapacity);
});
