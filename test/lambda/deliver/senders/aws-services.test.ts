import { createHash } from 'node:crypto';
import { detailOf } from '../../../../lambda/deliver/aws/document';
import { CLOUD_EVENT_CONTENT_TYPE, cloudEvent } from '../../../../lambda/deliver/format/cloud-event';
import { deliver, envelope, record as queued } from '../../support/deliver';
import type { Received } from '../../support/server';
import { awsTarget, EVENT, type AwsTarget, type Options } from './aws-target';

const cleanups: (() => void)[] = [];
afterEach(() => { for (const cleanup of cleanups.splice(0)) cleanup(); });

async function target(name: string, options?: Options): Promise<AwsTarget> {
  const made = await awsTarget(name, options);
  cleanups.push(made.close);
  return made;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const json = ({ body }: Received) => JSON.parse(body.toString());
const firstEntry = (received: readonly Received[]) => json(received[0]!).Entries[0];
const record = (received: readonly Received[]) => json(received[0]!).Records[0];

describe('queue', () => {
  test('a message has these attributes and no more', async () => {
    const { send, received } = await target('queue');
    await send({ headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', 'user-agent': 'theirs', 'x-github-event': 'push' } });
    const text = (value: string) => ({ DataType: 'String', StringValue: value });
    expect(firstEntry(received)).toEqual({
      Id: '0', MessageBody: '{"total": 1.00, "für": "ü"}', MessageAttributes: {
        'webhook-id': text(EVENT.id), 'webhook-source': text('stripe'), 'webhook-type': text('invoice.paid'), 'webhook-time': text(EVENT.time),
        'content-type': text('application/json'), 'content-encoding': text('gzip'),
      },
    });
  });

  test('the endpoint of a variable goes before the queue\'s own host', async () => {
    const { send, received } = await target('queue', { settings: { queueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/other' } });
    expect(await send()).toMatchObject({ outcome: 'delivered' });
    expect(json(received[0]!).QueueUrl).toBe('https://sqs.eu-west-1.amazonaws.com/1/other');
  });

  test('a batch keeps to ten messages, and to 1 MiB with their attributes', async () => {
    const { send, received, kind } = await target('queue');
    await Promise.all(Array.from({ length: 12 }, () => send()));
    expect(received.map((request) => kind.read(request).length).sort((a, b) => a - b)).toEqual([2, 10]);
    await Promise.all(Array.from({ length: 4 }, () => send({ body: Buffer.alloc(262_144, 'a') })));
    expect(received.slice(2).map((request) => kind.read(request).length).sort()).toEqual([1, 3]);
  });

  test('a queue whose own limit is lower rejects the message', async () => {
    const problem = { status: 200, code: 'InvalidParameterValue', message: 'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.' };
    const { send } = await target('queue', { answer: (request, _count, kind) => kind.taken(request, { 0: problem }) });
    expect(await send()).toMatchObject({ outcome: 'aws', status: 400, permanent: true });
  });
});

describe.each([['queue', (received: readonly Received[]) => firstEntry(received)], ['topic', (received: readonly Received[]) => {
  const fields = new URLSearchParams(received[0]!.body.toString());
  const field = (name: string) => fields.get(`PublishBatchRequestEntries.member.1.${name}`) ?? undefined;
  return { MessageGroupId: field('MessageGroupId'), MessageDeduplicationId: field('MessageDeduplicationId') };
}]] as const)('%s of FIFO kind', (name, entryOf) => {
  test.each([
    ['of its source, and a duplicate by its id', {}, 'stripe', EVENT.id],
    ['of its ordering key', { orderingGroup: 'a'.repeat(64) }, 'a'.repeat(64), EVENT.id],
    ['also on a later attempt', { attempt: 7 }, 'stripe', EVENT.id],
    ['and a replay is no duplicate', { replay: 'r1' }, 'stripe', `${EVENT.id}#r1`],
    ['whatever is not allowed is hashed', { orderingGroup: 'ü', replay: 'x y' }, sha256('ü'), sha256(`${EVENT.id}#x y`)],
    ['whatever is too long is hashed', { orderingGroup: 'a'.repeat(129) }, sha256('a'.repeat(129)), EVENT.id],
  ])('an event is in the group %s', async (_name, difference, group, deduplication) => {
    const { send, received } = await target(name, { settings: { fifo: true } });
    expect(await send(difference)).toMatchObject({ outcome: 'delivered' });
    expect(entryOf(received)).toMatchObject({ MessageGroupId: group, MessageDeduplicationId: deduplication });
  });

  test('but not otherwise', async () => {
    const { send, received } = await target(name);
    await send({ orderingGroup: 'g' });
    expect(entryOf(received).MessageGroupId).toBeUndefined();
  });
});

test('topic: what is above 256 KiB goes alone, and the topic decides', async () => {
  const { send, received, kind } = await target('topic');
  await Promise.all([send({ body: Buffer.alloc(300_000, 'a') }), send(), send({ body: Buffer.alloc(200_000, 'a') }), send({ body: Buffer.alloc(100_000, 'a') })]);
  expect(received.map((request) => kind.read(request).length).sort()).toEqual([1, 1, 2]);
});

describe('event bus', () => {
  test('an entry in full', async () => {
    const { send, received } = await target('event-bus');
    await send({ providerId: 'evt_1' });
    expect(firstEntry(received)).toEqual({
      EventBusName: 'arn:aws:events:eu-west-1:123456789012:event-bus/audit', Source: 'webhooks.stripe', DetailType: 'invoice.paid', Time: 1767323045.678,
      Detail: `{"id":"${EVENT.id}","source":"stripe","type":"invoice.paid","time":"${EVENT.time}","providerId":"evt_1",`
        + '"headers":{"content-type":"application/json"},"encoding":"json","data":{"total": 1.00, "für": "ü"}}',
    });
  });

  test.each([
    [{ settings: { eventSource: 'mine', detailType: 'Their Event' } }, {}, 'mine', 'Their Event'],
    [{}, { type: null }, 'webhooks.stripe', 'webhook'],
    [{}, { type: 'ü'.repeat(129) }, 'webhooks.stripe', 'ü'.repeat(128)],
  ])('%j and %j are source %s, detail type %s', async (options, difference, source, detailType) => {
    const { send, received } = await target('event-bus', options);
    await send(difference);
    expect(firstEntry(received)).toMatchObject({ Source: source, DetailType: detailType });
  });
});

test('event bus: an entry is measured as EventBridge does', async () => {
  const { send } = await target('event-bus');
  const event = { ...EVENT, body: Buffer.alloc(2_000_000, 'ü') };
  const bytes = 14 + 'webhooks.stripe'.length + 'invoice.paid'.length + Buffer.byteLength(detailOf({ ...event, signal: AbortSignal.abort() }));
  expect(await send(event)).toMatchObject({ detail: `the entry would be ${bytes} bytes, and the limit is 1048575 bytes` });
});

describe('function', () => {
  test('is invoked with the event document, and waited for', async () => {
    const { send, received } = await target('function');
    await send({ providerId: 'evt_1' });
    expect(received[0]).toMatchObject({
      method: 'POST', url: `/2015-03-31/functions/${encodeURIComponent('arn:aws:lambda:eu-west-1:123456789012:function:audit')}/invocations`,
    });
    expect(received[0]!.headers['x-amz-invocation-type']).toBe('RequestResponse');
    expect(json(received[0]!)).toEqual({
      id: EVENT.id, source: 'stripe', type: 'invoice.paid', time: EVENT.time, providerId: 'evt_1', headers: { 'content-type': 'application/json' },
      body: '{"total": 1.00, "für": "ü"}',
    });
  });

  test.each([
    ['{"errorType":"ValidationError","errorMessage":"card 4242"}', 'the function failed: ValidationError'],
    ['{"errorType":"card 4242 is bad"}', 'the function failed: Unhandled'],
    ['null', 'the function failed: Unhandled'],
    ['not json', 'the function failed: Unhandled'],
  ])('row 39: a function that throws has failed, though the answer is 200: %s', async (body, detail) => {
    const { send, received } = await target('function', { answer: () => ({ status: 200, headers: { 'x-amz-function-error': 'Unhandled' }, body }) });
    expect(await send()).toEqual({ outcome: 'aws', status: null, detail });
    expect(received).toHaveLength(1);
  });
});

describe('state machine', () => {
  test.each([
    [{}, EVENT.id],
    [{ attempt: 5 }, EVENT.id],
    [{ replay: '2026-01-02T03-04' }, `${EVENT.id}-2026-01-02T03-04`],
    [{ replay: 'a:b' }, sha256(`${EVENT.id}-a:b`)],
  ])('with %j the execution is named %s', async (difference, name) => {
    const { send, received } = await target('state-machine');
    await send(difference);
    expect(json(received[0]!).name).toBe(name);
  });

  test('row 39: an execution that exists already is a success', async () => {
    const { send } = await target('state-machine', { answer: (_request, _count, kind) => kind.refused({ status: 400, code: 'ExecutionAlreadyExists' }) });
    expect(await send()).toEqual({ outcome: 'delivered', status: 200 });
  });
});

describe('stream', () => {
  test.each([
    ['its id', undefined, {}, EVENT.id],
    ['what orders it', undefined, { orderingGroup: 'group' }, 'group'],
    ['a field of the body', { json: '$.data.ids[1]' }, { body: Buffer.from('{"data":{"ids":[1,22]}}') }, '22'],
    ['a field with a quoted name', { json: '$[\'a.b\']' }, { body: Buffer.from('{"a.b":"c"}') }, 'c'],
    ['a header', { header: 'x-shop' }, { headers: { 'x-shop': 'one' } }, 'one'],
    ['its id where there is no such field', { json: '$.data.id' }, {}, EVENT.id],
    ['its id where a field is not the body\'s own', { json: '$.ids.__proto__.length' }, { body: Buffer.from('{"ids":[1]}') }, EVENT.id],
    ['its id where there is no JSON', { json: '$.id' }, { body: Buffer.from('<id/>') }, EVENT.id],
    ['its id where the field is no text', { json: '$.id' }, { body: Buffer.from('{"id":{}}') }, EVENT.id],
    ['a hash of what is too long', { json: '$.id' }, { body: Buffer.from(`{"id":"${'ü'.repeat(257)}"}`) }, sha256('ü'.repeat(257))],
    ['characters, which are not bytes', { json: '$.id' }, { body: Buffer.from(`{"id":"${'😀'.repeat(256)}"}`) }, '😀'.repeat(256)],
  ])('the partition key is %s', async (_name, partitionKey, difference, key) => {
    const { send, received } = await target('stream', { settings: { partitionKey } });
    expect(await send(difference)).toMatchObject({ outcome: 'delivered' });
    expect(record(received).PartitionKey).toBe(key);
  });

  test('a stream has an ARN or a name', async () => {
    const { send, received } = await target('stream', { settings: { streamArn: undefined, streamName: 'audit' } });
    await send();
    expect(json(received[0]!)).toMatchObject({ StreamName: 'audit' });
  });

  test('a record above 1 MiB goes alone, and the stream decides', async () => {
    const { send, received, kind } = await target('stream');
    await Promise.all([send(), send({ body: Buffer.alloc(1_048_577, 'a') }), send()]);
    expect(received.map((request) => kind.read(request).length).sort()).toEqual([1, 2]);
  });
});

test('delivery stream: a record is a line', async () => {
  const { send, received } = await target('delivery-stream');
  await send({ body: Buffer.from('a\nb') });
  const text = Buffer.from(record(received).Data, 'base64').toString();
  expect(text.indexOf('\n')).toBe(text.length - 1);
});

describe('bucket', () => {
  test('an object in full', async () => {
    const { send, received } = await target('bucket');
    await send({ headers: { 'content-type': 'text/xml', 'content-encoding': 'gzip' }, type: 'größe 5%' });
    expect(received[0]).toMatchObject({ method: 'PUT', body: EVENT.body });
    expect(new URL(received[0]!.url, 'http://s3').pathname).toBe(`/audit/webhooks/stripe/2026/01/02/${EVENT.id}`);
    expect(received[0]!.headers).toMatchObject({
      'content-type': 'text/xml', 'content-encoding': 'gzip', 'content-length': String(EVENT.body.length), 'x-amz-meta-id': EVENT.id,
      'x-amz-meta-source': 'stripe', 'x-amz-meta-type': 'gr%C3%B6%C3%9Fe%205%25', 'x-amz-meta-time': EVENT.time,
    });
  });

  test.each([[{}], [{ 'content-type': 'text/plain; name=ü' }]])('with the headers %j it is an octet stream', async (headers) => {
    const { send, received } = await target('bucket');
    await send({ headers });
    expect(received[0]!.headers['content-type']).toBe('application/octet-stream');
  });

  test('the bucket is in the path wherever there is an endpoint', async () => {
    const { send, received } = await target('bucket', { environment: (origin) => ({ AWS_ENDPOINT_URL_S3: origin.replace('127.0.0.1', 'localhost') }) });
    expect(await send()).toMatchObject({ outcome: 'delivered' });
    expect(received[0]!.headers.host).toMatch(/^localhost:/);
  });

  test('a bucket of another region is written to there', async () => {
    const { send, received } = await target('bucket', {
      answer: (request, count, kind) => count > 1 ? kind.taken(request)
        : { ...kind.refused({ status: 301, code: 'PermanentRedirect' }), headers: { 'x-amz-bucket-region': 'ap-south-1' } },
    });
    expect(await send()).toMatchObject({ outcome: 'delivered' });
    expect(received.at(-1)!.headers.authorization).toContain('/ap-south-1/s3/');
  });
});

describe('an event in the format of CloudEvents', () => {
  const text = cloudEvent(EVENT, 'App/Webhooks');
  const event = { headers: { 'content-type': CLOUD_EVENT_CONTENT_TYPE }, body: Buffer.from(text) };

  test.each<[string, (received: readonly Received[]) => string]>([
    ['queue', (received) => firstEntry(received).MessageBody],
    ['topic', (received) => new URLSearchParams(received[0]!.body.toString()).get('PublishBatchRequestEntries.member.1.Message')!],
    ['event-bus', (received) => firstEntry(received).Detail],
    ['function', (received) => received[0]!.body.toString()],
    ['state-machine', (received) => json(received[0]!).input],
    ['stream', (received) => Buffer.from(record(received).Data, 'base64').toString()],
    ['delivery-stream', (received) => Buffer.from(record(received).Data, 'base64').toString().trimEnd()],
    ['bucket', (received) => received[0]!.body.toString()],
  ])('%s: is the document itself', async (name, read) => {
    const { send, received } = await target(name);
    expect(await send(event)).toMatchObject({ outcome: 'delivered' });
    expect(read(received)).toBe(text);
  });

  test('but a CloudEvent that a sender posted is a body as any other', async () => {
    const { send, arrived } = await target('function');
    const body = Buffer.from(cloudEvent({ ...EVENT, id: 'theirs' }, 'App/Webhooks'));
    await send({ ...event, body });
    expect(arrived()).toMatchObject([{ id: EVENT.id, bytes: body }]);
  });
});

test('ten messages of one invocation are one call, and only the one that failed comes again', async () => {
  const { send, received } = await target('event-bus', {
    answer: (request, _count, kind) => kind.taken(request, { 4: { status: 200, code: 'InternalFailure' } }),
  });
  const { run, visibility } = deliver(send);
  const records = Array.from({ length: 10 }, (_, index) => queued({ ...envelope, id: `evt_${index}` }, {}, `m${index}`));
  expect(await run(records)).toEqual(['m4']);
  expect(received).toHaveLength(1);
  expect(Object.keys(visibility)).toEqual(['handle of m4']);
});
