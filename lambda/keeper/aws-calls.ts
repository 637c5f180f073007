import { METRIC_NAMESPACE } from '../../lib/contract/metrics';
import type { AwsClient } from '../shared/aws';
import type { KeeperCalls, MappingState, MetricPoint, MetricQuery, ReceivedMessage } from './calls';

/** Short, so that one service that hangs does not take the minute from all targets. */
export const CALL = { timeoutMs: 2_000, tries: 2 };
const METRICS_CALL = { timeoutMs: 5_000, tries: 2 };

/** Without waiting, SQS asks some of its servers only, and a message on another one is not seen. */
const RECEIVE_TRIES = 3;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const MAX_QUERIES = 500;

const LAMBDA_API = '/2015-03-31';

/** The keeper's calls on an account, or on what stands in for it. */
export function awsCalls(client: Pick<AwsClient, 'call' | 'rest'>): KeeperCalls {
  const sqs = <Output>(action: string, input: object): Promise<Output> => client.call<Output>('sqs', action, input, CALL);
  return {
    queue: async (queueUrl) => {
      const { Attributes: found } = await sqs<{ Attributes: { [name: string]: string } }>('GetQueueAttributes', {
        QueueUrl: queueUrl,
        AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'],
      });
      return {
        arn: String(found['QueueArn']),
        visible: Number(found['ApproximateNumberOfMessages']),
        inFlight: Number(found['ApproximateNumberOfMessagesNotVisible']),
        delayed: Number(found['ApproximateNumberOfMessagesDelayed']),
      };
    },
    tags: async (queueUrl) => (await sqs<{ Tags?: { [key: string]: string } }>('ListQueueTags', { QueueUrl: queueUrl })).Tags ?? {},
    tag: (queueUrl, key, value) => sqs('TagQueue', { QueueUrl: queueUrl, Tags: { [key]: value } }),
    untag: (queueUrl, key) => sqs('UntagQueue', { QueueUrl: queueUrl, TagKeys: [key] }),
    receive: async (queueUrl, most, visibilitySeconds) => {
      for (let left = RECEIVE_TRIES; ; left--) {
        const { Messages = [] } = await sqs<{ Messages?: ReceivedMessage[] }>('ReceiveMessage', {
          QueueUrl: queueUrl, MaxNumberOfMessages: most, VisibilityTimeout: visibilitySeconds, WaitTimeSeconds: 0,
          MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'],
        });
        if (Messages.length > 0 || left <= 1) return Messages;
      }
    },
    changeVisibility: (queueUrl, receiptHandle, seconds) => sqs('ChangeMessageVisibility', {
      QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds,
    }),
    deleteMessage: (queueUrl, receiptHandle) => sqs('DeleteMessage', { QueueUrl: queueUrl, ReceiptHandle: receiptHandle }),
    sendDeadLetter: (queueUrl, body, attributes, order) => sqs('SendMessage', {
      QueueUrl: queueUrl, MessageBody: body, MessageAttributes: attributes,
      ...(order && { MessageGroupId: order.groupId, MessageDeduplicationId: order.deduplicationId }),
    }),
    mappingState: async (mappingId) => (await getMapping(client, mappingId)).State,
    setMapping: (mappingId, enabled) => client.rest('lambda', { method: 'PUT', path: mappingPath(mappingId), ...json({ Enabled: enabled }) }, CALL),
    probe: async (functionName, event, timeoutMs) => {
      const path = `${LAMBDA_API}/functions/${encodeURIComponent(functionName)}/invocations`;
      const { headers, body } = await client.rest('lambda', { method: 'POST', path, ...json(event) }, { timeoutMs, tries: 1 });
      const functionError = headers['x-amz-function-error'];
      // Without the body, in which a failed function may quote anything.
      if (functionError) throw new Error(`the delivery function ended with an error (${String(functionError)})`);
      return JSON.parse(body.toString('utf8')) as unknown;
    },
    metricData: async (queries, from, to) => {
      const points: { [id: string]: MetricPoint[] } = {};
      for (let first = 0; first < queries.length; first += MAX_QUERIES) {
        await readMetrics(client, queries.slice(first, first + MAX_QUERIES), from, to, points);
      }
      return points;
    },
  };
}

/** What Lambda says of a mapping. */
export async function getMapping(client: Pick<AwsClient, 'rest'>, mappingId: string): Promise<Mapping> {
  const { body } = await client.rest('lambda', { method: 'GET', path: mappingPath(mappingId) }, CALL);
  return JSON.parse(body.toString('utf8')) as Mapping;
}

interface Mapping {
  readonly State: MappingState;
  readonly EventSourceArn: string;
  readonly FunctionArn: string;
}

function mappingPath(mappingId: string): string {
  return `${LAMBDA_API}/event-source-mappings/${encodeURIComponent(mappingId)}`;
}

function json(value: object): { readonly headers: { readonly [name: string]: string }; readonly body: Uint8Array } {
  return { headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) };
}

interface MetricDataAnswer {
  readonly MetricDataResults?: { readonly Id: string; readonly Timestamps?: number[]; readonly Values?: number[] }[];
  readonly NextToken?: string;
}

async function readMetrics(client: Pick<AwsClient, 'call'>, queries: MetricQuery[], from: number, to: number, points: { [id: string]: MetricPoint[] }) {
  const input = {
    StartTime: from / 1_000,
    EndTime: to / 1_000,
    MetricDataQueries: queries.map(({ id, name, dimensions, stat }) => ({
      Id: id,
      MetricStat: {
        Metric: {
          Namespace: METRIC_NAMESPACE,
          MetricName: name,
          Dimensions: Object.entries(dimensions).map(([dimension, value]) => ({ Name: dimension, Value: value })),
        },
        Period: 60,
        Stat: stat,
      },
    })),
  };
  let token: string | undefined;
  do {
    const page: MetricDataAnswer = await client.call('cloudwatch', 'GetMetricData', { ...input, ...(token && { NextToken: token }) }, METRICS_CALL);
    for (const { Id: id, Timestamps: times = [], Values: values = [] } of page.MetricDataResults ?? []) {
      (points[id] ??= []).push(...times.map((time, index) => ({ at: time * 1_000, value: values[index] ?? 0 })));
    }
    token = page.NextToken;
  } while (token);
}
