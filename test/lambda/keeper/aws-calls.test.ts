import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetEventSourceMappingCommand, InvokeCommand, LambdaClient, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import * as sqs from '@aws-sdk/client-sqs';
import { awsCalls } from '../../../lambda/keeper/aws-calls';
import type { KeeperCalls, MetricQuery } from '../../../lambda/keeper/calls';
import { toRecord } from '../../../lambda/keeper/record';
import { AwsClient } from '../../../lambda/shared/aws';
import { httpServer, type Answer, type Received } from '../support/server';
import { NOW } from '../support/keeper';

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'SECRET', AWS_REGION: 'eu-west-1' };

const cleanups: (() => void)[] = [];
afterEach(() => { for (const cleanup of cleanups.splice(0)) cleanup(); });

async function service(answer?: Answer) {
  const server = await httpServer(answer);
  cleanups.push(server.close);
  return { ...server, calls: awsCalls(new AwsClient({ ...CREDENTIALS, AWS_ENDPOINT_URL: server.origin })) };
}

/** Answers one after the other, the last one again and again. */
async function answering(...answers: object[]) {
  return service((_request, response) => response.end(JSON.stringify(answers.length > 1 ? answers.shift() : answers[0])));
}

const URL = 'https://sqs.eu-west-1.amazonaws.com/1/billing';
const attributes = { Reason: { DataType: 'String', StringValue: 'expired' } } as const;
const query: MetricQuery = { id: 'attempts0', name: 'Unavailable', dimensions: { Gateway: 'Stack/Gateway', Target: 'billing' }, stat: 'SampleCount' };

type Peer = (options: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } }) => Promise<unknown>;
const queue = (command: object): Peer => (options) => new sqs.SQSClient({ ...options, md5: false } as never).send(command as never);
const lambda = (command: object): Peer => (options) => new LambdaClient(options).send(command as never);

test.each<[string, (calls: KeeperCalls) => Promise<unknown>, Peer]>([
  ['queue', (calls) => calls.queue(URL), queue(new sqs.GetQueueAttributesCommand({
    QueueUrl: URL,
    AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'],
  }))],
  ['tags', (calls) => calls.tags(URL), queue(new sqs.ListQueueTagsCommand({ QueueUrl: URL }))],
  ['tag', (calls) => calls.tag(URL, 'a:b', 'open since=1'), queue(new sqs.TagQueueCommand({ QueueUrl: URL, Tags: { 'a:b': 'open since=1' } }))],
  ['untag', (calls) => calls.untag(URL, 'a:b'), queue(new sqs.UntagQueueCommand({ QueueUrl: URL, TagKeys: ['a:b'] }))],
  ['changeVisibility', (calls) => calls.changeVisibility(URL, 'h', 0), queue(new sqs.ChangeMessageVisibilityCommand({ QueueUrl: URL, ReceiptHandle: 'h', VisibilityTimeout: 0 }))],
  ['deleteMessage', (calls) => calls.deleteMessage(URL, 'h'), queue(new sqs.DeleteMessageCommand({ QueueUrl: URL, ReceiptHandle: 'h' }))],
  ['sendDeadLetter', (calls) => calls.sendDeadLetter(URL, 'b', attributes), queue(new sqs.SendMessageCommand({
    QueueUrl: URL, MessageBody: 'b', MessageAttributes: attributes,
  }))],
  ['sendDeadLetter in order', (calls) => calls.sendDeadLetter(URL, 'b', attributes, { groupId: 'g', deduplicationId: 'd' }), queue(new sqs.SendMessageCommand({
    QueueUrl: URL, MessageBody: 'b', MessageAttributes: attributes, MessageGroupId: 'g', MessageDeduplicationId: 'd',
  }))],
  ['mappingState', (calls) => calls.mappingState('0a1b-2c'), lambda(new GetEventSourceMappingCommand({ UUID: '0a1b-2c' }))],
  ['setMapping', (calls) => calls.setMapping('0a1b-2c', false), lambda(new UpdateEventSourceMappingCommand({ UUID: '0a1b-2c', Enabled: false }))],
  ['probe', (calls) => calls.probe('Stack-Deliver-1', { Records: [], probe: true }, 1_000), lambda(new InvokeCommand({
    FunctionName: 'Stack-Deliver-1', Payload: '{"Records":[],"probe":true}',
  }))],
  ['metricData', (calls) => calls.metricData([query], NOW - 60_000, NOW), (options) => new CloudWatchClient(options).send(new GetMetricDataCommand({
    StartTime: new Date(NOW - 60_000), EndTime: new Date(NOW), MetricDataQueries: [{
      Id: 'attempts0',
      MetricStat: {
        Metric: { Namespace: 'CdkWebhooks', MetricName: 'Unavailable', Dimensions: [{ Name: 'Gateway', Value: 'Stack/Gateway' }, { Name: 'Target', Value: 'billing' }] },
        Period: 60, Stat: 'SampleCount',
      },
    }],
  }))],
])('%s is what the SDK sends', async (_call, ours, peer) => {
  const { calls, origin, received } = await answering({ Attributes: {} });
  await ours(calls);
  // The SDK misses the MD5 of what it has sent in this answer.
  await peer({ endpoint: origin, region: 'eu-west-1', credentials: { accessKeyId: 'AKID', secretAccessKey: 'SECRET' } }).catch(() => undefined);
  const essence = ({ method, url, headers, body }: Received) => ({
    method, url, target: headers['x-amz-target'], body: body.length > 0 ? JSON.parse(body.toString()) as unknown : undefined,
  });
  expect(received).toHaveLength(2);
  expect(essence(received[0]!)).toEqual(essence(received[1]!));
});

