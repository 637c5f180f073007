import { equal } from 'node:assert/strict';
import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../case';
import type { Endpoint } from '../endpoint';
import { fails } from '../refusals';
import { attributesOf, createQueue, receiveNone, receiveOne, send, setAttributes, until } from '../steps';

const DAY = 86_400;

const purge = ({ sqs }: Endpoint, QueueUrl: string) => sqs.send(new PurgeQueueCommand({ QueueUrl }));

export const retentionCases: ConformanceCase[] = [
  {
    id: 'retention/period',
    title: 'a message is gone after the retention period of its queue',
    page: 'API_DeleteMessage',
    says: 'Amazon SQS automatically deletes messages left in a queue longer than the retention period configured for the queue.',
    needs: 'clock',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { MessageRetentionPeriod: '60' });
      await send(endpoint, QueueUrl, 'a');
      await endpoint.clock.elapse(59);
      equal((await receiveOne(endpoint, QueueUrl, { VisibilityTimeout: 0 })).Body, 'a');
      await endpoint.clock.elapse(2);
      await receiveNone(endpoint, QueueUrl, 'its time is over');
    },
  },
  {
    id: 'retention/4-days',
    title: 'a message is kept for 4 days by default',
    page: 'API_CreateQueue',
    says: 'Default: 345,600 (4 days).',
    needs: 'clock',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a');
      await endpoint.clock.elapse(4 * DAY - 1);
      equal((await receiveOne(endpoint, QueueUrl, { VisibilityTimeout: 0 })).Body, 'a');
      await endpoint.clock.elapse(2);
      await receiveNone(endpoint, QueueUrl, 'its time is over');
    },
  },
  {
    id: 'retention/reduced',
    title: 'a shorter retention period holds for what is in the queue',
    page: 'API_SetQueueAttributes',
    says: 'Changes made to the MessageRetentionPeriod attribute can take up to 15 minutes and will impact existing messages in the queue '
      + 'potentially causing them to be expired and deleted if the MessageRetentionPeriod is reduced below the age of existing messages.',
    needs: 'clock',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'old');
      await endpoint.clock.elapse(DAY);
      await send(endpoint, QueueUrl, 'new');
      await setAttributes(endpoint, QueueUrl, { MessageRetentionPeriod: '3600' });
      await endpoint.clock.elapse(900);
      equal((await receiveOne(endpoint, QueueUrl)).Body, 'new');
      await receiveNone(endpoint, QueueUrl, 'its time is over');
    },
  },
  {
    id: 'purge/all',
    title: 'PurgeQueue deletes what is available and what is in flight',
    page: 'API_PurgeQueue',
    says: 'Deletes available messages in a queue (including in-flight messages) specified by the QueueURL parameter.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'in flight');
      await receiveOne(endpoint, QueueUrl, { VisibilityTimeout: 1 });
      await send(endpoint, QueueUrl, 'available');
      await purge(endpoint, QueueUrl);
      await until('the queue is empty', async () => {
        const attributes = await attributesOf(endpoint, QueueUrl);
        return attributes['ApproximateNumberOfMessages'] === '0' && attributes['ApproximateNumberOfMessagesNotVisible'] === '0';
      });
      await endpoint.clock.elapse(1);
      await receiveNone(endpoint, QueueUrl, 'the queue was purged');
    },
  },
  {
    id: 'purge/in-progress',
    title: 'PurgeQueue is refused within 60 seconds of another',
    page: 'API_PurgeQueue',
    says: 'Indicates that the specified queue previously received a PurgeQueue request within the last 60 seconds '
      + '(the time it can take to delete the messages in the queue).',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await purge(endpoint, QueueUrl);
      await fails(purge(endpoint, QueueUrl), 'PurgeQueueInProgress');
    },
  },
  {
    id: 'purge/again',
    title: 'PurgeQueue is possible again after 60 seconds',
    page: 'API_PurgeQueue',
    says: 'The message deletion process takes up to 60 seconds.',
    needs: 'clock',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await purge(endpoint, QueueUrl);
      await endpoint.clock.elapse(59);
      await fails(purge(endpoint, QueueUrl), 'PurgeQueueInProgress');
      await endpoint.clock.elapse(1);
      await purge(endpoint, QueueUrl);
    },
  },
];
