import { createServer, type Server } from 'node:http';
import fc from 'fast-check';
import { AwsClient } from '../../../../lambda/shared/aws';
import { AwsCallError } from '../../../../lambda/shared/aws-error';
import { RowConflictError, type RowChange } from '../../../../lambda/shared/store/change';
import { laterRow, newRow, readKnown, type RecordedEvent } from '../../../../lambda/shared/store/event-row';
import { DynamoTable } from '../../../../lambda/shared/store/table';
import { targetChange } from '../../../../lambda/shared/store/target-row';
import type { Attributes } from '../../../../lambda/shared/store/values';
import { envelope, NOW } from '../../support/deliver';
import { STORE } from '../../support/recorded';
import { listen } from '../../support/server';
import { MemoryTable } from '../../support/table';

const dynalite = require('dynalite') as (options: object) => Server;

/** DynamoDB by others: what the functions send must mean there what it means here. */
let server: Server;
let client: AwsClient;
const CALL = { timeoutMs: 5_000, tries: 1 };
const table = (name = STORE.tableName): DynamoTable => new DynamoTable(client, name, { read: CALL, write: CALL });

beforeAll(async () => {
  server = dynalite({ createTableMs: 0 });
  const origin = await listen(server);
  client = new AwsClient({ AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'SECRET', AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_DYNAMODB: origin });
  const string = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
  await client.call('dynamodb', 'CreateTable', {
    TableName: STORE.tableName, BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [string('pk'), string('sk')],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
  }, CALL);
});
afterAll(() => { server.close(); });

let pk = '';
let number = 0;
beforeEach(() => { pk = `E#evt_${++number}`; });

const event = (): RecordedEvent => ({
  id: pk.slice(2), source: 'stripe', type: 'invoice.paid', providerId: 'evt_1', time: envelope.time, bytes: 14, hash: 'a'.repeat(64),
  headers: { 'content-type': 'application/json' }, unverified: false,
});
const fate = { targets: ['billing', 'crm'], enqueued: ['billing'], unavailable: [] };
const ALL = [
  'v', 'id', 'source', 'type', 'providerId', 'time', 'bytes', 'hash', 'headers', 'body', 'bodyDeflated', 'payload', 'targets', 'enqueued', 'unavailable',
  'quarantined', 'unrouted', 'unverified', 'ttl', 'gpk1', 'gsk1', 'gpk2', 'gsk2', 'outcome', 'at', 'attempts', 'status', 'r1', 'target', 'reason', 'nextAttemptAt',
];

/** The same changes to both. */
async function inBoth(changes: readonly RowChange[]): Promise<[Attributes | undefined, Attributes | undefined]> {
  const memory = new MemoryTable();
  const results = await Promise.all([memory, table()].map(async (store) => {
    const ends: string[] = [];
    for (const change of changes) ends.push(await store.update(change).then(() => 'done', (error: Error) => error.name));
    return ends;
  }));
  expect(results[0]).toEqual(results[1]);
  const key = changes[0]!;
  return [await memory.get(key, ALL), await table().get(key, ALL)];
}

test('a new row, a later request and a release are the same in DynamoDB as in memory', async () => {
  const first = newRow(event(), { body: Buffer.from('{"id":"evt_1"}') }, fate, NOW, STORE);
  const quarantined = newRow({ ...event(), hash: 'b'.repeat(64) }, { payload: { key: 'k', bytes: 3, sha256: 'x' } }, { ...fate, quarantined: 'no' }, NOW, STORE);
  const known = readKnown({ time: envelope.time, targets: ['billing', 'crm'], enqueued: new Set(['billing']), unavailable: new Set(['crm']), quarantined: 'no' });
  const [memory, dynamo] = await inBoth([
    first, quarantined, { ...first, add: { enqueued: new Set(['search']), unavailable: new Set(['crm']) } },
    laterRow(event(), known, { targets: ['crm', 'new'], enqueued: ['crm'], unavailable: [] }, NOW + 1, STORE),
    laterRow({ ...event(), hash: 'c'.repeat(64) }, known, fate, NOW + 2, STORE),
  ]);
  expect(dynamo).toEqual(memory);
  expect(dynamo).toMatchObject({
    hash: 'a'.repeat(64), body: Buffer.from('{"id":"evt_1"}'), enqueued: new Set(['billing', 'search', 'crm']), targets: ['billing', 'crm', 'new'],
    headers: { 'content-type': 'application/json' }, bytes: 14,
  });
  expect(dynamo).not.toHaveProperty('unavailable');
  expect(dynamo).not.toHaveProperty('payload');
});

