// A page of 50 events on the DynamoDB of a local run, beside dynalite. Each engine is in a process of its own, with the heap that Node.js takes on
// a machine of 8 GB. Events are written as ingest writes them, and read as the command line reads them.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { EventTable } from '../cli/store/event-table';
import { overviews } from '../cli/store/overview';
import { readPage } from '../cli/store/page';
import { eventKey, EVENT_ROW, INDEXES, KEYS, shardOf, sourceIndexKey, timeIndexKey } from '../lib/contract/store';
import { RealClock } from '../local/clock';
import { DynamoDb } from '../local/dynamodb/dynamodb';
import { ServiceEndpoint } from '../local/service-endpoint';

const { values: { events, engine, serve } } = parseArgs({ options: {
  events: { type: 'string', default: '1000000' }, engine: { type: 'string' }, serve: { type: 'string' },
} });

const HEAP_MEGABYTES = 2048;
const PAGE_LIMIT_MS = 50;
const PAGE = 50;
const PAGES = 200;
const UPDATES = 2000;
const TableName = 'events';
const START = Date.parse('2026-11-01T00:00:00Z');
/** A source of ten events a second: a million of them are 28 hours. */
const EVERY_MS = 100;

const ENGINES: { readonly [name: string]: () => Promise<number> } = {
  ours: async () => {
    const endpoint = new ServiceEndpoint();
    endpoint.addJsonService(new DynamoDb({ clock: new RealClock(), region: 'us-east-1', account: '000000000000' }));
    await endpoint.listen(0);
    return Number(new URL(endpoint.origin).port);
  },
  dynalite: async () => {
    const server = (require('dynalite') as (options: object) => Server)({ createTableMs: 0 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  },
};

async function main(): Promise<void> {
  if (serve !== undefined) return void console.log(await ENGINES[serve]!());
  for (const name of Object.keys(ENGINES).filter((one) => engine === undefined || one === engine)) {
    const figures = await measure(name, Number(events));
    console.log(JSON.stringify(figures));
    if (name === 'ours' && figures.pageMs.median >= PAGE_LIMIT_MS) process.exitCode = 1;
  }
}

async function measure(name: string, count: number) {
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MEGABYTES}`, process.argv[1]!, '--serve', name], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const port = await portOf(child);
    const call = client(port);
    await createTable(call);
    const filled = await timed(() => fill(call, count));
    const queries = await times(PAGES, (i) => query(call, i * Math.floor(count / PAGES)));
    const table = eventTable(port);
    const pages = await times(PAGES, (i) => list(table, i * Math.floor(count / PAGES)));
    const updates = await times(UPDATES, (i) => update(call, i));
    return {
      engine: name, events: count, writesPerSecond: Math.round(count / filled * 1000), pageMs: spread(pages),
      unitsPerPage: Math.round(table.readUnits / PAGES * 10) / 10, queryMs: spread(queries), updateMs: spread(updates),
      residentMegabytes: residentMegabytes(child),
    };
  } finally {
    child.kill();
  }
}

type Call = (action: string, input: object) => Promise<{ [name: string]: unknown }>;

async function createTable(call: Call): Promise<void> {
  const { byTime } = INDEXES;
  const keySchema = (pk: string, sk: string) => [{ AttributeName: pk, KeyType: 'HASH' }, { AttributeName: sk, KeyType: 'RANGE' }];
  await call('CreateTable', {
    TableName, BillingMode: 'PAY_PER_REQUEST', KeySchema: keySchema(KEYS.pk, KEYS.sk),
    AttributeDefinitions: [KEYS.pk, KEYS.sk, byTime.pk, byTime.sk].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    GlobalSecondaryIndexes: [
      { IndexName: byTime.name, KeySchema: keySchema(byTime.pk, byTime.sk), Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: byTime.projected } },
    ],
  });
  while ((await call('DescribeTable', { TableName }) as { Table: { TableStatus: string } }).Table.TableStatus !== 'ACTIVE') { /* asks again */ }
}

function eventAt(i: number): { [name: string]: { [type: string]: unknown } } {
  const id = `evt_${i.toString(36).padStart(26, '0')}`;
  const time = new Date(START + i * EVERY_MS).toISOString();
  return {
    [KEYS.pk]: { S: eventKey(id) }, [KEYS.sk]: { S: EVENT_ROW }, v: { N: '1' }, source: { S: 'github' }, type: { S: 'push' }, time: { S: time }, bytes: { N: '400' },
    hash: { S: 'a'.repeat(64) }, headers: { M: { 'content-type': { S: 'application/json' } } }, body: { B: Buffer.alloc(400, i % 256).toString('base64') },
    targets: { L: [{ S: 'billing' }] }, enqueued: { SS: ['billing'] }, [KEYS.ttl]: { N: String(START / 1000 + 30 * 86_400) },
    [INDEXES.byTime.pk]: { S: sourceIndexKey('github', time.slice(0, 10), shardOf(id)) }, [INDEXES.byTime.sk]: { S: timeIndexKey(time, id) },
  };
}

/** Eight batches at once, so that the engine never waits. */
async function fill(call: Call, count: number): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const requests = Array.from({ length: Math.min(25, count - next) }, () => ({ PutRequest: { Item: eventAt(next++) } }));
      await call('BatchWriteItem', { RequestItems: { [TableName]: requests } });
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
}

function eventTable(port: number): EventTable {
  const client = { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  return new EventTable(TableName, { client });
}

/** The page that `events list` makes of the fifty events before a given one: from every shard, with what became of each. */
async function list(table: EventTable, i: number): Promise<void> {
  const until = new Date(START + (i + 1) * EVERY_MS).toISOString();
  const range = { since: new Date(START).toISOString(), until };
  const { found } = await readPage(table, { range, sources: ['github'], targets: ['billing'], source: 'github' }, PAGE);
  const { length } = await overviews(table, found);
  if (length !== Math.min(PAGE, i + 1)) throw new Error(`a page before event ${i} has ${length} events`);
}

/** The fifty events before a given one, newest first, in its shard. */
async function query(call: Call, i: number): Promise<void> {
  const { [INDEXES.byTime.pk]: shard, [INDEXES.byTime.sk]: time } = eventAt(i);
  await call('Query', {
    TableName, IndexName: INDEXES.byTime.name, Limit: PAGE, ScanIndexForward: false, KeyConditionExpression: `${INDEXES.byTime.pk} = :s AND ${INDEXES.byTime.sk} <= :t`,
    ExpressionAttributeValues: { ':s': shard, ':t': time },
  });
}

async function update(call: Call, i: number): Promise<void> {
  await call('UpdateItem', {
    TableName, Key: { [KEYS.pk]: eventAt(i)[KEYS.pk], [KEYS.sk]: { S: 'T#billing' } }, UpdateExpression: 'SET outcome = :o ADD attempts :one',
    ExpressionAttributeValues: { ':o': { S: 'delivered' }, ':one': { N: '1' } },
  });
}

function client(port: number): Call {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const headers = {
    'content-type': 'application/x-amz-json-1.0', 'x-amz-date': '20260101T000000Z',
    'authorization': 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
  };
  return (action, input) => new Promise((resolve, reject) => {
    const sent = request({ agent, port, host: '127.0.0.1', method: 'POST', headers: { ...headers, 'x-amz-target': `DynamoDB_20120810.${action}` } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`${action} was refused: ${text}`));
      });
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(input));
  });
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.stdout!.once('data', (data: Buffer) => resolve(Number(data)));
    child.once('exit', (code) => reject(new Error(`the engine ended with ${code}`)));
  });
}

/** Undefined where the system has no /proc. */
function residentMegabytes({ pid }: ChildProcess): number | undefined {
  try {
    return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
  } catch {
    return undefined;
  }
}

async function times(count: number, run: (i: number) => Promise<void>): Promise<number[]> {
  const spent: number[] = [];
  for (let i = 0; i < count; i++) spent.push(await timed(() => run(i)));
  return spent.sort((a, b) => a - b);
}

async function timed(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function spread(sorted: readonly number[]): { median: number; p90: number; slowest: number } {
  const round = (ms: number): number => Math.round(ms * 100) / 100;
  return { median: round(sorted[sorted.length >> 1]!), p90: round(sorted[Math.floor(sorted.length * 0.9)]!), slowest: round(sorted.at(-1)!) };
}

void main();
