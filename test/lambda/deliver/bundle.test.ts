import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { TRANSFORM_FILE, type DeliverConfig } from '../../../lib/contract/config';
import type { SendResult } from '../../../lib/contract/sender';
import { answers, deliverConfig, envelope, NOW, record, withPayload, type Age } from '../support/deliver';
import { httpServer } from '../support/server';

/** What the built function asks of AWS, with a sender that answers what it is told and servers of this process for AWS. */
const ENVIRONMENT = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'SECRET', VALUES: '[]' };
const bundle = path.resolve(__dirname, '../../../assets/deliver/index.mjs');

let folder: string;
const cleanups: (() => void)[] = [];
beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), 'deliver-')); });
afterEach(() => {
  rmSync(folder, { recursive: true });
  for (const cleanup of cleanups.splice(0)) cleanup();
});

const big = withPayload(Buffer.from('a big body'));

async function deliver(result: SendResult, records: object[], more: Partial<DeliverConfig> = {}, transform?: string) {
  const answersOf: { readonly [action: string]: object } = {
    GetQueueAttributes: { Attributes: { ApproximateNumberOfMessagesNotVisible: '80001' } },
    ListQueueTags: { Tags: { 'cdk-webhooks:breaker': 'closed since=2020-01-01T00:00:00.000Z', 'owner': 'billing' } },
  };
  const { origin, received, close } = await httpServer(({ headers, method }, response) => {
    if (method === 'GET') response.end('a big body');
    else response.end(JSON.stringify(answersOf[String(headers['x-amz-target']).split('.')[1] as string] ?? {}));
  });
  cleanups.push(close);
  copyFileSync(bundle, path.join(folder, 'index.mjs'));
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify({ ...deliverConfig, ...more }));
  writeFileSync(path.join(folder, 'sender.mjs'), `export const createSender = () => ({ send: async ({ body }) => {
    console.log(JSON.stringify({ event: 'sent', body: Buffer.from(body).toString() }));
    return ${JSON.stringify(result)};
  } });`);
  if (transform !== undefined) writeFileSync(path.join(folder, TRANSFORM_FILE), transform);
  const script = `
    const { handler } = await import(${JSON.stringify(pathToFileURL(path.join(folder, 'index.mjs')).href)});
    const answer = await handler({ Records: ${JSON.stringify(records)} }, { getRemainingTimeInMillis: () => 30_000 });
    console.log(JSON.stringify({ event: 'answer', ...answer }));`;
  const lines = await new Promise<{ event: string; body?: string }[]>((resolve, reject) => {
    const options = { env: { ...ENVIRONMENT, AWS_ENDPOINT_URL: origin }, cwd: folder };
    execFile(process.execPath, ['--input-type=module', '--eval', script], options, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr));
      else resolve(stdout.trim().split('\n').map((line) => JSON.parse(line)));
    });
  });
  const calls = received.filter(({ method }) => method === 'POST')
    .map(({ headers, body }) => [String(headers['x-amz-target']).split('.')[1] as string, JSON.parse(body.toString())] as const);
  return { lines, calls: Object.fromEntries(calls), gets: received.filter(({ method }) => method === 'GET').map(({ url }) => url) };
}

/** A record of this moment: the process has the real clock. */
const at = (age: Age = {}, body: object = envelope, id = 'm1') => {
  const passed = (Date.now() - NOW) / 1_000;
  return record(body, { ...age, sent: (age.sent ?? 0) - passed, firstReceived: (age.sent ?? 0) - passed }, id);
};

const { queueUrl: QueueUrl, deadLetterQueueUrl } = deliverConfig;

test('a delivery asks AWS nothing, and says its lines and metrics', async () => {
  const { lines, calls } = await deliver(answers(200), [at()]);
  expect(calls).toEqual({});
  expect(lines).toMatchObject([
    { event: 'sent', body: '{"id":"evt_1"}' }, { event: 'attempt' }, { event: 'delivered' },
    { event: 'metrics', Gateway: 'Stack/Gateway', Target: 'billing', Unavailable: [0], DeliveryLatency: [expect.any(Number)] },
    { event: 'answer', batchItemFailures: [] },
  ]);
});

test('a failure asks for the breaker, and hides the message', async () => {
  const { lines, calls } = await deliver(answers(503), [at()]);
  expect(calls).toEqual({
    ListQueueTags: { QueueUrl },
    ChangeMessageVisibility: { QueueUrl, ReceiptHandle: 'handle of m1', VisibilityTimeout: expect.any(Number) },
  });
  expect(lines.at(-1)).toEqual({ event: 'answer', batchItemFailures: [{ itemIdentifier: 'm1' }] });
});

