import { deepEqual, equal } from 'node:assert/strict';
import {
  ChangeMessageVisibilityBatchCommand, DeleteMessageBatchCommand, SendMessageBatchCommand, type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../case';
import type { Endpoint } from '../endpoint';
import { fails } from '../refusals';
import { bodiesOf, createQueue, drain, FIFO, receiveAll, receiveNone, receiveOne, send } from '../steps';

type Entries<E> = (E & { Id: string })[];

const sendBatch = ({ sqs }: Endpoint, QueueUrl: string, Entries: SendMessageBatchRequestEntry[]) =>
  sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
const deleteBatch = ({ sqs }: Endpoint, QueueUrl: string, Entries: Entries<{ ReceiptHandle: string | undefined }>) =>
  sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
const changeBatch = ({ sqs }: Endpoint, QueueUrl: string, Entries: Entries<{ ReceiptHandle: string | undefined; VisibilityTimeout: number }>) =>
  sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));

const entries = (count: number) => Array.from({ length: count }, (_, i) => ({ Id: `id-${i}`, MessageBody: `message ${i}` }));
const handles = (count: number) => entries(count).map(({ Id }) => ({ Id, ReceiptHandle: Id, VisibilityTimeout: 0 }));
const ids = (results: readonly { Id?: string | undefined }[] | undefined) => (results ?? []).map(({ Id }) => Id).sort();

const PARTLY = 'Because the batch request can result in a combination of successful and unsuccessful actions, you should check for batch errors '
  + 'even when the call returns an HTTP status code of 200.';

