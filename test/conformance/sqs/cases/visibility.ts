import { equal, notEqual } from 'node:assert/strict';
import { ChangeMessageVisibilityCommand, type Message } from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../case';
import type { Endpoint } from '../endpoint';
import { fails, refuses } from '../refusals';
import { createQueue, receive, receiveNone, receiveOne, send } from '../steps';

const change = ({ sqs }: Endpoint, QueueUrl: string, { ReceiptHandle }: Message, VisibilityTimeout: number) =>
  sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));

/** A queue and the message that was just received from it. */
async function inFlight(endpoint: Endpoint, VisibilityTimeout?: number) {
  const QueueUrl = await createQueue(endpoint);
  await send(endpoint, QueueUrl, 'a');
  const message = await receiveOne(endpoint, QueueUrl, { VisibilityTimeout });
  return { QueueUrl, message };
}

export const visibilityCases: ConformanceCase[] = [
  {
    id: 'visibility/hidden',
    title: 'a received message is hidden',
    page: 'API_ReceiveMessage',
    says: 'When a message is received from a queue, it becomes temporarily invisible to other consumers for the duration of the visibility timeout.',
    async run(endpoint) {
      const { QueueUrl } = await inFlight(endpoint);
      await receiveNone(endpoint, QueueUrl, 'it is in flight');
    },
  },
  {
    id: 'visibility/comes-back',
    title: 'a message that is not deleted comes back',
    page: 'API_ReceiveMessage',
    says: 'If the message is not deleted or its visibility timeout is not extended before the timeout expires, '
      + 'it becomes visible again and can be retrieved by other consumers.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { VisibilityTimeout: '1' });
      await send(endpoint, QueueUrl, 'a');
      const { MessageId } = await receiveOne(endpoint, QueueUrl);
      await endpoint.clock.elapse(1);
      equal((await receiveOne(endpoint, QueueUrl)).MessageId, MessageId);
    },
  },
  {
    id: 'visibility/30-seconds',
    title: 'the visibility timeout is 30 seconds by default',
    page: 'API_ReceiveMessage',
    says: 'If not specified, the default visibility timeout for the queue is used, which is 30 seconds.',
    needs: 'clock',
    async run(endpoint) {
      const { QueueUrl } = await inFlight(endpoint);
      await endpoint.clock.elapse(29.9);
      await receiveNone(endpoint, QueueUrl, '30 seconds are not over');
      await endpoint.clock.elapse(0.1);
      await receiveOne(endpoint, QueueUrl);
    },
  },
  {
    id: 'visibility/of-receive',
    title: 'a receive may have a visibility timeout of its own',
    page: 'API_ReceiveMessage',
    says: 'The duration (in seconds) that the received messages are hidden from subsequent retrieve requests after being retrieved by a ReceiveMessage request.',
    async run(endpoint) {
      const { QueueUrl } = await inFlight(endpoint, 1);
      await endpoint.clock.elapse(1);
      await receiveOne(endpoint, QueueUrl, { VisibilityTimeout: 0 });
      await receiveOne(endpoint, QueueUrl);
    },
  },
  {
    id: 'visibility/receive-range',
    title: 'the visibility timeout of a receive is from 0 to 12 hours',
    page: 'sqs-visibility-timeout',
    says: 'The maximum is 12 hours.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await refuses(receive(endpoint, QueueUrl, { VisibilityTimeout: 43_201 }), 'VisibilityTimeout 43,201');
      await refuses(receive(endpoint, QueueUrl, { VisibilityTimeout: -1 }), 'VisibilityTimeout -1');
      await send(endpoint, QueueUrl, 'a');
      await receiveOne(endpoint, QueueUrl, { VisibilityTimeout: 43_200 });
    },
  },
  {
    id: 'visibility/change-range',
    title: 'a visibility timeout is changed to 0 up to 12 hours',
    page: 'API_ChangeMessageVisibility',
    says: 'Values range: 0 to 43200. Maximum: 12 hours.',
    async run(endpoint) {
      const { QueueUrl, message } = await inFlight(endpoint);
      await refuses(change(endpoint, QueueUrl, message, 43_201), 'VisibilityTimeout 43,201');
      await refuses(change(endpoint, QueueUrl, message, -1), 'VisibilityTimeout -1');
      await change(endpoint, QueueUrl, message, 43_000);
    },
  },
  {
    id: 'visibility/ended',
    title: 'a visibility timeout of 0 makes a message available at once',
    page: 'sqs-visibility-timeout',
    says: 'To terminate a message\'s visibility timeout after calling ReceiveMessage, call ChangeMessageVisibility with VisibilityTimeout set to 0 seconds.',
    async run(endpoint) {
      const { QueueUrl, message } = await inFlight(endpoint);
      await change(endpoint, QueueUrl, message, 0);
      notEqual((await receiveOne(endpoint, QueueUrl)).ReceiptHandle, message.ReceiptHandle);
    },
  },
  {
    id: 'visibility/shortened',
    title: 'a changed visibility timeout counts from the change',
    page: 'API_ChangeMessageVisibility',
    says: 'the 10 seconds begin to count from the time that you make the ChangeMessageVisibility call.',
    async run(endpoint) {
      const { QueueUrl, message } = await inFlight(endpoint);
      await change(endpoint, QueueUrl, message, 1);
      await endpoint.clock.elapse(1);
      await receiveOne(endpoint, QueueUrl);
    },
  },
  {
    id: 'visibility/extended',
    title: 'a visibility timeout can be extended',
    page: 'sqs-visibility-timeout',
    says: 'You can shorten or extend a message\'s visibility by specifying a new timeout value using the ChangeMessageVisibility API action.',
    async run(endpoint) {
      const { QueueUrl, message } = await inFlight(endpoint, 3);
      await change(endpoint, QueueUrl, message, 60);
      await endpoint.clock.elapse(3);
      await receiveNone(endpoint, QueueUrl, 'its visibility timeout was extended');
    },
  },
  {
    id: 'visibility/reverts',
    title: 'a changed visibility timeout holds for one receive',
    page: 'API_ChangeMessageVisibility',
    says: 'If you don\'t delete a message after it is received, the visibility timeout for the message reverts to the original timeout value '
      + '(not to the value you set using the ChangeMessageVisibility action) the next time the message is received.',
    async run(endpoint) {
      const { QueueUrl, message } = await inFlight(endpoint);
      await change(endpoint, QueueUrl, message, 0);
      await receiveOne(endpoint, QueueUrl);
      await receiveNone(endpoint, QueueUrl, 'the visibility timeout is the queue\'s again');
    },
  },
  {
    id: 'visibility/12-hours-left',
    title: 'seconds after the receive, 12 hours are more than is left',
    page: 'API_ChangeMessageVisibility',
    says: 'If you attempt to set the VisibilityTimeout to a value greater than the maximum time left, Amazon SQS returns an error.',
    async run(endpoint) {
      const { QueueUrl, message } = await inFlight(endpoint);
      await endpoint.clock.elapse(2);
      await refuses(change(endpoint, QueueUrl, message, 43_200), 'VisibilityTimeout 43,200 two seconds after the receive');
      await change(endpoint, QueueUrl, message, 43_100);
    },
  },
  {
    id: 'visibility/12-hours',
    title: 'a message comes back 12 hours after its receive at the latest',
    page: 'API_ChangeMessageVisibility',
    says: 'Amazon SQS doesn\'t automatically recalculate and increase the timeout to the maximum remaining time.',
    needs: 'clock',
    async run(endpoint) {
      const { QueueUrl, message } = await inFlight(endpoint, 43_200);
      await endpoint.clock.elapse(11 * 3600);
      await refuses(change(endpoint, QueueUrl, message, 3601), 'an hour and a second, 11 hours after the receive');
      await change(endpoint, QueueUrl, message, 3600);
      await endpoint.clock.elapse(3599);
      await receiveNone(endpoint, QueueUrl, '12 hours are not over');
      await endpoint.clock.elapse(1);
      await receiveOne(endpoint, QueueUrl);
    },
  },
  {
    id: 'visibility/not-in-flight',
    title: 'the visibility of a message that is not in flight cannot be changed',
    page: 'API_ChangeMessageVisibility',
    says: 'The specified message isn\'t in flight.',
    async run(endpoint) {
      const { QueueUrl, message } = await inFlight(endpoint);
      await change(endpoint, QueueUrl, message, 0);
      await fails(change(endpoint, QueueUrl, message, 10), 'MessageNotInflight');
    },
  },
];
