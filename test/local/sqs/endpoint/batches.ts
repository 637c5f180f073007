import { deepEqual, equal } from 'node:assert/strict';
import {
  ChangeMessageVisibilityBatchCommand, DeleteMessageBatchCommand, SendMessageBatchCommand, type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import { attributesOf, createQueue, type Endpoint, type EndpointCase, fails, INVALID_VALUE, NO_QUEUE, receive } from './endpoint';

const send = ({ sqs }: Endpoint, QueueUrl: string, Entries: SendMessageBatchRequestEntry[]) =>
  sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
const entries = (count: number) => Array.from({ length: count }, (_, i) => ({ Id: `id-${i}`, MessageBody: `message ${i}` }));
const batchError = (name: string, message?: RegExp) => ({ name, code: `AWS.SimpleQueueService.${name}`, status: 400, ...(message && { message }) });

export const batchCases: EndpointCase[] = [
  {
    title: 'ten messages are sent, received, changed and deleted in batches',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      const sent = await send(endpoint, QueueUrl, entries(10));
      deepEqual([sent.Successful?.map(({ Id }) => Id), sent.Failed], [entries(10).map(({ Id }) => Id), []]);
      const messages = await receive(endpoint, QueueUrl);
      equal(messages.length, 10);
      const handles = messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
      const changed = await endpoint.sqs.send(new ChangeMessageVisibilityBatchCommand({
        QueueUrl, Entries: handles.map((entry) => ({ ...entry, VisibilityTimeout: 600 })),
      }));
      const deleted = await endpoint.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: handles }));
      for (const { Successful, Failed } of [changed, deleted]) deepEqual([Successful, Failed], [handles.map(({ Id }) => ({ Id })), []]);
      equal((await attributesOf(endpoint, QueueUrl, 'ApproximateNumberOfMessagesNotVisible'))['ApproximateNumberOfMessagesNotVisible'], '0');
    },
  },
  {
    title: 'an entry that fails is listed and spares the others',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { MaximumMessageSize: '1024' });
      const sent = await send(endpoint, QueueUrl, [
        { Id: 'good', MessageBody: 'a' },
        { Id: 'empty', MessageBody: '' },
        { Id: 'characters', MessageBody: '\u0000' },
        { Id: 'long', MessageBody: 'x'.repeat(1025) },
        { Id: 'delay', MessageBody: 'a', DelaySeconds: 901 },
      ]);
      deepEqual(sent.Successful?.map(({ Id }) => Id), ['good']);
      deepEqual(sent.Failed?.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault]), [
        ['empty', 'MissingParameter', true],
        ['characters', 'InvalidMessageContents', true],
        ['long', 'InvalidParameterValue', true],
        ['delay', 'InvalidParameterValue', true],
      ]);
      const [message] = await receive(endpoint, QueueUrl);
      const Entries = [{ Id: 'good', ReceiptHandle: message?.ReceiptHandle }, { Id: 'bad', ReceiptHandle: 'nonsense' }];
      const changed = await endpoint.sqs.send(new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: [
          ...Entries.map((entry) => ({ ...entry, VisibilityTimeout: 60 })),
          { Id: 'far', ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 43_201 },
        ],
      }));
      deepEqual(changed.Failed?.map(({ Id, Code }) => [Id, Code]), [['bad', 'ReceiptHandleIsInvalid'], ['far', 'InvalidParameterValue']]);
      const deleted = await endpoint.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      deepEqual([deleted.Successful?.map(({ Id }) => Id), deleted.Failed?.map(({ Id }) => Id)], [['good'], ['bad']]);
    },
  },
  {
    title: 'a batch that breaks a rule fails as a whole',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await fails(send(endpoint, QueueUrl, []), batchError('EmptyBatchRequest'));
      await fails(send(endpoint, QueueUrl, entries(11)),
        batchError('TooManyEntriesInBatchRequest', /Maximum number of entries per request are 10\. You have sent 11\./));
      await fails(send(endpoint, QueueUrl, [...entries(2), ...entries(1)]), batchError('BatchEntryIdsNotDistinct'));
      for (const Id of ['', 'a b', 'x'.repeat(81)]) {
        await fails(send(endpoint, QueueUrl, [{ Id, MessageBody: 'a' }]), batchError('InvalidBatchEntryId', /^A batch entry id can only contain/));
      }
      await fails(endpoint.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [] })), batchError('EmptyBatchRequest'));
      await fails(send(endpoint, `${QueueUrl}x`, entries(1)), NO_QUEUE);
      equal((await attributesOf(endpoint, QueueUrl, 'ApproximateNumberOfMessages'))['ApproximateNumberOfMessages'], '0');
    },
  },
  {
    title: 'a batch is 1 MiB at most, all its messages together',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      const halves = (more: number) => [{ Id: '1', MessageBody: 'x'.repeat(524_288) }, { Id: '2', MessageBody: 'x'.repeat(524_288 + more) }];
      await fails(send(endpoint, QueueUrl, halves(1)),
        batchError('BatchRequestTooLong', /^Batch requests cannot be longer than 1048576 bytes\. You have sent 1048577 bytes\.$/));
      equal((await send(endpoint, QueueUrl, halves(0))).Successful?.length, 2);
    },
  },
  {
    title: 'a batch for a FIFO queue keeps its order, and fails when an entry has no group',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { FifoQueue: 'true' });
      const messages = entries(5).map((entry) => ({ ...entry, MessageGroupId: 'g', MessageDeduplicationId: entry.Id }));
      const [first, ...rest] = messages as [SendMessageBatchRequestEntry, ...SendMessageBatchRequestEntry[]];
      await fails(send(endpoint, QueueUrl, [{ ...first, MessageGroupId: undefined }, ...rest]),
        { ...INVALID_VALUE, message: 'The request must contain the parameter MessageGroupId.' });
      await fails(send(endpoint, QueueUrl, [{ ...first, MessageDeduplicationId: undefined }, ...rest]),
        { ...INVALID_VALUE, message: /^The queue should either have ContentBasedDeduplication enabled/ });
      const { Successful = [] } = await send(endpoint, QueueUrl, [first, ...rest]);
      const numbers = Successful.map(({ SequenceNumber }) => BigInt(SequenceNumber as string));
      deepEqual(numbers, numbers.slice().sort((a, b) => (a < b ? -1 : 1)));
      deepEqual((await receive(endpoint, QueueUrl)).map(({ Body }) => Body), entries(5).map(({ MessageBody }) => MessageBody));
    },
  },
];
