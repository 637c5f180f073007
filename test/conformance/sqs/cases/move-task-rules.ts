import { deepEqual, equal, ok } from 'node:assert/strict';
import type { ConformanceCase } from '../case';
import { fails, refuses } from '../refusals';
import { buried, cancelMove, endedMove, listMoves, startMove } from '../move-steps';
import { arnOf, createQueue, FIFO, receiveAll } from '../steps';

/** How move tasks are started, listed and cancelled. */
export const moveTaskRuleCases: ConformanceCase[] = [
  {
    id: 'move-tasks/progress',
    title: 'a move task says how much it has moved, and when it began',
    page: 'API_ListMessageMoveTasks',
    says: 'The number of messages to be moved from the source queue. This number is obtained at the time of starting the message movement task '
      + 'and is only included after the message movement task is selected to start.',
    async run(endpoint) {
      const { dlqArn } = await buried(endpoint, 'a', 'b');
      await startMove(endpoint, dlqArn, { MaxNumberOfMessagesPerSecond: 500 });
      const { StartedTimestamp, ...task } = await endedMove(endpoint, dlqArn);
      deepEqual(task, {
        Status: 'COMPLETED', SourceArn: dlqArn, MaxNumberOfMessagesPerSecond: 500,
        ApproximateNumberOfMessagesMoved: 2, ApproximateNumberOfMessagesToMove: 2,
      });
      ok(Math.abs(Number(StartedTimestamp) - await endpoint.clock.now()) < 60_000, `it began at ${StartedTimestamp}`);
    },
  },
  {
    id: 'move-tasks/list',
    title: 'the latest task is listed, or up to ten',
    page: 'API_ListMessageMoveTasks',
    says: 'The default is 1, which provides the most recent message movement task. The upper limit is 10.',
    async run(endpoint) {
      const { dlqArn } = await buried(endpoint);
      for (const rate of [1, 2]) {
        await startMove(endpoint, dlqArn, { MaxNumberOfMessagesPerSecond: rate });
        await endedMove(endpoint, dlqArn);
      }
      const rates = async (max?: number) => (await listMoves(endpoint, dlqArn, max)).map((task) => task.MaxNumberOfMessagesPerSecond);
      deepEqual(await rates(), [2]);
      deepEqual(await rates(10), [2, 1]);
      await refuses(rates(11), 'MaxResults 11');
    },
  },
  {
    id: 'move-tasks/rate-range',
    title: 'a move task moves up to 500 messages a second',
    page: 'API_StartMessageMoveTask',
    says: 'The maximum value for messages per second is 500.',
    async run(endpoint) {
      const { dlqArn } = await buried(endpoint);
      await startMove(endpoint, dlqArn, { MaxNumberOfMessagesPerSecond: 500 });
      await endedMove(endpoint, dlqArn);
      await refuses(startMove(endpoint, dlqArn, { MaxNumberOfMessagesPerSecond: 501 }), 'a rate of 501');
    },
  },
  {
    id: 'move-tasks/alone',
    title: 'a queue has one running move task at a time',
    page: 'API_StartMessageMoveTask',
    says: 'Only one active message movement task is supported per queue at any given time.',
    async run(endpoint) {
      const { dlqArn } = await buried(endpoint, 'a', 'b', 'c', 'd');
      await startMove(endpoint, dlqArn, { MaxNumberOfMessagesPerSecond: 1 });
      await refuses(startMove(endpoint, dlqArn), 'a second task');
    },
  },
  {
    id: 'move-tasks/handle',
    title: 'only a running task is listed with its handle',
    page: 'API_ListMessageMoveTasks',
    says: 'When this field is returned in the response of the ListMessageMoveTasks action, it is only populated for tasks that are in RUNNING status.',
    async run(endpoint) {
      const { dlqArn } = await buried(endpoint, 'a', 'b', 'c');
      const handle = await startMove(endpoint, dlqArn, { MaxNumberOfMessagesPerSecond: 1 });
      ok(handle, 'the task has a handle');
      equal((await listMoves(endpoint, dlqArn))[0]?.TaskHandle, handle);
      equal((await endedMove(endpoint, dlqArn)).TaskHandle, undefined);
    },
  },
  {
    id: 'move-tasks/cancelled',
    title: 'a cancelled task leaves what it has not moved',
    page: 'API_CancelMessageMoveTask',
    says: 'It can only stop the messages that have not been moved yet.',
    async run(endpoint) {
      const { dlq, dlqArn } = await buried(endpoint, 'a', 'b', 'c', 'd', 'e');
      const handle = await startMove(endpoint, dlqArn, { MaxNumberOfMessagesPerSecond: 1 });
      const moved = await cancelMove(endpoint, handle);
      ok(Number(moved) < 5, `${moved} were moved at once`);
      const task = await endedMove(endpoint, dlqArn);
      equal(task.Status, 'CANCELLED');
      await receiveAll(endpoint, dlq, 5 - Number(task.ApproximateNumberOfMessagesMoved));
    },
  },
  {
    id: 'move-tasks/cancel-running',
    title: 'only a running task can be cancelled',
    page: 'API_CancelMessageMoveTask',
    says: 'A message movement can only be cancelled when the current status is RUNNING.',
    async run(endpoint) {
      const { dlqArn } = await buried(endpoint, 'a', 'b');
      // A task that is over before its start is answered confuses ElasticMQ, by chance.
      const handle = await startMove(endpoint, dlqArn, { MaxNumberOfMessagesPerSecond: 1 });
      equal((await endedMove(endpoint, dlqArn)).Status, 'COMPLETED');
      await refuses(cancelMove(endpoint, handle), 'cancelling a task that is completed');
    },
  },
  {
    id: 'move-tasks/source',
    title: 'only a dead-letter queue is a source of a move task',
    page: 'API_StartMessageMoveTask',
    says: 'This action is currently limited to supporting message redrive from queues that are configured as dead-letter queues (DLQs) '
      + 'of other Amazon SQS queues only.',
    async run(endpoint) {
      const { queue, dlqArn } = await buried(endpoint);
      await refuses(startMove(endpoint, await arnOf(endpoint, queue), { DestinationArn: dlqArn }), 'a source that is no dead-letter queue');
      await startMove(endpoint, dlqArn);
    },
  },
  {
    id: 'move-tasks/missing',
    title: 'queues that do not exist are ResourceNotFoundException',
    page: 'API_StartMessageMoveTask',
    says: 'One or more specified resources don\'t exist.',
    async run(endpoint) {
      const { dlqArn } = await buried(endpoint);
      await fails(startMove(endpoint, `${dlqArn}x`), 'ResourceNotFoundException');
      await fails(startMove(endpoint, dlqArn, { DestinationArn: `${dlqArn}x` }), 'ResourceNotFoundException');
      await fails(listMoves(endpoint, `${dlqArn}x`), 'ResourceNotFoundException');
    },
  },
  {
    id: 'move-tasks/same-type',
    title: 'source and destination of a move task are of the same type',
    page: 'sqs-configure-dead-letter-queue-redrive',
    says: 'However, you can also configure any other queue as the redrive destination if both queues are the same type.',
    async run(endpoint) {
      const { queue, dlqArn } = await buried(endpoint);
      const DestinationArn = await arnOf(endpoint, await createQueue(endpoint, FIFO));
      await refuses(startMove(endpoint, dlqArn, { DestinationArn }), 'a FIFO destination of a standard queue');
      await startMove(endpoint, dlqArn, { DestinationArn: await arnOf(endpoint, queue) });
    },
  },
];