test('a receive asks for all that SQS knows, waits for nothing, and asks three times', async () => {
  const { calls, received } = await answering({}, { Messages: [] }, { Messages: [{ MessageId: 'm' }] });
  expect(await calls.receive(URL, 10, 30)).toEqual([{ MessageId: 'm' }]);
  expect(received.map(({ body }) => JSON.parse(body.toString()) as unknown)).toEqual(Array(3).fill({
    QueueUrl: URL, MaxNumberOfMessages: 10, VisibilityTimeout: 30, WaitTimeSeconds: 0, MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'],
  }));
});

test('a receive of nothing ends', async () => {
  const { calls, received } = await answering({});
  expect([await calls.receive(URL, 1, 30), received.length]).toEqual([[], 3]);
});

test('answers are read', async () => {
  const depth = { ApproximateNumberOfMessages: '3', ApproximateNumberOfMessagesNotVisible: '2', ApproximateNumberOfMessagesDelayed: '1' };
  const { calls } = await answering({ Attributes: { QueueArn: 'arn:aws:sqs:eu-west-1:1:billing', ...depth } }, { Tags: { a: 'b' } }, {}, { State: 'Disabling' });
  expect(await calls.queue(URL)).toEqual({ arn: 'arn:aws:sqs:eu-west-1:1:billing', visible: 3, inFlight: 2, delayed: 1 });
  expect(await calls.tags(URL)).toEqual({ a: 'b' });
  expect(await calls.tags(URL)).toEqual({});
  expect(await calls.mappingState('m')).toBe('Disabling');
});

test('a function that failed is no answer, and what it said stays out of the error', async () => {
  const { calls } = await service((_request, response) => {
    response.setHeader('x-amz-function-error', 'Unhandled');
    response.end('{"errorMessage":"the secret is xyz"}');
  });
  await expect(calls.probe('f', { Records: [], probe: true }, 1_000)).rejects.toThrow(/^the delivery function ended with an error \(Unhandled\)$/);
});

test('metrics come in pages, and are asked for 500 at a time', async () => {
  const page = (id: string, seconds: number, value: number) => ({ Id: id, Timestamps: [seconds], Values: [value] });
  const { calls, received } = await answering(
    { MetricDataResults: [page('q0', 60, 1)], NextToken: 'more' },
    { MetricDataResults: [page('q0', 120, 2), { Id: 'q1' }] },
    { MetricDataResults: [page('q500', 60, 3)] },
  );
  const queries = Array.from({ length: 501 }, (_, index) => ({ ...query, id: `q${index}` }));
  expect(await calls.metricData(queries, 0, 1)).toEqual({
    q0: [{ at: 60_000, value: 1 }, { at: 120_000, value: 2 }], q1: [], q500: [{ at: 60_000, value: 3 }],
  });
  const asked = received.map(({ body }) => JSON.parse(body.toString()) as { MetricDataQueries: unknown[]; NextToken?: string });
  expect(asked.map(({ MetricDataQueries, NextToken }) => [MetricDataQueries.length, NextToken])).toEqual([[500, undefined], [500, 'more'], [1, undefined]]);
});

test('a record is shaped as Lambda\'s poller does', () => {
  expect(toRecord({
    MessageId: 'm', ReceiptHandle: 'h', Body: 'b', MD5OfBody: 'x', Attributes: { SentTimestamp: '1' },
    MessageAttributes: { text: { DataType: 'String', StringValue: 's' }, bytes: { DataType: 'Binary', BinaryValue: 'AA==' } },
  }, 'arn:aws-cn:sqs:cn-north-1:1:billing.fifo')).toEqual({
    messageId: 'm', receiptHandle: 'h', body: 'b', md5OfBody: 'x', attributes: { SentTimestamp: '1' },
    messageAttributes: {
      text: { stringValue: 's', stringListValues: [], binaryListValues: [], dataType: 'String' },
      bytes: { binaryValue: 'AA==', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
    },
    eventSource: 'aws:sqs', eventSourceARN: 'arn:aws-cn:sqs:cn-north-1:1:billing.fifo', awsRegion: 'cn-north-1',
  });
});
