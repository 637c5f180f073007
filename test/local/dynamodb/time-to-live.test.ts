import { DynamoDb } from '../../../local/dynamodb/dynamodb';
import { ManualClock } from '../../../local/clock';
import { DESCRIPTION, START, TABLE as TableName } from './support';

const HOUR = 3_600_000;
const NOW = START / 1000;

let clock: ManualClock;
let dynamoDb: DynamoDb;

beforeEach(() => {
  clock = new ManualClock(START);
  dynamoDb = new DynamoDb({ clock, region: 'us-east-1', account: '000000000000' });
  dynamoDb.addTable(DESCRIPTION);
});

const put = (pk: string, ttl: object | undefined) => dynamoDb.call('PutItem', {
  TableName, Item: { pk: { S: pk }, sk: { S: 's' }, gpk1: { S: 'g' }, gsk1: { S: pk }, ...(ttl && { ttl }) },
});
const inTable = async (): Promise<string[]> => keysOf(await dynamoDb.call('Scan', { TableName }));
const inIndex = async (): Promise<string[]> => keysOf(await dynamoDb.call('Query', {
  TableName, IndexName: 'byTime', KeyConditionExpression: 'gpk1 = :g', ExpressionAttributeValues: { ':g': { S: 'g' } },
}));
const keysOf = (page: object): string[] => (page as { Items: { pk: { S: string } }[] }).Items.map(({ pk }) => pk.S);

test('a row is deleted within an hour of the clock after its time, from the indexes too, and can be read until then', async () => {
  await put('a', { N: String(NOW + 60) });
  await put('b', { N: String(NOW + 2 * 3600) });
  await put('c', undefined);
  await clock.advance(HOUR - 1);
  expect(await inTable()).toEqual(['a', 'b', 'c']);
  await clock.advance(1);
  expect([await inTable(), await inIndex()]).toEqual([['b', 'c'], ['b', 'c']]);
  await clock.advance(30 * 24 * HOUR);
  expect(await inTable()).toEqual(['c']);
});

test('an update moves the end, and takes it away', async () => {
  for (const pk of ['a', 'b']) await put(pk, { N: String(NOW + 60) });
  const update = (pk: string, UpdateExpression: string, more: object) => dynamoDb.call('UpdateItem', {
    TableName, Key: { pk: { S: pk }, sk: { S: 's' } }, UpdateExpression, ExpressionAttributeNames: { '#t': 'ttl' }, ...more,
  });
  await update('a', 'SET #t = :t', { ExpressionAttributeValues: { ':t': { N: String(NOW + 5 * 3600) } } });
  await update('b', 'REMOVE #t', {});
  await clock.advance(4 * HOUR);
  expect(await inTable()).toEqual(['a', 'b']);
  await clock.advance(HOUR);
  expect(await inTable()).toEqual(['b']);
});

test.each<[string, object]>([
  ['is no number', { S: String(NOW) }],
  ['is five years past', { N: String(NOW - 6 * 365 * 86_400) }],
])('a row stays when its time %s', async (_name, ttl) => {
  await put('a', ttl);
  await clock.advance(24 * HOUR);
  expect(await inTable()).toEqual(['a']);
});

test('no timer of the clock waits for it', async () => {
  await put('a', { N: String(NOW + 60) });
  expect(clock.due).toBe(0);
});

test('begins to count for the rows that are there when it is turned on, and ends when it is turned off', async () => {
  const { TimeToLiveSpecification, ...description } = DESCRIPTION;
  dynamoDb = new DynamoDb({ clock, region: 'us-east-1', account: '000000000000' });
  dynamoDb.addTable(description);
  await put('a', { N: String(NOW + 60) });
  await dynamoDb.call('UpdateTimeToLive', { TableName, TimeToLiveSpecification });
  await put('b', { N: String(NOW + 7200) });
  await clock.advance(HOUR);
  expect(await inTable()).toEqual(['b']);
  await dynamoDb.call('UpdateTimeToLive', { TableName, TimeToLiveSpecification: { ...TimeToLiveSpecification, Enabled: false } });
  await clock.advance(24 * HOUR);
  expect(await inTable()).toEqual(['b']);
});
