import { deepEqual, equal, ok } from 'node:assert/strict';
import type { ConformanceCase } from '../case';
import type { Endpoint } from '../endpoint';
import { refuses } from '../refusals';
import { bodiesOf, createQueue, deleteMessage, drain, FIFO, type QueueAttributes, receiveNone, receiveOne, sendToGroup } from '../steps';

const PLAIN: QueueAttributes = { FifoQueue: 'true' };

/** What comes out of a queue that these went into, each as [body, deduplication id]. */
async function delivered(endpoint: Endpoint, attributes: QueueAttributes, ...messages: [body: string, id?: string][]) {
  const QueueUrl = await createQueue(endpoint, attributes);
  for (const [body, MessageDeduplicationId] of messages) await sendToGroup(endpoint, QueueUrl, body, { MessageDeduplicationId });
  const bodies = bodiesOf(await drain(endpoint, QueueUrl, messages.length));
  return bodies.sort();
}

export const deduplicationCases: ConformanceCase[] = [
  {
    id: 'deduplication/by-id',
    title: 'a second message with the same deduplication id is accepted, and not delivered',
    page: 'API_SendMessage',
    says: 'If a message with a particular MessageDeduplicationId is sent successfully, any messages sent with the same MessageDeduplicationId '
      + 'are accepted successfully but aren\'t delivered during the 5-minute deduplication interval.',
    async run(endpoint) {
      deepEqual(await delivered(endpoint, PLAIN, ['a', '1'], ['b', '1'], ['c', '2']), ['a', 'c']);
    },
  },
  {
    id: 'deduplication/after-deletion',
    title: 'a deduplication id is remembered after its message is deleted',
    page: 'API_SendMessage',
    says: 'Amazon SQS continues to keep track of the message deduplication ID even after the message is received and deleted.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, PLAIN);
      await sendToGroup(endpoint, QueueUrl, 'a', { MessageDeduplicationId: '1' });
      await deleteMessage(endpoint, QueueUrl, await receiveOne(endpoint, QueueUrl));
      await sendToGroup(endpoint, QueueUrl, 'a', { MessageDeduplicationId: '1' });
      await receiveNone(endpoint, QueueUrl, 'its deduplication id is known');
    },
  },
  {
    id: 'deduplication/5-minutes',
    title: 'a deduplication id is remembered for 5 minutes',
    page: 'API_SendMessage',
    says: 'If a message is sent successfully but the acknowledgement is lost and the message is resent with the same MessageDeduplicationId '
      + 'after the deduplication interval, Amazon SQS can\'t detect duplicate messages.',
    needs: 'clock',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, PLAIN);
      const resend = () => sendToGroup(endpoint, QueueUrl, 'a', { MessageDeduplicationId: '1' });
      await resend();
      await deleteMessage(endpoint, QueueUrl, await receiveOne(endpoint, QueueUrl));
      await endpoint.clock.elapse(299);
      await resend();
      await receiveNone(endpoint, QueueUrl, '5 minutes are not over');
      await endpoint.clock.elapse(1);
      await resend();
      equal((await receiveOne(endpoint, QueueUrl)).Body, 'a');
    },
  },
  {
    id: 'deduplication/by-content',
    title: 'with content-based deduplication, equal bodies are duplicates',
    page: 'API_SendMessage',
    says: 'When ContentBasedDeduplication is in effect, messages with identical content sent within the deduplication interval are treated as duplicates '
      + 'and only one copy of the message is delivered.',
    async run(endpoint) {
      deepEqual(await delivered(endpoint, FIFO, ['a'], ['a'], ['b']), ['a', 'b']);
    },
  },
  {
    id: 'deduplication/body-only',
    title: 'content is the body, not the attributes',
    page: 'API_SendMessage',
    says: 'Amazon SQS uses a SHA-256 hash to generate the MessageDeduplicationId using the body of the message (but not the attributes of the message).',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, FIFO);
      for (const StringValue of ['1', '2']) {
        await sendToGroup(endpoint, QueueUrl, 'a', { MessageAttributes: { version: { DataType: 'String', StringValue } } });
      }
      equal((await drain(endpoint, QueueUrl, 2)).length, 1);
    },
  },
  {
    id: 'deduplication/override',
    title: 'a deduplication id of its own has priority over the content of a message',
    page: 'API_SendMessage',
    says: 'If the queue has ContentBasedDeduplication set, your MessageDeduplicationId overrides the generated one.',
    async run(endpoint) {
      deepEqual(await delivered(endpoint, FIFO, ['a', '1'], ['a', '2']), ['a', 'a']);
    },
  },
  {
    id: 'deduplication/generated-id',
    title: 'the generated id is one like any other',
    page: 'API_SendMessage',
    says: 'If you send one message with ContentBasedDeduplication enabled and then another message with a MessageDeduplicationId '
      + 'that is the same as the one generated for the first MessageDeduplicationId, the two messages are treated as duplicates '
      + 'and only one copy of the message is delivered.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, FIFO);
      await sendToGroup(endpoint, QueueUrl, 'a');
      const first = await receiveOne(endpoint, QueueUrl);
      const { MessageDeduplicationId } = first.Attributes ?? {};
      ok(MessageDeduplicationId, 'the message has no deduplication id');
      await deleteMessage(endpoint, QueueUrl, first);
      await sendToGroup(endpoint, QueueUrl, 'another body', { MessageDeduplicationId });
      await receiveNone(endpoint, QueueUrl, 'its deduplication id is known');
    },
  },
  {
    id: 'deduplication/no-id',
    title: 'without content-based deduplication a message needs a deduplication id',
    page: 'API_SendMessage',
    says: 'If you don\'t provide a MessageDeduplicationId and the queue doesn\'t have ContentBasedDeduplication set, the action fails with an error.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, PLAIN);
      await sendToGroup(endpoint, QueueUrl, 'a', { MessageDeduplicationId: '1' });
      await refuses(sendToGroup(endpoint, QueueUrl, 'b'), 'a message without a deduplication id');
    },
  },
  {
    id: 'deduplication/id',
    title: 'a deduplication id has up to 128 letters, digits and marks',
    page: 'API_SendMessage',
    says: 'The maximum length of MessageDeduplicationId is 128 characters.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, PLAIN);
      await sendToGroup(endpoint, QueueUrl, 'a', { MessageDeduplicationId: 'x'.repeat(128) });
      for (const MessageDeduplicationId of ['x'.repeat(129), 'a b', 'é']) {
        await refuses(sendToGroup(endpoint, QueueUrl, 'a', { MessageDeduplicationId }), `the id ${JSON.stringify(MessageDeduplicationId)}`);
      }
    },
  },
  {
    id: 'deduplication/queue-scope',
    title: 'duplicates are found in the whole queue',
    page: 'API_CreateQueue',
    says: 'DeduplicationScope – Specifies whether message deduplication occurs at the message group or queue level. Valid values are messageGroup and queue.',
    async run(endpoint) {
      deepEqual(await delivered(endpoint, { ...PLAIN, DeduplicationScope: 'queue' }, ['a', '1'], ['b', '1']), ['a']);
    },
  },
  {
    id: 'deduplication/group-scope',
    title: 'duplicates are found in each group when the queue says so',
    page: 'API_CreateQueue',
    says: 'DeduplicationScope – Specifies whether message deduplication occurs at the message group or queue level. Valid values are messageGroup and queue.',
    async run(endpoint) {
      deepEqual(await delivered(endpoint, { ...PLAIN, DeduplicationScope: 'messageGroup' }, ['a1', '1'], ['b1', '1'], ['a2', '1']), ['a1', 'b1']);
    },
  },
];
