import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../case';
import { refuses } from '../refusals';
import { bodiesOf, createQueue, receive, receiveAll, receiveOne, send } from '../steps';

export const receivingCases: ConformanceCase[] = [
  {
    id: 'receiving/at-most',
    title: 'a receive gives at most as many messages as it asks for',
    page: 'API_ReceiveMessage',
    says: 'Amazon SQS never returns more messages than this value (however, fewer messages might be returned).',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      for (const body of ['a', 'b', 'c', 'd']) await send(endpoint, QueueUrl, body);
      const first = await receive(endpoint, QueueUrl, { MaxNumberOfMessages: 3, WaitTimeSeconds: 1 });
      ok(first.length >= 1 && first.length <= 3, `${first.length} messages came, not 1 to 3`);
      const rest = await receiveAll(endpoint, QueueUrl, 4 - first.length);
      deepEqual(bodiesOf([...first, ...rest]).sort(), ['a', 'b', 'c', 'd']);
    },
  },
  {
    id: 'receiving/one-by-default',
    title: 'a receive gives 1 to 10 messages, one by default',
    page: 'API_ReceiveMessage',
    says: 'Valid values: 1 to 10. Default: 1.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      for (const body of ['a', 'b']) await send(endpoint, QueueUrl, body);
      equal((await receive(endpoint, QueueUrl, { MaxNumberOfMessages: undefined, WaitTimeSeconds: 1 })).length, 1);
      await receive(endpoint, QueueUrl, { MaxNumberOfMessages: 10 });
      await refuses(receive(endpoint, QueueUrl, { MaxNumberOfMessages: 11 }), 'MaxNumberOfMessages 11');
      await refuses(receive(endpoint, QueueUrl, { MaxNumberOfMessages: 0 }), 'MaxNumberOfMessages 0');
    },
  },
  {
    id: 'receiving/empty',
    title: 'without messages there is no list',
    page: 'API_ReceiveMessage',
    says: 'If no messages are available and the wait time expires, the call does not return a message list.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      equal((await endpoint.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }))).Messages, undefined);
    },
  },
  {
    id: 'receiving/count',
    title: 'a message knows how often it was received',
    page: 'API_ReceiveMessage',
    says: 'ApproximateReceiveCount – Returns the number of times a message has been received across all queues but not deleted.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { VisibilityTimeout: '0' });
      await send(endpoint, QueueUrl, 'a');
      for (const count of ['1', '2', '3']) equal((await receiveOne(endpoint, QueueUrl)).Attributes?.ApproximateReceiveCount, count);
    },
  },
  {
    id: 'receiving/first-receive',
    title: 'a message knows when it was first received',
    page: 'API_ReceiveMessage',
    says: 'ApproximateFirstReceiveTimestamp – Returns the time the message was first received from the queue (epoch time in milliseconds).',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { VisibilityTimeout: '0' });
      await send(endpoint, QueueUrl, 'a');
      await endpoint.clock.elapse(1);
      const { Attributes: { SentTimestamp, ApproximateFirstReceiveTimestamp: first } = {} } = await receiveOne(endpoint, QueueUrl);
      ok(Number(first) - Number(SentTimestamp) >= 900, `sent at ${SentTimestamp} and first received at ${first}`);
      await endpoint.clock.elapse(1);
      equal((await receiveOne(endpoint, QueueUrl)).Attributes?.ApproximateFirstReceiveTimestamp, first);
    },
  },
  {
    id: 'receiving/sent',
    title: 'a message knows when it was sent',
    page: 'API_ReceiveMessage',
    says: 'SentTimestamp – Returns the time the message was sent to the queue (epoch time in milliseconds).',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a');
      const sent = Number((await receiveOne(endpoint, QueueUrl)).Attributes?.SentTimestamp);
      ok(Math.abs(sent - await endpoint.clock.now()) < 60_000, `sent at ${sent}`);
    },
  },
  {
    id: 'receiving/all-attributes',
    title: 'all system attributes come when All is asked for',
    page: 'API_ReceiveMessage',
    says: 'All – Returns all values.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a');
      const { Attributes = {} } = await receiveOne(endpoint, QueueUrl, { AttributeNames: undefined, MessageSystemAttributeNames: ['All'] });
      for (const name of ['ApproximateFirstReceiveTimestamp', 'ApproximateReceiveCount', 'SenderId', 'SentTimestamp']) {
        ok(name in Attributes, `${name} is not in ${JSON.stringify(Attributes)}`);
      }
    },
  },
  {
    id: 'receiving/asked-attributes',
    title: 'only the system attributes come that are asked for',
    page: 'API_ReceiveMessage',
    says: 'A list of attributes that need to be returned along with each message.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { VisibilityTimeout: '0' });
      await send(endpoint, QueueUrl, 'a');
      const asked = async (names?: string[]) =>
        (await receiveOne(endpoint, QueueUrl, { AttributeNames: undefined, MessageSystemAttributeNames: names })).Attributes ?? {};
      deepEqual(await asked(['ApproximateReceiveCount']), { ApproximateReceiveCount: '1' });
      deepEqual(await asked(), {});
    },
  },
  {
    id: 'receiving/former-name',
    title: 'the former name of the parameter still works',
    page: 'API_ReceiveMessage',
    says: 'This parameter has been discontinued but will be supported for backward compatibility.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      await send(endpoint, QueueUrl, 'a');
      const message = await receiveOne(endpoint, QueueUrl, { AttributeNames: ['ApproximateReceiveCount'], MessageSystemAttributeNames: undefined });
      deepEqual(message.Attributes, { ApproximateReceiveCount: '1' });
    },
  },
  {
    id: 'receiving/trace-header',
    title: 'the trace header is received',
    page: 'API_ReceiveMessage',
    says: 'AWSTraceHeader – Returns the X-Ray trace header string.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      const StringValue = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1';
      await send(endpoint, QueueUrl, 'a', { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue } } });
      equal((await receiveOne(endpoint, QueueUrl)).Attributes?.AWSTraceHeader, StringValue);
    },
  },
  {
    id: 'receiving/tenants',
    title: 'messages of a standard queue may have a group, and are received in parallel all the same',
    page: 'API_SendMessage',
    says: 'Unlike FIFO queues, messages with the same MessageGroupId can be processed in parallel, maintaining the high throughput of standard queues.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint);
      for (const body of ['a', 'b']) await send(endpoint, QueueUrl, body, { MessageGroupId: 'tenant' });
      for (let i = 0; i < 2; i++) equal((await receiveOne(endpoint, QueueUrl)).Attributes?.MessageGroupId, 'tenant');
    },
  },
  {
    id: 'receiving/new-handle',
    title: 'each receive gives a new receipt handle',
    page: 'API_Message',
    says: 'A new receipt handle is returned every time you receive a message.',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { VisibilityTimeout: '0' });
      await send(endpoint, QueueUrl, 'a');
      const first = await receiveOne(endpoint, QueueUrl);
      const second = await receiveOne(endpoint, QueueUrl);
      equal(second.MessageId, first.MessageId);
      notEqual(second.ReceiptHandle, first.ReceiptHandle);
    },
  },
];
