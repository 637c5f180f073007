import { deepEqual, equal, match } from 'node:assert/strict';
import {
  ChangeMessageVisibilityCommand, DeleteMessageBatchCommand, DeleteMessageCommand, DeleteQueueCommand, GetQueueAttributesCommand, GetQueueUrlCommand,
  ListQueueTagsCommand, PurgeQueueCommand, ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand,
  SetQueueAttributesCommand, TagQueueCommand, UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../case';
import type { Endpoint } from '../endpoint';
import { fails, refuses, type SdkError } from '../refusals';
import { createQueue, receive, receiveOne, send } from '../steps';
import { wire, type WireAnswer } from '../wire';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const codeOf = ({ Error: error }: SdkError) => error?.Code;

function tagsOnWire({ sqs }: Endpoint, QueueUrl: string): Promise<WireAnswer> {
  const command = new ListQueueTagsCommand({ QueueUrl });
  return wire(command.middlewareStack, () => sqs.send(command));
}

function missingOnWire({ sqs, newName }: Endpoint): Promise<WireAnswer> {
  const command = new GetQueueUrlCommand({ QueueName: newName() });
  return wire(command.middlewareStack, () => sqs.send(command));
}

export const errorCases: ConformanceCase[] = [
  {
    id: 'errors/no-queue',
    title: 'every action on a queue that does not exist is QueueDoesNotExist',
    page: 'API_SendMessage',
    says: 'Ensure that the QueueUrl is correct and that the queue has not been deleted.',
    async run(endpoint) {
      const { sqs } = endpoint;
      const QueueUrl = (await createQueue(endpoint)).concat('x');
      const handle = { Id: 'a', ReceiptHandle: 'a' };
      await fails(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' })), 'QueueDoesNotExist');
      await fails(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', MessageBody: 'a' }] })), 'QueueDoesNotExist');
      await fails(sqs.send(new ReceiveMessageCommand({ QueueUrl })), 'QueueDoesNotExist');
      await fails(sqs.send(new DeleteMessageCommand({ QueueUrl, ...handle })), 'QueueDoesNotExist');
      await fails(sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [handle] })), 'QueueDoesNotExist');
      await fails(sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ...handle, VisibilityTimeout: 0 })), 'QueueDoesNotExist');
      await fails(sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })), 'QueueDoesNotExist');
      await fails(sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '1' } })), 'QueueDoesNotExist');
      await fails(sqs.send(new PurgeQueueCommand({ QueueUrl })), 'QueueDoesNotExist');
      await fails(sqs.send(new DeleteQueueCommand({ QueueUrl })), 'QueueDoesNotExist');
      await fails(sqs.send(new ListQueueTagsCommand({ QueueUrl })), 'QueueDoesNotExist');
      await fails(sqs.send(new TagQueueCommand({ QueueUrl, Tags: { a: 'b' } })), 'QueueDoesNotExist');
      await fails(sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['a'] })), 'QueueDoesNotExist');
    },
  },
  {
    id: 'errors/shape',
    title: 'an error has its type in its body',
    page: 'sqs-json-api-responses',
    says: 'In the response body, "__type" indicates other error details, and Message indicates the error condition in a readable format.',
    async run(endpoint) {
      const { status, body } = await missingOnWire(endpoint);
      equal(status, 400);
      equal(body['__type'], 'com.amazonaws.sqs#QueueDoesNotExist');
      match(String(body['message'] ?? body['Message']), /./);
    },
  },
  {
    id: 'errors/query-error',
    title: 'an error has its former code, and whose fault it is, in a header',
    page: 'sqs-json-api-responses',
    says: 'x-amzn-query-error contains two pieces of information: the type of error, and whether the error was a producer or consumer error.',
    async run(endpoint) {
      const { headers } = await missingOnWire(endpoint);
      equal(headers['x-amzn-query-error'], 'AWS.SimpleQueueService.NonExistentQueue;Sender');
    },
  },
  {
    id: 'errors/query-codes',
    title: 'the errors of the former protocol keep their codes',
    page: 'sqs-json-api-responses',
    says: 'x-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender',
    async run(endpoint) {
      const { sqs } = endpoint;
      const QueueUrl = await createQueue(endpoint);
      const batch = (...ids: string[]) => sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: ids.map((Id) => ({ Id, MessageBody: 'a' })) }));
      const refused = [
        batch('a', 'a'), batch(...Array.from({ length: 11 }, (_, i) => String(i))),
        sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'nonsense' })),
      ];
      const codes = (await Promise.all(refused.map((call) => refuses(call, 'each of these calls')))).map(codeOf);
      deepEqual(codes, [
        'AWS.SimpleQueueService.BatchEntryIdsNotDistinct', 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest', 'ReceiptHandleIsInvalid',
      ]);
    },
  },
  {
    id: 'errors/request-id',
    title: 'every answer has a request id',
    page: 'sqs-json-api-responses',
    says: 'In the HTTP header, x-amzn-RequestId contains the UUID of the request.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      match((await tagsOnWire(endpoint, QueueUrl)).headers['x-amzn-requestid'] ?? '', UUID);
      match((await tagsOnWire(endpoint, `${QueueUrl}x`)).headers['x-amzn-requestid'] ?? '', UUID);
    },
  },
  {
    id: 'errors/content-type',
    title: 'answers are JSON 1.0 of AWS',
    page: 'sqs-json-api-responses',
    says: 'Content-Type: application/x-amz-json-1.0',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      equal((await tagsOnWire(endpoint, QueueUrl)).headers['content-type'], 'application/x-amz-json-1.0');
    },
  },
  {
    id: 'errors/invalid-value',
    title: 'a value out of range is InvalidParameterValue',
    page: 'CommonErrors',
    says: 'An invalid or out-of-range value was supplied for the input parameter.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a');
      const { ReceiptHandle } = await receiveOne(endpoint, QueueUrl);
      await endpoint.clock.elapse(2);
      const change = (VisibilityTimeout: number) =>
        endpoint.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
      await fails(change(43_201), 'InvalidParameterValue');
      await fails(change(43_200), 'InvalidParameterValue');
      await fails(send(endpoint, QueueUrl, 'a', { DelaySeconds: 901 }), 'InvalidParameterValue');
      await fails(receive(endpoint, QueueUrl, { MaxNumberOfMessages: 11 }), 'InvalidParameterValue');
      await fails(receive(endpoint, QueueUrl, { WaitTimeSeconds: 21 }), 'InvalidParameterValue');
      await fails(createQueue({ ...endpoint, newName: () => 'with space' }), 'InvalidParameterValue');
    },
  },
  {
    id: 'errors/missing-parameter',
    title: 'a parameter that is missing is MissingParameter',
    page: 'CommonErrors',
    says: 'A required parameter for the specified action is not supplied.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await fails(endpoint.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: undefined })), 'MissingParameter');
      await fails(endpoint.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: undefined })), 'MissingParameter');
      await fails(endpoint.sqs.send(new GetQueueUrlCommand({ QueueName: undefined })), 'MissingParameter');
    },
  },
];