export const batchCases: ConformanceCase[] = [
  {
    id: 'batches/send',
    title: 'ten messages are sent in a batch, and each has its result',
    page: 'API_SendMessageBatch',
    says: 'The result of sending each message is reported individually in the response.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      const { Successful = [], Failed = [] } = await sendBatch(endpoint, QueueUrl, entries(10));
      deepEqual([ids(Successful), ids(Failed)], [ids(entries(10)), []]);
      const received = await receiveAll(endpoint, QueueUrl, 10);
      deepEqual(received.map(({ MessageId }) => MessageId).sort(), Successful.map(({ MessageId }) => MessageId).sort());
    },
  },
  {
    id: 'batches/change-and-delete',
    title: 'ten messages are changed and deleted in batches',
    page: 'API_ChangeMessageVisibilityBatch',
    says: 'You can send up to 10 ChangeMessageVisibility requests with each ChangeMessageVisibilityBatch action.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await sendBatch(endpoint, QueueUrl, entries(10));
      const received = (await receiveAll(endpoint, QueueUrl, 10)).map(({ ReceiptHandle }, i) => ({ Id: `id-${i}`, ReceiptHandle }));
      const changed = await changeBatch(endpoint, QueueUrl, received.map((entry) => ({ ...entry, VisibilityTimeout: 1 })));
      const deleted = await deleteBatch(endpoint, QueueUrl, received);
      for (const { Successful, Failed } of [changed, deleted]) deepEqual([ids(Successful), ids(Failed)], [ids(received), []]);
      await endpoint.clock.elapse(1);
      await receiveNone(endpoint, QueueUrl, 'all were deleted');
    },
  },
  {
    id: 'batches/send-partly',
    title: 'a message that cannot be sent spares the others of its batch',
    page: 'API_SendMessageBatch',
    says: PARTLY,
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { MaximumMessageSize: '1024' });
      const { Successful, Failed } = await sendBatch(endpoint, QueueUrl, [...entries(2), { Id: 'long', MessageBody: 'x'.repeat(1025) }]);
      deepEqual([ids(Successful), ids(Failed)], [['id-0', 'id-1'], ['long']]);
      deepEqual(bodiesOf(await receiveAll(endpoint, QueueUrl, 2)).sort(), ['message 0', 'message 1']);
    },
  },
  {
    id: 'batches/delete-partly',
    title: 'a handle that is none spares the others of its batch of deletions',
    page: 'API_DeleteMessageBatch',
    says: PARTLY,
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a');
      const { ReceiptHandle } = await receiveOne(endpoint, QueueUrl);
      const { Successful, Failed } = await deleteBatch(endpoint, QueueUrl, [{ Id: 'good', ReceiptHandle }, { Id: 'bad', ReceiptHandle: 'nonsense' }]);
      deepEqual([ids(Successful), ids(Failed)], [['good'], ['bad']]);
    },
  },
  {
    id: 'batches/change-partly',
    title: 'a handle that is none spares the others of its batch of changes',
    page: 'API_ChangeMessageVisibilityBatch',
    says: PARTLY,
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a');
      const { ReceiptHandle } = await receiveOne(endpoint, QueueUrl);
      const { Successful, Failed } = await changeBatch(endpoint, QueueUrl, [
        { Id: 'good', ReceiptHandle, VisibilityTimeout: 0 }, { Id: 'bad', ReceiptHandle: 'nonsense', VisibilityTimeout: 0 },
      ]);
      deepEqual([ids(Successful), ids(Failed)], [['good'], ['bad']]);
      await receiveOne(endpoint, QueueUrl);
    },
  },
  {
    id: 'batches/failed-entry',
    title: 'a failed entry says whose fault it is, and has a code',
    page: 'API_BatchResultErrorEntry',
    says: 'Specifies whether the error happened due to the caller of the batch API action.',
    async run(endpoint) {
      const { Failed = [] } = await deleteBatch(endpoint, await createQueue(endpoint), [{ Id: 'bad', ReceiptHandle: 'nonsense' }]);
      deepEqual(Failed.map(({ Id, SenderFault, Code }) => ({ Id, SenderFault, Code })), [{ Id: 'bad', SenderFault: true, Code: 'ReceiptHandleIsInvalid' }]);
    },
  },
  {
    id: 'batches/empty',
    title: 'a batch without entries is EmptyBatchRequest',
    page: 'API_SendMessageBatch',
    says: 'The batch request doesn\'t contain any entries.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      for (const batch of [sendBatch, deleteBatch, changeBatch]) await fails(batch(endpoint, QueueUrl, []), 'EmptyBatchRequest');
    },
  },
  {
    id: 'batches/too-many',
    title: 'a batch of eleven entries is TooManyEntriesInBatchRequest',
    page: 'API_SendMessageBatch',
    says: 'For Amazon SQS, the maximum number of entries you can include in a single SendMessageBatch, DeleteMessageBatch, '
      + 'or ChangeMessageVisibilityBatch request is 10.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await fails(sendBatch(endpoint, QueueUrl, entries(11)), 'TooManyEntriesInBatchRequest');
      await fails(deleteBatch(endpoint, QueueUrl, handles(11)), 'TooManyEntriesInBatchRequest');
      await fails(changeBatch(endpoint, QueueUrl, handles(11)), 'TooManyEntriesInBatchRequest');
      await receiveNone(endpoint, QueueUrl, 'its batch was refused');
    },
  },
  {
    id: 'batches/same-ids',
    title: 'two entries with one id are BatchEntryIdsNotDistinct',
    page: 'API_SendMessageBatch',
    says: 'Two or more batch entries in the request have the same Id.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await fails(sendBatch(endpoint, QueueUrl, [...entries(2), ...entries(1)]), 'BatchEntryIdsNotDistinct');
      await fails(deleteBatch(endpoint, QueueUrl, [...handles(2), ...handles(1)]), 'BatchEntryIdsNotDistinct');
      await fails(changeBatch(endpoint, QueueUrl, [...handles(2), ...handles(1)]), 'BatchEntryIdsNotDistinct');
    },
  },
  {
    id: 'batches/ids',
    title: 'the id of an entry has up to 80 letters, digits, hyphens and underscores',
    page: 'API_SendMessageBatchRequestEntry',
    says: 'This identifier can have up to 80 characters. '
      + 'The following characters are accepted: alphanumeric characters, hyphens(-), and underscores (_).',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      equal((await sendBatch(endpoint, QueueUrl, [{ Id: 'Aa_0-'.padEnd(80, 'x'), MessageBody: 'a' }])).Successful?.length, 1);
      for (const Id of ['x'.repeat(81), 'a b', 'a.b']) await fails(sendBatch(endpoint, QueueUrl, [{ Id, MessageBody: 'a' }]), 'InvalidBatchEntryId');
    },
  },
  {
    id: 'batches/size',
    title: 'a batch has up to 1 MiB, all its messages together',
    page: 'API_SendMessageBatch',
    says: 'The maximum allowed individual message size and the maximum total payload size (the sum of the individual lengths of all of the batched messages) '
      + 'are both 1 MiB 1,048,576 bytes.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      const halves = (more: number) => [{ Id: '1', MessageBody: 'x'.repeat(524_288) }, { Id: '2', MessageBody: 'x'.repeat(524_288 + more) }];
      await fails(sendBatch(endpoint, QueueUrl, halves(1)), 'BatchRequestTooLong');
      equal((await sendBatch(endpoint, QueueUrl, halves(0))).Successful?.length, 2);
    },
  },
  {
    id: 'batches/delay',
    title: 'an entry without a delay has that of its queue',
    page: 'API_SendMessageBatch',
    says: 'If you don\'t specify the DelaySeconds parameter for an entry, Amazon SQS uses the default value for the queue.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { DelaySeconds: '900' });
      await sendBatch(endpoint, QueueUrl, [{ Id: 'a', MessageBody: 'later' }, { Id: 'b', MessageBody: 'now', DelaySeconds: 0 }]);
      equal((await receiveOne(endpoint, QueueUrl)).Body, 'now');
      await receiveNone(endpoint, QueueUrl, 'it is delayed');
    },
  },
  {
    id: 'batches/fifo-order',
    title: 'a FIFO queue keeps the order of a batch',
    page: 'API_SendMessageBatch',
    says: 'For a FIFO queue, multiple messages within a single batch are enqueued in the order they are sent.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, FIFO);
      await sendBatch(endpoint, QueueUrl, entries(10).map((entry) => ({ ...entry, MessageGroupId: 'g' })));
      deepEqual(bodiesOf(await drain(endpoint, QueueUrl, 10)), entries(10).map(({ MessageBody }) => MessageBody));
    },
  },
];
