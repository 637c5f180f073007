import { equal } from 'node:assert/strict';
import type { ConformanceCase } from '../case';
import { refuses } from '../refusals';
import { createQueue, FIFO, receiveNone, receiveOne, send, sendToGroup, setAttributes } from '../steps';

export const delayCases: ConformanceCase[] = [
  {
    id: 'delays/message',
    title: 'a message may be delayed',
    page: 'API_SendMessage',
    says: 'Messages with a positive DelaySeconds value become available for processing after the delay period is finished.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a', { DelaySeconds: 3 });
      await receiveNone(endpoint, QueueUrl, 'it is delayed');
      await endpoint.clock.elapse(3);
      equal((await receiveOne(endpoint, QueueUrl)).Body, 'a');
    },
  },
  {
    id: 'delays/queue',
    title: 'a queue may delay all its messages',
    page: 'API_SendMessage',
    says: 'If you don\'t specify a value, the default value for the queue applies.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { DelaySeconds: '3' });
      await send(endpoint, QueueUrl, 'a');
      await receiveNone(endpoint, QueueUrl, 'it is delayed');
      await endpoint.clock.elapse(3);
      equal((await receiveOne(endpoint, QueueUrl)).Body, 'a');
    },
  },
  {
    id: 'delays/override',
    title: 'the delay of a message replaces that of its queue',
    page: 'sqs-message-timers',
    says: 'A message timer setting for an individual message overrides any DelaySeconds value on an Amazon SQS delay queue.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { DelaySeconds: '900' });
      await send(endpoint, QueueUrl, 'a', { DelaySeconds: 0 });
      equal((await receiveOne(endpoint, QueueUrl)).Body, 'a');
    },
  },
  {
    id: 'delays/range',
    title: 'a delay is from 0 to 15 minutes',
    page: 'API_SendMessage',
    says: 'Valid values: 0 to 900. Maximum: 15 minutes.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a', { DelaySeconds: 900 });
      await refuses(send(endpoint, QueueUrl, 'a', { DelaySeconds: 901 }), 'DelaySeconds 901');
      await refuses(send(endpoint, QueueUrl, 'a', { DelaySeconds: -1 }), 'DelaySeconds -1');
    },
  },
  {
    id: 'delays/15-minutes',
    title: 'a delay of 15 minutes lasts 15 minutes',
    page: 'sqs-message-timers',
    says: 'For example, if you send a message with a 45-second timer, the message isn\'t visible to consumers for its first 45 seconds in the queue.',
    needs: 'clock',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a', { DelaySeconds: 900 });
      await endpoint.clock.elapse(899);
      await receiveNone(endpoint, QueueUrl, '15 minutes are not over');
      await endpoint.clock.elapse(1);
      equal((await receiveOne(endpoint, QueueUrl)).Body, 'a');
    },
  },
  {
    id: 'delays/fifo',
    title: 'a message for a FIFO queue has no delay of its own',
    page: 'API_SendMessage',
    says: 'When you set FifoQueue, you can\'t set DelaySeconds per message.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, FIFO);
      await sendToGroup(endpoint, QueueUrl, 'a');
      await refuses(sendToGroup(endpoint, QueueUrl, 'b', { DelaySeconds: 2 }), 'DelaySeconds on a FIFO queue');
    },
  },
  {
    id: 'delays/fifo-queue',
    title: 'a FIFO queue may delay all its messages',
    page: 'API_SendMessage',
    says: 'You can set this parameter only on a queue level.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { ...FIFO, DelaySeconds: '3' });
      await sendToGroup(endpoint, QueueUrl, 'a');
      await receiveNone(endpoint, QueueUrl, 'it is delayed');
      await endpoint.clock.elapse(3);
      equal((await receiveOne(endpoint, QueueUrl)).Body, 'a');
    },
  },
  {
    id: 'delays/not-retroactive',
    title: 'a new delay of a standard queue leaves what is in it',
    page: 'sqs-delay-queues',
    says: 'For standard queues, the per-queue delay setting is not retroactive—changing the setting doesn\'t affect the delay of messages '
      + 'already in the queue.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { DelaySeconds: '900' });
      await send(endpoint, QueueUrl, 'a');
      await setAttributes(endpoint, QueueUrl, { DelaySeconds: '0' });
      await receiveNone(endpoint, QueueUrl, 'its delay is that of its time');
    },
  },
  {
    id: 'delays/retroactive',
    title: 'a new delay of a FIFO queue holds for what is in it',
    page: 'sqs-delay-queues',
    says: 'For FIFO queues, the per-queue delay setting is retroactive—changing the setting affects the delay of messages already in the queue.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { ...FIFO, DelaySeconds: '900' });
      await sendToGroup(endpoint, QueueUrl, 'a');
      await setAttributes(endpoint, QueueUrl, { DelaySeconds: '0' });
      equal((await receiveOne(endpoint, QueueUrl)).Body, 'a');
    },
  },
];
