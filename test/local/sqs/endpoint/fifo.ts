import { deepEqual, equal, ok } from 'node:assert/strict';
import { DeleteMessageCommand, SendMessageCommand, type SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { createQueue, type Endpoint, type EndpointCase, fails, INVALID_VALUE, MISSING_PARAMETER, receive, receiveOne } from './endpoint';

const send = ({ sqs }: Endpoint, QueueUrl: string, MessageBody: string, input: Partial<SendMessageCommandInput> = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: MessageBody.slice(0, 1), ...input }));
const bodies = async (endpoint: Endpoint, QueueUrl: string, input = {}) => (await receive(endpoint, QueueUrl, input)).map(({ Body }) => Body);

export const fifoCases: EndpointCase[] = [
  {
    title: 'a group in flight is locked, other groups are not',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
      for (const body of ['a1', 'a2', 'b1']) await send(endpoint, QueueUrl, body);
      const a1 = await receiveOne(endpoint, QueueUrl);
      equal(a1.Body, 'a1');
      deepEqual(await bodies(endpoint, QueueUrl), ['b1']);
      await endpoint.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: a1.ReceiptHandle }));
      deepEqual(await bodies(endpoint, QueueUrl), ['a2']);
    },
  },
  {
    title: 'one receive gives several messages of a group',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
      for (const body of ['a1', 'a2', 'a3']) await send(endpoint, QueueUrl, body);
      deepEqual(await bodies(endpoint, QueueUrl), ['a1', 'a2', 'a3']);
    },
  },
  {
    title: 'a received message has group, deduplication id and sequence number',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { FifoQueue: 'true' });
      const { SequenceNumber } = await send(endpoint, QueueUrl, 'a', { MessageDeduplicationId: 'dedup-1' });
      const { Attributes } = await receiveOne(endpoint, QueueUrl);
      ok(SequenceNumber);
      equal(Attributes?.SequenceNumber, SequenceNumber);
      equal(Attributes?.MessageDeduplicationId, 'dedup-1');
      equal(Attributes?.MessageGroupId, 'a');
    },
  },
  {
    title: 'a repeated deduplication id gives the first message\'s id and delivers nothing',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { FifoQueue: 'true' });
      const first = await send(endpoint, QueueUrl, 'a', { MessageDeduplicationId: '1' });
      const second = await send(endpoint, QueueUrl, 'a', { MessageDeduplicationId: '1' });
      equal(second.MessageId, first.MessageId);
      const { ReceiptHandle } = await receiveOne(endpoint, QueueUrl);
      await endpoint.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      await send(endpoint, QueueUrl, 'a', { MessageDeduplicationId: '1' });
      deepEqual(await bodies(endpoint, QueueUrl), []);
    },
  },
  {
    title: 'SendMessage refuses what a FIFO queue does not take',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { FifoQueue: 'true' });
      await fails(send(endpoint, QueueUrl, 'a', { MessageDeduplicationId: '1', MessageGroupId: undefined }),
        { ...MISSING_PARAMETER, message: 'The request must contain the parameter MessageGroupId.' });
      await fails(send(endpoint, QueueUrl, 'a'), INVALID_VALUE);
      await fails(send(endpoint, QueueUrl, 'a', { MessageDeduplicationId: '1', DelaySeconds: 2 }), INVALID_VALUE);
      await fails(send(endpoint, QueueUrl, 'a', { MessageDeduplicationId: 'x'.repeat(129) }), INVALID_VALUE);
      await fails(send(endpoint, await createQueue(endpoint), 'a', { MessageDeduplicationId: '1' }), INVALID_VALUE);
    },
  },
  {
    title: 'an expired handle deletes nothing and is an error',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { FifoQueue: 'true', ContentBasedDeduplication: 'true', VisibilityTimeout: '1' });
      await send(endpoint, QueueUrl, 'a');
      const { ReceiptHandle } = await receiveOne(endpoint, QueueUrl);
      await receiveOne(endpoint, QueueUrl, { WaitTimeSeconds: 5, VisibilityTimeout: 30 });
      await fails(endpoint.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
        { ...INVALID_VALUE, message: /Reason: The receipt handle has expired\.$/ });
    },
  },
  {
    title: 'a repeated receive request attempt gives the same messages and handles',
    async run(endpoint) {
      const QueueUrl = await createQueue(endpoint, { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
      for (const body of ['a1', 'b1']) await send(endpoint, QueueUrl, body);
      const attempt = async (ReceiveRequestAttemptId: string) =>
        (await receive(endpoint, QueueUrl, { ReceiveRequestAttemptId, MaxNumberOfMessages: 1 })).map(({ ReceiptHandle }) => ReceiptHandle);
      const first = await attempt('x');
      deepEqual(await attempt('x'), first);
      ok((await attempt('y'))[0] !== first[0]);
    },
  },
];
