import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import {
  CancelMessageMoveTaskCommand, CreateQueueCommand, ListMessageMoveTasksCommand, type ListMessageMoveTasksResultEntry, SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { arnOf, createQueue, type Endpoint, type EndpointCase, fails, INVALID_VALUE, receive, receiveOne } from './endpoint';

const NOT_FOUND = { name: 'ResourceNotFoundException', code: 'ResourceNotFoundException', status: 404 };

/** A source whose messages are dead letters after one receive. */
async function createPair(endpoint: Endpoint) {
  const dlq = await createQueue(endpoint);
  const dlqArn = await arnOf(endpoint, dlq);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dlqArn, maxReceiveCount: 1 });
  const queue = await createQueue(endpoint, { VisibilityTimeout: '0', RedrivePolicy });
  return { queue, queueArn: await arnOf(endpoint, queue), dlq, dlqArn };
}

async function bury(endpoint: Endpoint, queue: string, ...bodies: string[]) {
  for (const MessageBody of bodies) await endpoint.sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody }));
  equal((await receive(endpoint, queue)).length, bodies.length);
  deepEqual(await receive(endpoint, queue), []);
}

async function ended({ sqs }: Endpoint, SourceArn: string): Promise<ListMessageMoveTasksResultEntry> {
  for (const begun = performance.now(); performance.now() - begun < 20_000;) {
    const { Results = [] } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn }));
    if (Results[0] && Results[0].Status !== 'RUNNING') return Results[0];
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the task still runs after 20 seconds');
}

export const deadLetterCases: EndpointCase[] = [
  {
    title: 'a message received too often goes to the dead-letter queue',
    async run(endpoint) {
      const { queue, queueArn, dlq } = await createPair(endpoint);
      const { MessageId } = await endpoint.sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: 'a' }));
      await receiveOne(endpoint, queue);
      deepEqual(await receive(endpoint, queue), []);
      const letter = await receiveOne(endpoint, dlq);
      deepEqual([letter.MessageId, letter.Body], [MessageId, 'a']);
      equal(letter.Attributes?.DeadLetterQueueSourceArn, queueArn);
      equal(letter.Attributes?.ApproximateReceiveCount, '2');
    },
  },
  {
    title: 'a redrive policy needs a dead-letter queue that is there',
    async run({ sqs, newName }) {
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:123456789012:nobody', maxReceiveCount: 1 });
      await fails(sqs.send(new CreateQueueCommand({ QueueName: newName(), Attributes: { RedrivePolicy } })),
        { ...INVALID_VALUE, message: /Reason: Dead letter target does not exist\.$/ });
    },
  },
  {
    title: 'a move task brings dead letters back as new messages',
    async run(endpoint) {
      const { queue, dlq, dlqArn } = await createPair(endpoint);
      await bury(endpoint, queue, 'a', 'b');
      const buried = await receive(endpoint, dlq, { VisibilityTimeout: 0 });
      const { TaskHandle } = await endpoint.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dlqArn }));
      ok(TaskHandle);
      const { StartedTimestamp, ...task } = await ended(endpoint, dlqArn);
      ok(Math.abs(Number(StartedTimestamp) - Date.now()) < 60_000, 'StartedTimestamp is in milliseconds');
      deepEqual(task, { Status: 'COMPLETED', SourceArn: dlqArn, ApproximateNumberOfMessagesMoved: 2, ApproximateNumberOfMessagesToMove: 2 });
      const messages = await receive(endpoint, queue, { MaxNumberOfMessages: 10 });
      deepEqual(messages.map(({ Body }) => Body).sort(), ['a', 'b']);
      for (const { MessageId, Attributes } of messages) {
        for (const letter of buried) notEqual(MessageId, letter.MessageId);
        equal(Attributes?.ApproximateReceiveCount, '1');
      }
    },
  },
  {
    title: 'a message sent to the dead-letter queue directly needs a destination',
    async run(endpoint) {
      const { queue, queueArn, dlq, dlqArn } = await createPair(endpoint);
      await endpoint.sqs.send(new SendMessageCommand({ QueueUrl: dlq, MessageBody: 'direct' }));
      await endpoint.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dlqArn }));
      const { Status, FailureReason } = await ended(endpoint, dlqArn);
      deepEqual([Status, FailureReason], ['FAILED', 'CouldNotDetermineMessageSource']);
      await endpoint.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dlqArn, DestinationArn: queueArn, MaxNumberOfMessagesPerSecond: 500 }));
      const task = await ended(endpoint, dlqArn);
      deepEqual([task.Status, task.DestinationArn, task.MaxNumberOfMessagesPerSecond], ['COMPLETED', queueArn, 500]);
      equal((await receiveOne(endpoint, queue)).Body, 'direct');
    },
  },
  {
    title: 'a running task is listed with its handle, is alone, and can be cancelled',
    async run(endpoint) {
      const { queue, dlqArn } = await createPair(endpoint);
      await bury(endpoint, queue, 'a', 'b', 'c', 'd', 'e');
      const start = () => endpoint.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dlqArn, MaxNumberOfMessagesPerSecond: 1 }));
      const { TaskHandle } = await start();
      const { Results = [] } = await endpoint.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: dlqArn, MaxResults: 10 }));
      deepEqual(Results.map((task) => [task.Status, task.TaskHandle]), [['RUNNING', TaskHandle]]);
      await fails(start(), { ...INVALID_VALUE, message: /^There is already a task running\./ });
      const { ApproximateNumberOfMessagesMoved = 5 } = await endpoint.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
      ok(ApproximateNumberOfMessagesMoved < 5);
      equal((await ended(endpoint, dlqArn)).Status, 'CANCELLED');
    },
  },
  {
    title: 'move tasks refuse queues, rates and handles that are not allowed',
    async run(endpoint) {
      const { queueArn, dlqArn } = await createPair(endpoint);
      const start = (input: object) => endpoint.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dlqArn, ...input }));
      await fails(start({ SourceArn: queueArn }), { ...INVALID_VALUE, message: 'Source queue must be configured as a Dead Letter Queue.' });
      await fails(start({ SourceArn: `${dlqArn}x` }),
        { ...NOT_FOUND, message: 'The resource that you specified for the SourceArn parameter doesn\'t exist.' });
      await fails(start({ DestinationArn: `${dlqArn}x` }),
        { ...NOT_FOUND, message: 'The resource that you specified for the DestinationArn parameter doesn\'t exist.' });
      await fails(start({ MaxNumberOfMessagesPerSecond: 501 }), INVALID_VALUE);
      await fails(endpoint.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: dlqArn, MaxResults: 11 })), INVALID_VALUE);
      await fails(endpoint.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle: 'foobared' })),
        { ...INVALID_VALUE, message: 'Value for parameter TaskHandle is invalid.' });
    },
  },
];
