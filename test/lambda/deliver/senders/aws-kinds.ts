import { createHash } from 'node:crypto';
import type { SenderModule } from '../../../../lib/contract/sender';
import { createSender as bucket } from '../../../../lambda/deliver/senders/bucket';
import { createSender as deliveryStream } from '../../../../lambda/deliver/senders/delivery-stream';
import { createSender as eventBus } from '../../../../lambda/deliver/senders/event-bus';
import { createSender as lambdaFunction } from '../../../../lambda/deliver/senders/function';
import { createSender as queue } from '../../../../lambda/deliver/senders/queue';
import { createSender as stateMachine } from '../../../../lambda/deliver/senders/state-machine';
import { createSender as stream } from '../../../../lambda/deliver/senders/stream';
import { createSender as topic } from '../../../../lambda/deliver/senders/topic';
import type { Received } from '../../support/server';

/** What a service answers. */
export interface Reply {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body: string;
}

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly message?: string;
}

/** An event as somebody behind the service reads it, by nothing but the documented shape. */
export interface Arrived {
  readonly id: string;
  readonly source: string;
  readonly type: string | null;
  readonly time: string;
  readonly bytes: Buffer;
}

/** What the suite knows of a target's kind: how its service speaks. */
export interface Kind {
  readonly createSender: SenderModule['createSender'];
  readonly settings: { readonly [key: string]: unknown };
  /** The events in a request. */
  readonly read: (request: Received) => Arrived[];
  /** The service's answer: each entry taken, but for those that have a problem. */
  readonly taken: (request: Received, problems?: { readonly [index: number]: Problem }) => Reply;
  readonly refused: (problem: Problem) => Reply;
  readonly throttled: Problem;
  readonly denied: Problem;
  readonly missing: Problem;
  /** Of the request that the service does not read to its end. */
  readonly content: Problem;
  /** Absent: no event is too big. */
  readonly maxBytes?: number;
  /** Absent: one call for each event. */
  readonly batch?: { readonly throttled: Problem };
}

type Json = { [name: string]: any };

const json = ({ body }: Received): Json => JSON.parse(body.toString()) as Json;

