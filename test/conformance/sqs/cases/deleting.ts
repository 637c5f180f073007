import { equal } from 'node:assert/strict';
import type { ConformanceCase } from '../case';
import { fails, refuses } from '../refusals';
import { attributesOf, createQueue, deleteMessage, FIFO, receiveNone, receiveOne, send, sendToGroup, until } from '../steps';

export const deletingCases: ConformanceCase[] = [
  {
    id: 'deleting/deleted',
    title: 'a deleted message does not come back',
    page: 'API_DeleteMessage',
    says: 'Deletes the specified message from the specified queue.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a');
      await deleteMessage(endpoint, QueueUrl, await receiveOne(endpoint, QueueUrl, { VisibilityTimeout: 1 }));
      await endpoint.clock.elapse(1);
      await receiveNone(endpoint, QueueUrl, 'it was deleted');
    },
  },
  {
    id: 'deleting/latest-handle',
    title: 'the handle of the latest receive deletes',
    page: 'API_DeleteMessage',
    says: 'When you want to delete a message using the DeleteMessage action, you must use the ReceiptHandle from the most recent time you received the message.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a');
      await receiveOne(endpoint, QueueUrl, { VisibilityTimeout: 0 });
      await deleteMessage(endpoint, QueueUrl, await receiveOne(endpoint, QueueUrl));
      await until('no message is left', async () => (await attributesOf(endpoint, QueueUrl))['ApproximateNumberOfMessagesNotVisible'] === '0');
      await receiveNone(endpoint, QueueUrl, 'it was deleted');
    },
  },
  {
    id: 'deleting/old-handle',
    title: 'an old handle is no error',
    page: 'API_DeleteMessage',
    says: 'If you use an old ReceiptHandle, the request will succeed, but the message might not be deleted.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a');
      const old = await receiveOne(endpoint, QueueUrl, { VisibilityTimeout: 0 });
      await receiveOne(endpoint, QueueUrl);
      await deleteMessage(endpoint, QueueUrl, old);
    },
  },
  {
    id: 'deleting/no-handle',
    title: 'what is no handle is ReceiptHandleIsInvalid',
    page: 'API_DeleteMessage',
    says: 'The specified receipt handle isn\'t valid.',
    async run(endpoint) {
      await fails(deleteMessage(endpoint, await createQueue(endpoint), { ReceiptHandle: 'nonsense' }), 'ReceiptHandleIsInvalid');
    },
  },
  {
    id: 'deleting/fifo-too-late',
    title: 'a FIFO queue refuses to delete a message whose visibility timeout is over',
    page: 'API_ReceiveMessage',
    says: 'Also, if a consumer whose message processing time is longer than the visibility timeout tries to delete the processed messages, '
      + 'the action fails with an error.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, FIFO);
      await sendToGroup(endpoint, QueueUrl, 'a');
      const late = await receiveOne(endpoint, QueueUrl, { VisibilityTimeout: 1 });
      await endpoint.clock.elapse(2);
      await refuses(deleteMessage(endpoint, QueueUrl, late), 'a handle whose time is over');
      equal((await receiveOne(endpoint, QueueUrl)).Body, 'a');
    },
  },
];
