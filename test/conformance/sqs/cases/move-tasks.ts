import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../case';
import { bury, redriveTo } from '../dead-letter-pair';
import { buried, endedMove, listMoves, startMove } from '../move-steps';
import { arnOf, bodiesOf, createQueue, receiveAll, receiveNone, receiveOne, send } from '../steps';

/** What move tasks do with messages. */
export const moveTaskCases: ConformanceCase[] = [
  {
    id: 'move-tasks/back',
    title: 'a move task brings dead letters back to where they came from',
    page: 'API_StartMessageMoveTask',
    says: 'If this field is left blank, the messages will be redriven back to their respective original source queues.',
    async run(endpoint) {
      const { queue, dlq, dlqArn } = await buried(endpoint, 'a');
      const other = await createQueue(endpoint, await redriveTo(endpoint, dlq));
      await bury(endpoint, other, 1, 'b');
      await startMove(endpoint, dlqArn);
      equal((await endedMove(endpoint, dlqArn)).Status, 'COMPLETED');
      equal((await receiveOne(endpoint, queue)).Body, 'a');
      equal((await receiveOne(endpoint, other)).Body, 'b');
      await receiveNone(endpoint, dlq, 'all were moved');
    },
  },
  {
    id: 'move-tasks/destination',
    title: 'a move task brings dead letters to another queue',
    page: 'API_StartMessageMoveTask',
    says: 'You can use this field to specify the destination queue where you would like to redrive messages.',
    async run(endpoint) {
      const { queue, dlqArn } = await buried(endpoint, 'a', 'b');
      const destination = await createQueue(endpoint);
      const DestinationArn = await arnOf(endpoint, destination);
      await startMove(endpoint, dlqArn, { DestinationArn });
      equal((await endedMove(endpoint, dlqArn)).DestinationArn, DestinationArn);
      deepEqual(bodiesOf(await receiveAll(endpoint, destination, 2)).sort(), ['a', 'b']);
      await receiveNone(endpoint, queue, 'all went elsewhere');
    },
  },
  {
    id: 'move-tasks/new-message',
    title: 'a moved message is a new one',
    page: 'sqs-configure-dead-letter-queue-redrive',
    says: 'All redriven messages are considered new messages with a new messageID and enqueueTime are assigned to redriven messages.',
    async run(endpoint) {
      const { queue, dlq, dlqArn } = await buried(endpoint, 'a');
      const before = await receiveOne(endpoint, dlq, { VisibilityTimeout: 0 });
      await endpoint.clock.elapse(1);
      await startMove(endpoint, dlqArn);
      await endedMove(endpoint, dlqArn);
      const after = await receiveOne(endpoint, queue);
      notEqual(after.MessageId, before.MessageId);
      ok(Number(after.Attributes?.SentTimestamp) > Number(before.Attributes?.SentTimestamp), 'it has a new enqueue time');
    },
  },
  {
    id: 'move-tasks/retention',
    title: 'a moved message is kept from the time of the move',
    page: 'sqs-configure-dead-letter-queue-redrive',
    says: 'The redrive task resets the retention period.',
    needs: 'clock',
    async run(endpoint) {
      const { queue, dlqArn } = await buried(endpoint, 'a');
      await endpoint.clock.elapse(3 * 86_400);
      await startMove(endpoint, dlqArn);
      await endedMove(endpoint, dlqArn);
      await endpoint.clock.elapse(3 * 86_400);
      equal((await receiveOne(endpoint, queue)).Body, 'a');
    },
  },
  {
    id: 'move-tasks/direct',
    title: 'a message that was sent to the dead-letter queue directly has no way back',
    page: 'troubleshooting-dlq-redrive',
    says: 'An Amazon SQS message sent directly to the DLQ with SendMessage API.',
    async run(endpoint) {
      const { queue, dlq, dlqArn } = await buried(endpoint);
      await send(endpoint, dlq, 'direct');
      await startMove(endpoint, dlqArn);
      const { Status, FailureReason } = await endedMove(endpoint, dlqArn);
      deepEqual([Status, FailureReason], ['FAILED', 'CouldNotDetermineMessageSource']);
      await startMove(endpoint, dlqArn, { DestinationArn: await arnOf(endpoint, queue) });
      equal((await endedMove(endpoint, dlqArn)).Status, 'COMPLETED');
      equal((await receiveOne(endpoint, queue)).Body, 'direct');
    },
  },
  {
    id: 'move-tasks/source-gone',
    title: 'a dead letter has no way back to a queue that was deleted',
    page: 'troubleshooting-dlq-redrive',
    says: 'The NonExistentQueue error occurs when the Amazon SQS source queue doesn\'t exist, or was deleted.',
    async run(endpoint) {
      const { queue, dlq, dlqArn } = await buried(endpoint, 'a');
      await createQueue(endpoint, await redriveTo(endpoint, dlq));
      await endpoint.sqs.send(new DeleteQueueCommand({ QueueUrl: queue }));
      await startMove(endpoint, dlqArn);
      const { Status, FailureReason } = await endedMove(endpoint, dlqArn);
      deepEqual([Status, FailureReason], ['FAILED', 'AWS.SimpleQueueService.NonExistentQueue']);
    },
  },
  {
    id: 'move-tasks/rate',
    title: 'a move task keeps to the rate it is given',
    page: 'API_StartMessageMoveTask',
    says: 'You can use this field to define a fixed message movement rate.',
    async run(endpoint) {
      const { queue, dlqArn } = await buried(endpoint, 'a', 'b', 'c', 'd');
      await startMove(endpoint, dlqArn, { MaxNumberOfMessagesPerSecond: 1 });
      await endpoint.clock.elapse(1);
      const [task] = await listMoves(endpoint, dlqArn);
      equal(task?.Status, 'RUNNING');
      ok(Number(task?.ApproximateNumberOfMessagesMoved) < 4, `${task?.ApproximateNumberOfMessagesMoved} were moved in a second`);
      await endedMove(endpoint, dlqArn);
      await receiveAll(endpoint, queue, 4);
    },
  },
];