const jsonError = ({ status, code, message = 'told by the service' }: Problem): Reply => ({
  status, headers: { 'x-amzn-errortype': code, 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify({ __type: `com.amazonaws#${code}`, message }),
});

const reply = (value: object): Reply => ({ status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(value) });

const fromDocument = (document: Json): Arrived => ({
  id: document['id'], source: document['source'], type: document['type'], time: document['time'],
  bytes: document['body'] === undefined ? Buffer.from(document['bodyBase64'], 'base64') : Buffer.from(document['body']),
});

const fromMessage = (body: string, attribute: (name: string) => string | undefined): Arrived => {
  const encoding = attribute('webhook-encoding');
  return {
    id: attribute('webhook-id')!, source: attribute('webhook-source')!, type: attribute('webhook-type') ?? null, time: attribute('webhook-time')!,
    bytes: encoding === 'empty' ? Buffer.alloc(0) : Buffer.from(body, encoding === 'base64' ? 'base64' : 'utf8'),
  };
};

/** EventBridge, Kinesis and Firehose answer in the entries' order. */
const ordered = (list: string, results: string, count: string): Kind['taken'] => (request, problems = {}) => reply({
  [count]: Object.keys(problems).length,
  [results]: (json(request)[list] as Json[]).map((_, index) => problems[index]
    ? { ErrorCode: problems[index].code, ErrorMessage: problems[index].message ?? 'told by the service' }
    : { EventId: `${index}`, RecordId: `${index}`, SequenceNumber: '1', ShardId: 's' }),
});

const form = ({ body }: Received): URLSearchParams => new URLSearchParams(body.toString());

const snsEntries = (request: Received): ((name: string) => string | null)[] => {
  const fields = form(request);
  const at = (index: number) => (name: string): string | null => fields.get(`PublishBatchRequestEntries.member.${index}.${name}`);
  return Array.from({ length: 10 }, (_, index) => at(index + 1)).filter((entry) => entry('Id') !== null);
};

const snsAttribute = (entry: (name: string) => string | null) => (name: string): string | undefined => {
  const index = [1, 2, 3, 4, 5, 6, 7, 8].find((number) => entry(`MessageAttributes.entry.${number}.Name`) === name);
  return index === undefined ? undefined : entry(`MessageAttributes.entry.${index}.Value.StringValue`)!;
};

const dataOf = (records: Json[]): Json[] => records.map(({ Data: data }) => JSON.parse(Buffer.from(data as string, 'base64').toString()) as Json);

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

export const KINDS: { readonly [kind: string]: Kind } = {
  'queue': {
    createSender: queue,
    settings: { queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/audit', fifo: false },
    read: (request) => (json(request)['Entries'] as Json[]).map(({ MessageBody: body, MessageAttributes: attributes }) =>
      fromMessage(body as string, (name) => (attributes as Json)[name]?.StringValue as string | undefined)),
    taken: (request, problems = {}) => {
      const entries = (json(request)['Entries'] as Json[])
        .map(({ Id: id, MessageBody: body }, index) => ({ id: id as string, md5: md5(body as string), problem: problems[index] }));
      return reply({
        Successful: entries.filter(({ problem }) => !problem).map(({ id, md5: sum }) => ({ Id: id, MessageId: id, MD5OfMessageBody: sum })),
        Failed: entries.flatMap(({ id, problem }) => problem ? [{ Id: id, SenderFault: true, Code: problem.code, Message: problem.message }] : []),
      });
    },
    refused: jsonError,
    throttled: { status: 400, code: 'RequestThrottled' },
    denied: { status: 403, code: 'AccessDeniedException' },
    missing: { status: 400, code: 'QueueDoesNotExist' },
    content: { status: 400, code: 'BatchRequestTooLong' },
    maxBytes: 1_048_576,
    batch: { throttled: { status: 200, code: 'ThrottlingException' } },
  },
  'topic': {
    createSender: topic,
    settings: { topicArn: 'arn:aws:sns:eu-west-1:123456789012:audit', fifo: false },
    read: (request) => snsEntries(request).map((entry) => fromMessage(entry('Message')!, snsAttribute(entry))),
    taken: (request, problems = {}) => {
      const ids = snsEntries(request).map((entry) => entry('Id')!);
      const failures = ids.map((id, index) => problems[index]
        && `<member><Id>${id}</Id><Code>${problems[index].code}</Code><SenderFault>true</SenderFault></member>`);
      const successes = ids.map((id, index) => problems[index] ? '' : `<member><Id>${id}</Id><MessageId>m</MessageId></member>`);
      return {
        status: 200, headers: { 'content-type': 'text/xml' },
        body: `<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult><Failed>${failures.join('')}</Failed>`
          + `<Successful>${successes.join('')}</Successful></PublishBatchResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishBatchResponse>`,
      };
    },
    refused: ({ status, code, message = 'told by the service' }) => ({
      status, headers: { 'content-type': 'text/xml' },
      body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
    }),
    throttled: { status: 400, code: 'Throttled' },
    denied: { status: 403, code: 'AuthorizationError' },
    missing: { status: 404, code: 'NotFound' },
    content: { status: 400, code: 'InvalidParameter', message: 'Invalid parameter: Message too long' },
    maxBytes: 1_048_576,
    batch: { throttled: { status: 200, code: 'Throttling' } },
  },
  'event-bus': {
    createSender: eventBus,
    settings: { eventBusName: 'arn:aws:events:eu-west-1:123456789012:event-bus/audit' },
    read: (request) => (json(request)['Entries'] as Json[]).map(({ Detail: text }) => {
      const detail = JSON.parse(text as string) as Json;
      const { id, source, type, time, encoding, data } = detail as { [name: string]: string };
      const verbatim = (text as string).slice((text as string).indexOf('"data":') + 7, -1);
      return {
        id: id!, source: source!, type: type!, time: time!,
        bytes: encoding === 'json' ? Buffer.from(verbatim) : Buffer.from(data!, encoding === 'text' ? 'utf8' : 'base64'),
      };
    }),
    taken: ordered('Entries', 'Entries', 'FailedEntryCount'),
    refused: jsonError,
    throttled: { status: 400, code: 'ThrottlingException' },
    denied: { status: 400, code: 'AccessDeniedException' },
    missing: { status: 400, code: 'ResourceNotFoundException' },
    content: { status: 400, code: 'ValidationException', message: 'Total size of the entries in the request is over the limit: must be less than 1048576' },
    maxBytes: 1_048_575,
    batch: { throttled: { status: 200, code: 'ThrottlingException' } },
  },
  'function': {
    createSender: lambdaFunction,
    settings: { functionName: 'arn:aws:lambda:eu-west-1:123456789012:function:audit' },
    read: (request) => [fromDocument(json(request))],
    taken: () => ({ status: 200, body: '"done"' }),
    refused: jsonError,
    throttled: { status: 429, code: 'TooManyRequestsException' },
    denied: { status: 403, code: 'AccessDeniedException' },
    missing: { status: 404, code: 'ResourceNotFoundException' },
    content: { status: 413, code: 'RequestTooLargeException' },
    maxBytes: 6_291_456,
  },
  'state-machine': {
    createSender: stateMachine,
    settings: { stateMachineArn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:audit' },
    read: (request) => [fromDocument(JSON.parse(json(request)['input'] as string) as Json)],
    taken: () => reply({ executionArn: 'arn:aws:states:eu-west-1:123456789012:execution:audit:x', startDate: 1 }),
    refused: jsonError,
    throttled: { status: 400, code: 'ThrottlingException' },
    denied: { status: 400, code: 'AccessDeniedException' },
    missing: { status: 400, code: 'StateMachineDoesNotExist' },
    content: { status: 400, code: 'InvalidExecutionInput' },
    maxBytes: 262_144,
  },
  'stream': {
    createSender: stream,
    settings: { streamArn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/audit' },
    read: (request) => dataOf(json(request)['Records'] as Json[]).map(fromDocument),
    taken: ordered('Records', 'Records', 'FailedRecordCount'),
    refused: jsonError,
    throttled: { status: 400, code: 'ProvisionedThroughputExceededException' },
    denied: { status: 400, code: 'AccessDeniedException' },
    missing: { status: 400, code: 'ResourceNotFoundException' },
    content: { status: 400, code: 'ValidationException', message: 'Member must have length less than or equal to 1048576' },
    maxBytes: 10_485_760,
    batch: { throttled: { status: 200, code: 'ProvisionedThroughputExceededException' } },
  },
  'delivery-stream': {
    createSender: deliveryStream,
    settings: { deliveryStreamName: 'audit' },
    read: (request) => dataOf(json(request)['Records'] as Json[]).map(fromDocument),
    taken: ordered('Records', 'RequestResponses', 'FailedPutCount'),
    refused: jsonError,
    throttled: { status: 503, code: 'ServiceUnavailableException' },
    denied: { status: 400, code: 'AccessDeniedException' },
    missing: { status: 400, code: 'ResourceNotFoundException' },
    content: { status: 400, code: 'ValidationException', message: 'Member must have length less than or equal to 1024000' },
    maxBytes: 1_024_000,
    batch: { throttled: { status: 200, code: 'ServiceUnavailableException' } },
  },
  'bucket': {
    createSender: bucket,
    settings: { bucketName: 'audit', keyPrefix: 'webhooks/' },
    read: ({ headers, body }) => {
      const at = (name: string): string => decodeURIComponent(headers[`x-amz-meta-${name}`] as string);
      return [{ id: at('id'), source: at('source'), type: headers['x-amz-meta-type'] === undefined ? null : at('type'), time: at('time'), bytes: body }];
    },
    taken: () => ({ status: 200, headers: { etag: '"e"' }, body: '' }),
    refused: ({ status, code, message = 'told by the service' }) => ({
      status, headers: { 'content-type': 'application/xml' }, body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
    }),
    throttled: { status: 503, code: 'SlowDown' },
    denied: { status: 403, code: 'AccessDenied' },
    missing: { status: 404, code: 'NoSuchBucket' },
    content: { status: 400, code: 'MetadataTooLarge' },
  },
};
