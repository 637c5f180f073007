import { equal } from 'node:assert/strict';
import type { Message } from '@aws-sdk/client-sqs';
import { BulkClient } from '../bulk';
import type { ConformanceCase } from '../case';
import type { Endpoint } from '../endpoint';
import { fails } from '../refusals';
import { createQueue, deleteMessage, FIFO, type QueueAttributes, receive, receiveOne, send } from '../steps';

const CEILING = 120_000;
const AT_ONCE = 16;

/** A queue with 120,000 messages in flight, one of which is given, and one more that is available. Each is in a group of its own. */
async function full(endpoint: Endpoint, attributes: QueueAttributes): Promise<{ QueueUrl: string; one: Message }> {
  const QueueUrl = await createQueue(endpoint, { ...attributes, VisibilityTimeout: '43200' });
  const group = (MessageGroupId: string) => (attributes.FifoQueue ? { MessageGroupId } : {});
  const bulk = new BulkClient(endpoint.url);
  try {
    await inParallel(CEILING / 10, (batch) => bulk.call('SendMessageBatch', {
      QueueUrl, Entries: Array.from({ length: 10 }, (_, i) => ({ Id: String(i), MessageBody: `${batch}-${i}`, ...group(`${batch}-${i}`) })),
    }));
    const one = await receiveAllOf(bulk, QueueUrl);
    await send(endpoint, QueueUrl, 'one more', group('last'));
    return { QueueUrl, one };
  } finally {
    bulk.close();
  }
}

async function receiveAllOf(bulk: BulkClient, QueueUrl: string): Promise<Message> {
  const handles = new Set<string>();
  let before = -1;
  while (handles.size < CEILING && handles.size > before) {
    before = handles.size;
    await inParallel(Math.ceil((CEILING - before) / 10), async () => {
      const { Messages } = await bulk.call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
      for (const { ReceiptHandle } of (Messages ?? []) as Message[]) handles.add(ReceiptHandle as string);
    });
  }
  equal(handles.size, CEILING, `${handles.size} messages are in flight, not ${CEILING}`);
  const [ReceiptHandle] = handles;
  return { ReceiptHandle };
}

async function inParallel(count: number, run: (i: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (next < count) await run(next++);
  }));
}

export const inFlightCases: ConformanceCase[] = [
  {
    id: 'in-flight/standard',
    title: 'with 120,000 messages in flight a short poll is OverLimit, and a long poll gives nothing',
    page: 'quotas-queues',
    says: 'If you reach this quota while using short polling, Amazon SQS returns the OverLimit error message. '
      + 'If you use long polling, Amazon SQS returns no error messages.',
    needs: 'scale',
    async run(endpoint) {
      const { QueueUrl, one } = await full(endpoint, {});
      await fails(receive(endpoint, QueueUrl), 'OverLimit');
      equal((await receive(endpoint, QueueUrl, { WaitTimeSeconds: 1 })).length, 0);
      await deleteMessage(endpoint, QueueUrl, one);
      equal((await receiveOne(endpoint, QueueUrl)).Body, 'one more');
    },
  },
  {
    id: 'in-flight/fifo',
    title: 'with 120,000 messages in flight a FIFO queue gives nothing and no error',
    page: 'API_ChangeMessageVisibility',
    says: 'For FIFO queues, there can be a maximum of 120,000 in flight messages (received from a queue by a consumer, '
      + 'but not yet deleted from the queue). If you reach this limit, Amazon SQS returns no error messages.',
    needs: 'scale',
    async run(endpoint) {
      const { QueueUrl, one } = await full(endpoint, FIFO);
      equal((await receive(endpoint, QueueUrl)).length, 0, 'a message was received beyond the ceiling');
      await deleteMessage(endpoint, QueueUrl, one);
      equal((await receiveOne(endpoint, QueueUrl)).Body, 'one more');
    },
  },
];
