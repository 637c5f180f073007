import { deepEqual, equal, notDeepEqual, ok } from 'node:assert/strict';
import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../case';
import type { Endpoint } from '../endpoint';
import { refuses } from '../refusals';
import { bodiesOf, createQueue, deleteMessage, drain, FIFO, receive, receiveNone, receiveOne, sendToGroup } from '../steps';

async function queueWith(endpoint: Endpoint, ...bodies: string[]): Promise<string> {
  const QueueUrl = await createQueue(endpoint, FIFO);
  for (const body of bodies) await sendToGroup(endpoint, QueueUrl, body);
  return QueueUrl;
}

/** One message of a receive that can be repeated. */
const attempt = async (endpoint: Endpoint, QueueUrl: string, ReceiveRequestAttemptId: string, VisibilityTimeout?: number) =>
  (await receive(endpoint, QueueUrl, { ReceiveRequestAttemptId, VisibilityTimeout, MaxNumberOfMessages: 1 }))
    .map(({ Body, ReceiptHandle }) => ({ Body, ReceiptHandle }));

const change = ({ sqs }: Endpoint, QueueUrl: string, ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
  sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));

const PUNCTUATION = '!"#$%&\'()*+,-./:;?@[\\]^_`{|}~';

export const fifoCases: ConformanceCase[] = [
  {
    id: 'fifo/order',
    title: 'the messages of a group are received in the order they were sent',
    page: 'FIFO-queues-understanding-logic',
    says: 'For each message group ID, all messages are sent and received in strict order.',
    async run(endpoint) {
      const bodies = ['a1', 'b1', 'a2', 'a3', 'b2', 'a4'];
      const received = bodiesOf(await drain(endpoint, await queueWith(endpoint, ...bodies), bodies.length)) as string[];
      for (const group of ['a', 'b']) {
        deepEqual(received.filter((body) => body.startsWith(group)), bodies.filter((body) => body.startsWith(group)));
      }
    },
  },
  {
    id: 'fifo/locked',
    title: 'while a message of a group is in flight, no other of the group is received',
    page: 'API_ReceiveMessage',
    says: 'While messages with a particular MessageGroupId are invisible, no more messages belonging to the same MessageGroupId are returned '
      + 'until the visibility timeout expires.',
    async run(endpoint) {
      const QueueUrl = await queueWith(endpoint, 'a1', 'a2');
      equal((await receiveOne(endpoint, QueueUrl)).Body, 'a1');
      await receiveNone(endpoint, QueueUrl, 'its group is in flight');
    },
  },
  {
    id: 'fifo/locked-by-any',
    title: 'a group is locked while any of its messages is in flight',
    page: 'API_ReceiveMessage',
    says: 'While messages with a particular MessageGroupId are invisible, no more messages belonging to the same MessageGroupId are returned '
      + 'until the visibility timeout expires.',
    async run(endpoint) {
      const QueueUrl = await queueWith(endpoint, 'a1', 'a2');
      const [first, ...rest] = await receive(endpoint, QueueUrl, { WaitTimeSeconds: 1 });
      equal(rest.length, 1, 'both messages are to be in flight');
      await change(endpoint, QueueUrl, first?.ReceiptHandle, 0);
      await receiveNone(endpoint, QueueUrl, 'the other message of its group is in flight');
    },
  },
  {
    id: 'fifo/other-groups',
    title: 'other groups are received meanwhile',
    page: 'API_ReceiveMessage',
    says: 'You can still receive messages with another MessageGroupId from your FIFO queue as long as they are visible.',
    async run(endpoint) {
      const QueueUrl = await queueWith(endpoint, 'a1', 'a2', 'b1');
      await receiveOne(endpoint, QueueUrl);
      equal((await receiveOne(endpoint, QueueUrl)).Body, 'b1');
    },
  },
  {
    id: 'fifo/unlocked',
    title: 'a group goes on when its message is deleted',
    page: 'FIFO-queues-understanding-logic',
    says: 'When you receive a message with a message group ID, no more messages for the same message group ID are returned '
      + 'unless you delete the message or it becomes visible.',
    async run(endpoint) {
      const QueueUrl = await queueWith(endpoint, 'a1', 'a2');
      await deleteMessage(endpoint, QueueUrl, await receiveOne(endpoint, QueueUrl));
      equal((await receiveOne(endpoint, QueueUrl)).Body, 'a2');
    },
  },
  {
    id: 'fifo/head-of-line',
    title: 'a message that comes back is again the first of its group',
    page: 'API_SendMessage',
    says: 'Messages that belong to the same message group are processed in a FIFO manner '
      + '(however, messages in different message groups might be processed out of order).',
    async run(endpoint) {
      const QueueUrl = await queueWith(endpoint, 'a1', 'a2');
      equal((await receiveOne(endpoint, QueueUrl, { VisibilityTimeout: 1 })).Body, 'a1');
      await endpoint.clock.elapse(1);
      equal((await receiveOne(endpoint, QueueUrl)).Body, 'a1');
    },
  },
  {
    id: 'fifo/as-many-of-a-group',
    title: 'one receive gives several messages of a group',
    page: 'FIFO-queues-understanding-logic',
    says: 'When receiving messages from a FIFO queue with multiple message group IDs, Amazon SQS first attempts to return as many messages '
      + 'with the same message group ID as possible.',
    async run(endpoint) {
      const QueueUrl = await queueWith(endpoint, 'a1', 'b1', 'a2', 'a3');
      deepEqual(bodiesOf(await receive(endpoint, QueueUrl, { MaxNumberOfMessages: 3, WaitTimeSeconds: 1 })), ['a1', 'a2', 'a3']);
    },
  },
  {
    id: 'fifo/no-group',
    title: 'a message for a FIFO queue has a group',
    page: 'API_SendMessage',
    says: 'If you do not provide a MessageGroupId when sending a message to a FIFO queue, the action fails.',
    async run(endpoint) {
      const QueueUrl = await queueWith(endpoint, 'a1');
      await refuses(sendToGroup(endpoint, QueueUrl, 'a2', { MessageGroupId: undefined }), 'a message without a group');
    },
  },
  {
    id: 'fifo/group-id',
    title: 'the id of a group has up to 128 letters, digits and marks',
    page: 'API_SendMessage',
    says: 'The length of MessageGroupId is 128 characters.',
    async run(endpoint) {
      const QueueUrl = await queueWith(endpoint);
      const withGroup = (MessageGroupId: string) => sendToGroup(endpoint, QueueUrl, MessageGroupId.slice(0, 4), { MessageGroupId });
      for (const id of ['x'.repeat(128), PUNCTUATION]) await withGroup(id);
      for (const id of ['x'.repeat(129), 'a b', 'é']) await refuses(withGroup(id), `the group ${JSON.stringify(id)}`);
    },
  },
  {
    id: 'fifo/identifiers',
    title: 'a received message has the group and the deduplication id it was sent with',
    page: 'API_ReceiveMessage',
    says: 'MessageGroupId – Returns the value provided by the producer that calls the SendMessage action.',
    async run(endpoint) {
      const QueueUrl = await queueWith(endpoint);
      await sendToGroup(endpoint, QueueUrl, 'a1', { MessageDeduplicationId: 'first' });
      const { MessageGroupId, MessageDeduplicationId } = (await receiveOne(endpoint, QueueUrl)).Attributes ?? {};
      deepEqual([MessageGroupId, MessageDeduplicationId], ['a', 'first']);
    },
  },
  {
    id: 'fifo/sequence',
    title: 'sequence numbers grow in a group, and are received',
    page: 'API_SendMessage',
    says: 'SequenceNumber continues to increase for a particular MessageGroupId.',
    async run(endpoint) {
      const QueueUrl = await queueWith(endpoint);
      const numbers: string[] = [];
      for (const body of ['a1', 'a2', 'a3']) numbers.push((await sendToGroup(endpoint, QueueUrl, body)).SequenceNumber ?? '');
      ok(numbers.every((number) => /^\d+$/.test(number)), `${numbers} are no numbers`);
      ok(numbers.every((number, i) => i === 0 || BigInt(number) > BigInt(numbers[i - 1] as string)), `${numbers} do not grow`);
      equal((await receiveOne(endpoint, QueueUrl)).Attributes?.SequenceNumber, numbers[0]);
    },
  },
  {
    id: 'fifo/attempt',
    title: 'a receive that is repeated with its attempt id gives the same messages and handles',
    page: 'API_ReceiveMessage',
    says: 'During a visibility timeout, subsequent calls with the same ReceiveRequestAttemptId return the same messages and receipt handles.',
    async run(endpoint) {
      const QueueUrl = await queueWith(endpoint, 'a1', 'b1');
      const first = await attempt(endpoint, QueueUrl, 'x');
      equal(first.length, 1);
      deepEqual(await attempt(endpoint, QueueUrl, 'x'), first);
      notDeepEqual(await attempt(endpoint, QueueUrl, 'y'), first);
    },
  },
  {
    id: 'fifo/attempt-modified',
    title: 'an attempt is over once its message is deleted or changed',
    page: 'API_ReceiveMessage',
    says: 'It is possible to retry the ReceiveMessage action with the same ReceiveRequestAttemptId if none of the messages have been modified '
      + '(deleted or had their visibility changes).',
    async run(endpoint) {
      const QueueUrl = await queueWith(endpoint, 'a1', 'b1');
      const [first] = await attempt(endpoint, QueueUrl, 'x');
      deepEqual(await attempt(endpoint, QueueUrl, 'x'), [first], 'it can be repeated before');
      await deleteMessage(endpoint, QueueUrl, first as { ReceiptHandle: string });
      const [second] = await attempt(endpoint, QueueUrl, 'x');
      equal(second?.Body, 'b1');
      await change(endpoint, QueueUrl, second?.ReceiptHandle, 60);
      deepEqual(await attempt(endpoint, QueueUrl, 'x'), []);
    },
  },
  {
    id: 'fifo/attempt-5-minutes',
    title: 'an attempt can be repeated for 5 minutes',
    page: 'API_ReceiveMessage',
    says: 'You can use ReceiveRequestAttemptId only for 5 minutes after a ReceiveMessage action.',
    needs: 'clock',
    async run(endpoint) {
      const QueueUrl = await queueWith(endpoint, 'a1');
      const first = await attempt(endpoint, QueueUrl, 'x', 3600);
      equal(first.length, 1);
      await endpoint.clock.elapse(300);
      deepEqual(await attempt(endpoint, QueueUrl, 'x', 3600), []);
    },
  },
  {
    id: 'fifo/attempt-resets',
    title: 'a repeated attempt starts the visibility timeout again',
    page: 'API_ReceiveMessage',
    says: 'If a retry occurs within the deduplication interval, it resets the visibility timeout.',
    needs: 'clock',
    async run(endpoint) {
      const QueueUrl = await queueWith(endpoint, 'a1');
      await attempt(endpoint, QueueUrl, 'x', 60);
      await endpoint.clock.elapse(50);
      equal((await attempt(endpoint, QueueUrl, 'x', 60)).length, 1);
      await endpoint.clock.elapse(50);
      await receiveNone(endpoint, QueueUrl, 'its visibility timeout began again');
      await endpoint.clock.elapse(10);
      await receiveOne(endpoint, QueueUrl);
    },
  },
];
