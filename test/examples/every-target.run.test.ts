import { App } from 'aws-cdk-lib';
import { ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import path from 'node:path';
import { Webhook } from 'standardwebhooks';
import { EveryTargetStack } from '../../examples/every-target/every-target-stack';
import { RealClock } from '../../local/clock';
import { type LocalRun, startLocalRun } from '../../local/run';
import { temporaryFolder } from '../temporary-folder';
import { Receiver } from '../local/receiver';
import { cloudFormationClient, credentials, post, s3Client } from '../local/services';

/** Spaces, an escape, a number that JavaScript writes in another way and letters beyond ASCII: nothing may be written anew. */
const BODY = '{ "type":"order.created",  "data" : {"total": 1.00, "name": "\\u00e4ö🧾"} }\n';

type Line = { readonly event: string; readonly [name: string]: any };

const http = new Receiver();
const chat = new Receiver();
const lines: Line[] = [];
let run: LocalRun;
let id: string;

/** Posts one signed event, and waits until each of the targets has had its attempt. */
beforeAll(async () => {
  const app = new App({ outdir: temporaryFolder(), context: { 'cdk-webhooks:local': true } });
  new EveryTargetStack(app, 'EveryTarget', { receiver: await http.listen(), chat: await chat.listen() });
  let tell = (): void => undefined;
  run = await startLocalRun({
    assembly: app.synth().directory, clock: new RealClock(), port: 0, secrets: {}, targets: {},
    bootstrapFile: path.resolve(__dirname, '../../assets/local/bootstrap.mjs'), onLine: (line) => { lines.push(line as Line); tell(); },
  });
  const attempted = new Promise<void>((resolve) => {
    tell = () => { if (said('attempt').length >= 10) resolve(); };
  });
  const timestamp = new Date();
  const signature = new Webhook(secretOf('orders')).sign('msg_1', timestamp, BODY);
  const headers = {
    'content-type': 'application/json', 'webhook-id': 'msg_1', 'webhook-timestamp': String(Math.floor(timestamp.getTime() / 1000)), 'webhook-signature': signature,
  };
  expect((await post(run.ready.sources['orders'] as string, headers, BODY)).status).toBe(200);
  await attempted;
  id = said('accepted')[0]?.['id'];
}, 60_000);

afterAll(async () => {
  await run.close();
  await Promise.all([http.close(), chat.close()]);
});

const said = (event: string): Line[] => lines.filter((line) => line.event === event);
const called = (service: string): any => said('aws-call').find((line) => line['service'] === service)?.['input'];

/** The source's secret was made up for this run; that of the HTTP target was, too. */
function secretOf(part: string): string {
  const found = Object.entries(run.ready.generatedSecrets).find(([name]) => name.toLowerCase().includes(part));
  if (!found) throw new Error(`no secret of ${part} among ${Object.keys(run.ready.generatedSecrets)}`);
  return found[1];
}

/** The name of the one resource whose logical id starts so; of a queue, its URL. */
async function nameOf(type: string, prefix: string): Promise<string> {
  const client = cloudFormationClient(run.ready.awsEndpointUrl);
  const { StackResourceSummaries = [] } = await client.send(new ListStackResourcesCommand({ StackName: 'EveryTarget' }));
  client.destroy();
  const found = StackResourceSummaries.find(({ ResourceType, LogicalResourceId }) => ResourceType === type && LogicalResourceId?.startsWith(prefix));
  return found?.PhysicalResourceId as string;
}

/** The event as the services get it that have no place beside it. */
const document = () => ({
  id, source: 'orders', type: 'order.created', time: expect.any(String), providerId: 'msg_1', body: BODY,
  headers: { 'content-type': 'application/json', 'webhook-id': 'msg_1', 'webhook-timestamp': expect.any(String) },
});
const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');

test('one event is delivered to all ten targets at the first attempt', () => {
  expect(said('attempt').map(({ target, outcome, attempt }) => [target, outcome, attempt]).sort()).toEqual([
    'bucket', 'chat', 'delivery-stream', 'event-bus', 'function', 'http', 'queue', 'state-machine', 'stream', 'topic',
  ].map((target) => [target, 'delivered', 1]));
});

test('http: the same bytes, signed', () => {
  const [{ headers, body }] = http.arrivals as [Receiver['arrivals'][number]];
  expect(body.toString('utf8')).toBe(BODY);
  expect(headers['webhook-id']).toBe(id);
  expect(new Webhook(secretOf('targetshttp')).verify(body, headers as { [name: string]: string })).toEqual(JSON.parse(BODY));
});

test('queue: the same text, and attributes', async () => {
  const client = new SQSClient({ endpoint: run.ready.awsEndpointUrl, region: 'us-east-1', credentials, maxAttempts: 1 });
  const QueueUrl = await nameOf('AWS::SQS::Queue', 'PlacesQueue');
  const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }));
  client.destroy();
  expect(Messages.map(({ Body }) => Body)).toEqual([BODY]);
  const values = Object.fromEntries(Object.entries(Messages[0]?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]));
  expect(values).toEqual({
    'webhook-id': id, 'webhook-source': 'orders', 'webhook-type': 'order.created', 'webhook-time': expect.any(String), 'content-type': 'application/json',
  });
});

test('topic: the same text', () => {
  expect(JSON.stringify(called('sns'))).toContain(JSON.stringify(BODY).slice(1, -1));
});

test('event bus: the same JSON in the detail', () => {
  const [entry] = called('events').Entries;
  expect(entry).toMatchObject({ Source: 'example.orders', DetailType: 'order.created' });
  expect(entry.Detail.endsWith(`"encoding":"json","data":${BODY}}`)).toBe(true);
  expect(JSON.parse(entry.Detail)).toMatchObject({ id, source: 'orders', data: JSON.parse(BODY) });
});

test('function: the document, with the same text', () => {
  expect(lines.find((line) => line.event === 'log' && String(line['message']).includes('"received"'))?.['message'])
    .toBe(JSON.stringify({ received: id, source: 'orders', type: 'order.created', bytes: Buffer.byteLength(BODY) }));
});

test('state machine: the document, under the event\'s id', () => {
  const { name, input } = called('states');
  expect(name).toBe(id);
  expect(JSON.parse(input)).toEqual(document());
});

test('stream: the document, spread by the event\'s id', () => {
  const [record] = called('kinesis').Records;
  expect(record.PartitionKey).toBe(id);
  expect(JSON.parse(decoded(record.Data))).toEqual(document());
});

test('delivery stream: the document and a line break', () => {
  const text = decoded(called('firehose').Records[0].Data);
  expect(text.endsWith('}\n')).toBe(true);
  expect(JSON.parse(text)).toEqual(document());
});

test('bucket: the same bytes under a key of the day', async () => {
  const client = s3Client(run.ready.awsEndpointUrl);
  const Bucket = await nameOf('AWS::S3::Bucket', 'PlacesBucket');
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
  const [key] = Contents.map(({ Key }) => Key as string);
  expect(key).toMatch(new RegExp(`^webhooks/orders/\\d{4}/\\d\\d/\\d\\d/${id}$`));
  expect(Contents).toHaveLength(1);
  const object = await client.send(new GetObjectCommand({ Bucket, Key: key as string }));
  expect(await object.Body?.transformToString()).toBe(BODY);
  expect(object).toMatchObject({ ContentType: 'application/json', Metadata: { id, source: 'orders', type: 'order.created' } });
  client.destroy();
});

test('chat: what its own sender makes of it', () => {
  expect(chat.arrivals.map(({ body }) => body.toString('utf8'))).toEqual([`{"text":"order.created from orders (${id})"}`]);
});