test('an old failure asks for the backlog, and is a dead letter while that is full, in its group', async () => {
  const { calls } = await deliver(answers(503), [at({ sent: 4_000, groupId: 'customer1' })]);
  expect(calls).toMatchObject({
    GetQueueAttributes: { QueueUrl, AttributeNames: ['ApproximateNumberOfMessagesNotVisible'] },
    SendMessage: {
      QueueUrl: deadLetterQueueUrl, MessageBody: JSON.stringify(envelope), MessageGroupId: 'customer1', MessageDeduplicationId: 'm1',
      MessageAttributes: { Reason: { DataType: 'String', StringValue: 'retry-backlog-full' } },
    },
  });
});

test('410 flags the target, and a dead letter of a standard queue has no group', async () => {
  const { calls } = await deliver(answers(410), [at()]);
  expect(calls['TagQueue']).toEqual({ QueueUrl, Tags: { 'cdk-webhooks:gone': expect.stringMatching(/^\d{4}-.*Z$/) } });
  expect(Object.keys(calls['SendMessage'])).toEqual(['QueueUrl', 'MessageBody', 'MessageAttributes']);
});

test('what is done is deleted before a suspect begins', async () => {
  const { calls } = await deliver(answers(200), [at(), at({ receives: 30 }, envelope, 'm2')]);
  expect(calls).toEqual({ DeleteMessage: { QueueUrl, ReceiptHandle: 'handle of m1' } });
});

test('a big body comes from the payload bucket, and without one configured it waits', async () => {
  const { lines, gets } = await deliver(answers(200), [at({}, big)], { payloadBucket: 'payloads' });
  expect(gets).toEqual([expect.stringContaining(`/payloads/${big.payload.key}`)]);
  expect(lines[0]).toEqual({ event: 'sent', body: 'a big body' });

  const without = await deliver(answers(200), [at({}, big)]);
  expect(without.lines[0]).toMatchObject({ event: 'attempt', outcome: 'aws', detail: expect.stringContaining('no payload bucket is configured') });
});

describe('a transform beside the bundle', () => {
  const transform = { kind: 'module', timeoutSeconds: 1 } as const;

  test('makes what is sent, and what it drops is done with', async () => {
    const other = at({}, { ...envelope, id: 'evt_other' }, 'm2');
    const code = 'export default async ({ id, json }) => id === "evt_other" ? undefined : { body: { was: json() } };';
    const { lines, calls } = await deliver(answers(200), [at(), other], { transform }, code);
    expect(lines).toContainEqual({ event: 'sent', body: '{"was":{"id":"evt_1"}}' });
    expect(lines).toContainEqual(expect.objectContaining({ event: 'dropped', id: 'evt_other', target: 'billing' }));
    expect(lines.at(-1)).toEqual({ event: 'answer', batchItemFailures: [] });
    expect(calls).toEqual({});
  });

  test.each<[string, string | undefined, string]>([
    ['throws while it loads', 'throw new RangeError("no table");', 'the transform could not be loaded: RangeError: no table'],
    ['is not there', undefined, 'the transform could not be loaded: Error: Cannot find module'],
    ['cannot be parsed', 'export default (', 'the transform could not be loaded: SyntaxError: '],
    ['never ends', 'export default () => { for (;;); };', 'the transform failed: TimeLimitError: it took more than 1 s'],
  ])('that %s fails its events, and not the function', async (_what, code, detail) => {
    const { lines } = await deliver(answers(200), [at()], { transform }, code);
    expect(lines[0]).toMatchObject({ event: 'attempt', outcome: 'transform', detail: expect.stringContaining(detail) });
    expect(lines.at(-1)).toEqual({ event: 'answer', batchItemFailures: [{ itemIdentifier: 'm1' }] });
  });

  test('that fails for the whole window leaves a dead letter with its message', async () => {
    const { calls } = await deliver(answers(200), [at({ sent: 5 * 86_400 })], { transform }, 'export default () => { throw new RangeError("no order"); };');
    expect(calls['SendMessage']).toMatchObject({ MessageBody: JSON.stringify(envelope), MessageAttributes: {
      Reason: { StringValue: 'transform' }, Detail: { StringValue: expect.stringContaining('RangeError: no order') },
    } });
  });
});

test('a template and CloudEvents are the configuration\'s', async () => {
  const { lines } = await deliver(answers(200), [at()], { transform: { kind: 'template', template: { of: '$.body.id' } }, format: 'cloudevents' });
  expect(JSON.parse(lines[0]?.body ?? '')).toMatchObject({ specversion: '1.0', id: envelope.id, data: { of: 'evt_1' } });
});
