import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ManualClock } from '../../../local/clock';
import { EventSourceMapping, type MappedFunction } from '../../../local/lambda/event-source-mapping';
import type { InvokeResult } from '../../../local/lambda/invocation';
import type { SqsRecord } from '../../../local/lambda/sqs-event';
import { ServiceEndpoint } from '../../../local/service-endpoint';
import { SqsEngine } from '../../../local/sqs/engine';
import { credentials } from '../services';

const START = Date.parse('2026-11-20T12:00:00Z');

let clock: ManualClock;
let endpoint: ServiceEndpoint;
let engine: SqsEngine;
let mapping: EventSourceMapping;
let client: SQSClient;
let QueueUrl: string;
/** What the function was given, in the order of its starts. */
let records: SqsRecord[];
/** Bodies of messages whose next attempt fails. */
let failing: Set<string>;
let running: number;
let most: number;

const succeeded = (payload: object): InvokeResult => ({ outcome: 'success', requestId: 'r', payload: JSON.stringify(payload) });

const target: MappedFunction = {
  free: 10,
  onFree: () => () => undefined,
  invoke: async (event) => {
    const [record] = (event as { Records: [SqsRecord] }).Records;
    records.push(record);
    most = Math.max(most, ++running);
    await new Promise(setImmediate);
    running--;
    return succeeded({ batchItemFailures: failing.delete(record.body) ? [{ itemIdentifier: record.messageId }] : [] });
  },
};

beforeEach(async () => {
  [records, failing, running, most] = [[], new Set(), 0, 0];
  clock = new ManualClock(START);
  endpoint = new ServiceEndpoint();
  await endpoint.listen(0);
  engine = new SqsEngine({ clock, region: 'us-east-1', account: '000000000000', origin: () => endpoint.origin });
  endpoint.addJsonService(engine);
  const queue = engine.createQueue('orders.fifo', { FifoQueue: 'true', VisibilityTimeout: '30' });
  QueueUrl = queue.url;
  mapping = new EventSourceMapping({ queue, function: target, clock, batchSize: 1, reportBatchItemFailures: true, enabled: false });
  client = new SQSClient({ endpoint: endpoint.origin, region: 'us-east-1', credentials, useQueueUrlAsEndpoint: false, maxAttempts: 1 });
});

afterEach(async () => {
  client.destroy();
  await Promise.all([mapping.close(), endpoint.close()]);
  engine.close();
});

/** `a1` goes to group a. */
async function send(...bodies: string[]): Promise<void> {
  for (const body of bodies) {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body, MessageGroupId: body.slice(0, 1), MessageDeduplicationId: `evt-${body}` }));
  }
}

const bodies = (group: string): string[] => records.map(({ body }) => body).filter((body) => body.startsWith(group));

test('a record has its group, its deduplication id and its sequence number', async () => {
  await send('a1', 'a2');
  mapping.resume();
  await clock.advance(0);
  expect(records.map(({ attributes }) => attributes)).toEqual([1, 2].map((number) => expect.objectContaining({
    MessageGroupId: 'a', MessageDeduplicationId: `evt-a${number}`, SequenceNumber: expect.stringMatching(/^\d{20}$/), ApproximateReceiveCount: '1',
  })));
  expect(BigInt(records[1]!.attributes.SequenceNumber!)).toBeGreaterThan(BigInt(records[0]!.attributes.SequenceNumber!));
});

test('each group keeps its order, and several run at once', async () => {
  await send('a1', 'b1', 'a2', 'c1', 'b2', 'a3', 'c2');
  mapping.resume();
  await clock.advance(0);
  expect(['a', 'b', 'c'].map(bodies)).toEqual([['a1', 'a2', 'a3'], ['b1', 'b2'], ['c1', 'c2']]);
  expect([records.slice(0, 3).map(({ body }) => body).sort(), most]).toEqual([['a1', 'b1', 'c1'], 3]);
});

test('a message that fails holds up its group, and no other, until it has succeeded', async () => {
  failing.add('a1');
  await send('a1', 'a2', 'b1', 'b2');
  mapping.resume();
  await clock.advance(29_999);
  expect(['a', 'b'].map(bodies)).toEqual([['a1'], ['b1', 'b2']]);
  await clock.advance(1);
  expect(bodies('a')).toEqual(['a1', 'a1', 'a2']);
});

test('a message that is sent twice within five minutes arrives once', async () => {
  await send('a1', 'a1');
  mapping.resume();
  await clock.advance(0);
  expect(bodies('a')).toEqual(['a1']);
});
