import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { ListDeadLetterSourceQueuesCommand } from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../case';
import { bury, createPair, redriveTo } from '../dead-letter-pair';
import type { Endpoint } from '../endpoint';
import { refuses } from '../refusals';
import { arnOf, createQueue, FIFO, receiveNone, receiveOne, send, sendToGroup, setAttributes } from '../steps';

const DAY = 86_400;

async function sourcesOf({ sqs }: Endpoint, QueueUrl: string, input: object = {}) {
  const { queueUrls = [], NextToken } = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl, ...input }));
  return { urls: queueUrls, NextToken };
}

export const deadLetterCases: ConformanceCase[] = [
  {
    id: 'dead-letters/moved',
    title: 'a message that was received too often goes to the dead-letter queue',
    page: 'API_SetQueueAttributes',
    says: 'When the ReceiveCount for a message exceeds the maxReceiveCount for a queue, Amazon SQS moves the message to the dead-letter-queue.',
    async run(endpoint) {
      const { queue, dlq } = await createPair(endpoint, 2);
      await send(endpoint, queue, 'a');
      for (let i = 0; i < 2; i++) await receiveOne(endpoint, queue, { VisibilityTimeout: 0 });
      await receiveNone(endpoint, queue, 'it was received twice');
      equal((await receiveOne(endpoint, dlq)).Body, 'a');
      await receiveNone(endpoint, queue, 'it was moved');
    },
  },
  {
    id: 'dead-letters/count',
    title: 'receives are counted across queues',
    page: 'API_ReceiveMessage',
    says: 'ApproximateReceiveCount – Returns the number of times a message has been received across all queues but not deleted.',
    async run(endpoint) {
      const { queue, dlq } = await createPair(endpoint, 2);
      await bury(endpoint, queue, 2, 'a');
      equal((await receiveOne(endpoint, dlq)).Attributes?.ApproximateReceiveCount, '3');
    },
  },
  {
    id: 'dead-letters/source',
    title: 'a dead letter names the queue it comes from',
    page: 'API_ReceiveMessage',
    says: 'Valid Values: All | SenderId | SentTimestamp | ApproximateReceiveCount | ApproximateFirstReceiveTimestamp | SequenceNumber '
      + '| MessageDeduplicationId | MessageGroupId | AWSTraceHeader | DeadLetterQueueSourceArn',
    async run(endpoint) {
      const { queue, dlq } = await createPair(endpoint);
      await bury(endpoint, queue, 1, 'a');
      equal((await receiveOne(endpoint, dlq)).Attributes?.DeadLetterQueueSourceArn, await arnOf(endpoint, queue));
    },
  },
  {
    id: 'dead-letters/sent',
    title: 'a dead letter of a standard queue keeps the time it was sent',
    page: 'setting-up-dead-letter-queue-retention',
    says: 'When a message is moved to a dead-letter queue, the enqueue timestamp is unchanged.',
    async run(endpoint) {
      const { queue, dlq } = await createPair(endpoint);
      await send(endpoint, queue, 'a');
      const { SentTimestamp } = (await receiveOne(endpoint, queue, { VisibilityTimeout: 0 })).Attributes ?? {};
      await endpoint.clock.elapse(1);
      await receiveNone(endpoint, queue, 'it was received once');
      equal((await receiveOne(endpoint, dlq)).Attributes?.SentTimestamp, SentTimestamp);
    },
  },
  {
    id: 'dead-letters/retention',
    title: 'a dead letter of a standard queue is kept from the time it was sent',
    page: 'setting-up-dead-letter-queue-retention',
    says: 'For standard queues, the expiration of a message is always based on its original enqueue timestamp.',
    needs: 'clock',
    async run(endpoint) {
      const { queue, dlq } = await createPair(endpoint, 1, {}, { MessageRetentionPeriod: String(4 * DAY) });
      await send(endpoint, queue, 'a');
      await endpoint.clock.elapse(DAY);
      await receiveOne(endpoint, queue, { VisibilityTimeout: 0 });
      await receiveNone(endpoint, queue, 'it was received once');
      await endpoint.clock.elapse(3 * DAY - 60);
      await receiveOne(endpoint, dlq, { VisibilityTimeout: 0 });
      await endpoint.clock.elapse(120);
      await receiveNone(endpoint, dlq, '4 days are over');
    },
  },
  {
    id: 'dead-letters/fifo-retention',
    title: 'a dead letter of a FIFO queue is kept from the time it was moved',
    page: 'setting-up-dead-letter-queue-retention',
    says: 'For FIFO queues, the enqueue timestamp resets when the message is moved to a dead-letter queue.',
    needs: 'clock',
    async run(endpoint) {
      const { queue, dlq } = await createPair(endpoint, 1, FIFO, { MessageRetentionPeriod: String(4 * DAY) });
      await sendToGroup(endpoint, queue, 'a');
      await endpoint.clock.elapse(DAY);
      await receiveOne(endpoint, queue, { VisibilityTimeout: 0 });
      await receiveNone(endpoint, queue, 'it was received once');
      await endpoint.clock.elapse(4 * DAY - 60);
      await receiveOne(endpoint, dlq, { VisibilityTimeout: 0 });
      await endpoint.clock.elapse(120);
      await receiveNone(endpoint, dlq, '4 days are over');
    },
  },
  {
    id: 'dead-letters/fifo-id',
    title: 'a dead letter of a FIFO queue has its message id for deduplication',
    page: 'sqs-configure-dead-letter-queue-redrive',
    says: 'When a message is moved from a FIFO queue to a FIFO DLQ, the original message\'s deduplication ID will be replaced '
      + 'with the original message\'s ID.',
    async run(endpoint) {
      const { queue, dlq } = await createPair(endpoint, 1, FIFO);
      const { MessageId } = await sendToGroup(endpoint, queue, 'a', { MessageDeduplicationId: 'first' });
      await receiveOne(endpoint, queue, { VisibilityTimeout: 0 });
      await receiveNone(endpoint, queue, 'it was received once');
      equal((await receiveOne(endpoint, dlq)).Attributes?.MessageDeduplicationId, MessageId);
    },
  },
  {
    id: 'dead-letters/fifo-next',
    title: 'a group goes on when its first message is dead-lettered',
    page: 'avoid-backlog-with-the-same-message-group-id',
    says: 'This ensures that other messages in the same message group can be processed, preventing system bottlenecks.',
    async run(endpoint) {
      const { queue } = await createPair(endpoint, 1, FIFO);
      for (const body of ['a1', 'a2']) await sendToGroup(endpoint, queue, body);
      equal((await receiveOne(endpoint, queue, { VisibilityTimeout: 0 })).Body, 'a1');
      equal((await receiveOne(endpoint, queue)).Body, 'a2');
    },
  },
  {
    id: 'dead-letters/same-type',
    title: 'a queue and its dead-letter queue are of the same type',
    page: 'API_SetQueueAttributes',
    says: 'The dead-letter queue of a FIFO queue must also be a FIFO queue. Similarly, the dead-letter queue of a standard queue must also be a standard queue.',
    async run(endpoint) {
      const { queue } = await createPair(endpoint);
      const fifo = await createQueue(endpoint, FIFO);
      await refuses(setAttributes(endpoint, queue, await redriveTo(endpoint, fifo)), 'a FIFO dead-letter queue of a standard queue');
      await refuses(setAttributes(endpoint, fifo, await redriveTo(endpoint, queue)), 'a standard dead-letter queue of a FIFO queue');
    },
  },
  {
    id: 'dead-letters/exists',
    title: 'a dead-letter queue is there before it is named',
    page: 'sqs-dead-letter-queues',
    says: 'You must first create a new queue before configuring it as a dead-letter queue.',
    async run(endpoint) {
      const { queue, dlqArn } = await createPair(endpoint);
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${dlqArn}x`, maxReceiveCount: 1 });
      await refuses(setAttributes(endpoint, queue, { RedrivePolicy }), 'a dead-letter queue that is not there');
    },
  },
  {
    id: 'dead-letters/deny-all',
    title: 'a queue may refuse to be a dead-letter queue',
    page: 'API_SetQueueAttributes',
    says: 'denyAll – No source queues can specify this queue as the dead-letter queue.',
    async run(endpoint) {
      const [queue, dlq] = [await createQueue(endpoint), await createQueue(endpoint)];
      await setAttributes(endpoint, dlq, { RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'denyAll' }) });
      const attributes = await redriveTo(endpoint, dlq);
      await refuses(setAttributes(endpoint, queue, attributes), 'a dead-letter queue that denies all');
      await setAttributes(endpoint, dlq, { RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'allowAll' }) });
      await setAttributes(endpoint, queue, attributes);
    },
  },
  {
    id: 'dead-letters/by-queue',
    title: 'a queue may name those it is a dead-letter queue for',
    page: 'API_SetQueueAttributes',
    says: 'byQueue – Only queues specified by the sourceQueueArns parameter can specify this queue as the dead-letter queue.',
    async run(endpoint) {
      const [queue, other, dlq] = [await createQueue(endpoint), await createQueue(endpoint), await createQueue(endpoint)];
      const allow = { redrivePermission: 'byQueue', sourceQueueArns: [await arnOf(endpoint, queue)] };
      await setAttributes(endpoint, dlq, { RedriveAllowPolicy: JSON.stringify(allow) });
      await setAttributes(endpoint, queue, await redriveTo(endpoint, dlq));
      await refuses(setAttributes(endpoint, other, await redriveTo(endpoint, dlq)), 'a queue that is not named');
    },
  },
  {
    id: 'dead-letters/ten-sources',
    title: 'a queue may name up to ten of them',
    page: 'API_SetQueueAttributes',
    says: 'You can specify up to 10 source queue ARNs.',
    async run(endpoint) {
      const dlq = await createQueue(endpoint);
      const arn = await arnOf(endpoint, dlq);
      const naming = (count: number) => ({
        RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: Array.from({ length: count }, (_, i) => `${arn}-${i}`) }),
      });
      await setAttributes(endpoint, dlq, naming(10));
      await refuses(setAttributes(endpoint, dlq, naming(11)), 'eleven sources');
    },
  },
  {
    id: 'dead-letters/sources',
    title: 'ListDeadLetterSourceQueues lists the queues that name this one',
    page: 'API_ListDeadLetterSourceQueues',
    says: 'Returns a list of your queues that have the RedrivePolicy queue attribute configured with a dead-letter queue.',
    async run(endpoint) {
      const { queue, dlq } = await createPair(endpoint);
      const second = await createQueue(endpoint, await redriveTo(endpoint, dlq));
      await createQueue(endpoint);
      deepEqual((await sourcesOf(endpoint, dlq)).urls.sort(), [queue, second].sort());
    },
  },
  {
    id: 'dead-letters/source-pages',
    title: 'ListDeadLetterSourceQueues lists in pages',
    page: 'API_ListDeadLetterSourceQueues',
    says: 'If you set MaxResults and there are additional results to display, the response includes a value for NextToken.',
    async run(endpoint) {
      const { queue, dlq } = await createPair(endpoint);
      const second = await createQueue(endpoint, await redriveTo(endpoint, dlq));
      const first = await sourcesOf(endpoint, dlq, { MaxResults: 1 });
      ok(first.NextToken, 'there is another page');
      const last = await sourcesOf(endpoint, dlq, { MaxResults: 1, NextToken: first.NextToken });
      notEqual(last.urls[0], first.urls[0]);
      deepEqual([...first.urls, ...last.urls].sort(), [queue, second].sort());
    },
  },
];