test('what became of a target is the same, and a delivery is not taken back', async () => {
  const change = (outcome: 'waiting' | 'delivered' | 'dead-lettered', attempt: number, more: object = {}) => targetChange({
    ...event(), target: 'billing', outcome, now: NOW, ...more,
    attempt: { time: envelope.time, outcome: 'status', status: 503, ms: 5, retryInSeconds: 5, attempt },
  }, STORE);
  const [memory, dynamo] = await inBoth([
    change('waiting', 1, { nextAttemptAt: NOW + 5_000, detail: 'no' }), change('delivered', 1), change('waiting', 1), change('dead-lettered', 1, { replay: 'rpl_1' }),
    change('waiting', 1, { now: NOW - 1 }), change('waiting', 1, { now: NOW - 1, replay: 'rpl_1' }),
  ]);
  expect(dynamo).toEqual(memory);
  expect(dynamo).toMatchObject({ outcome: 'dead-lettered', attempts: 3 });
  expect(dynamo).not.toHaveProperty('nextAttemptAt');
});

test('any changes at all are the same', async () => {
  const names = fc.subarray(['a', 'b', 'c']).map((list) => new Set(list));
  const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes)), fc.constant(['x', 'y']));
  const condition = fc.record({
    attribute: fc.constantFrom('hash', 'outcome', 'status'), value: fc.constantFrom('a', 1),
    is: fc.constantFrom('same' as const, 'same-or-absent' as const, 'other' as const, 'at-most' as const),
  });
  const changes = fc.array(fc.record({
    set: fc.record({ type: value, status: value }, { requiredKeys: [] }),
    setOnce: fc.record({ body: value, time: value }, { requiredKeys: [] }),
    add: fc.record({ attempts: fc.integer({ min: 0, max: 5 }), enqueued: names }),
    take: fc.record({ unavailable: names }, { requiredKeys: [] }),
    remove: fc.subarray(['reason', 'gpk2']),
    where: fc.option(fc.oneof(condition, fc.array(condition, { minLength: 1, maxLength: 2 })), { nil: undefined }),
  }), { minLength: 1, maxLength: 4 });
  let run = 0;
  await fc.assert(fc.asyncProperty(changes, async (each) => {
    const key = { pk: `${pk}#${++run}`, sk: 'EVENT' };
    const [memory, dynamo] = await inBoth(each.map(({ where, ...change }) => ({ ...key, ...change, ...(where && { where }) })));
    expect(dynamo).toEqual(memory);
  }), { numRuns: 60, seed: 1, endOnFailure: true });
});

test('the rows of an event\'s targets are asked for, and its own is not among them', async () => {
  for (const sk of ['EVENT', 'T#billing', 'T#crm']) await table().update({ pk, sk, set: { target: sk.slice(2), outcome: 'waiting', at: 'now' } });
  expect(await table().query(pk, 'T#', ['target', 'outcome'])).toEqual([{ target: 'billing', outcome: 'waiting' }, { target: 'crm', outcome: 'waiting' }]);
  expect(await table().query(`${pk}#none`, 'T#', ['target'])).toEqual([]);
});

test('a row that is not there is undefined, and a table that is not there an error', async () => {
  expect(await table().get({ pk, sk: 'EVENT' }, ['v'])).toBeUndefined();
  await expect(table('none').get({ pk, sk: 'EVENT' }, ['v'])).rejects.toMatchObject({ name: 'AwsCallError', kind: 'missing', code: 'ResourceNotFoundException' });
});

test('only a condition that does not hold is a conflict', async () => {
  await table().update({ pk, sk: 'EVENT', set: { hash: 'a' } });
  await expect(table().update({ pk, sk: 'EVENT', set: { v: 1 }, where: { attribute: 'hash', is: 'same', value: 'b' } })).rejects.toThrow(RowConflictError);
  await expect(table().update({ pk, sk: 'EVENT', add: { hash: 1 }, where: { attribute: 'hash', is: 'same', value: 'a' } })).rejects.toThrow(AwsCallError);
});

test('reads are consistent, and signed for DynamoDB', async () => {
  const requests: { target: unknown; authorization: unknown; input: { ConsistentRead?: boolean } }[] = [];
  const spy = createServer((request, response) => {
    let body = '';
    request.on('data', (text: Buffer) => { body += text; });
    request.on('end', () => {
      requests.push({ target: request.headers['x-amz-target'], authorization: request.headers.authorization, input: JSON.parse(body) as object });
      response.end('{}');
    });
  });
  const origin = await listen(spy);
  const environment = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'SECRET', AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_DYNAMODB: origin };
  const store = new DynamoTable(new AwsClient(environment), 'events', { read: CALL, write: CALL });
  await store.get({ pk, sk: 'EVENT' }, ['v']);
  await store.query(pk, 'T#', ['v']);
  spy.closeAllConnections();
  spy.close();
  expect(requests.map(({ target, input }) => [target, input.ConsistentRead])).toEqual([['DynamoDB_20120810.GetItem', true], ['DynamoDB_20120810.Query', true]]);
  expect(requests[0]!.authorization).toContain('/eu-west-1/dynamodb/aws4_request');
});
