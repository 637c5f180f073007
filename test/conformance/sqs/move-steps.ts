import { ok } from 'node:assert/strict';
import {
  CancelMessageMoveTaskCommand, ListMessageMoveTasksCommand, type ListMessageMoveTasksResultEntry, StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { bury, createPair, type DeadLetterPair } from './dead-letter-pair';
import type { Endpoint } from './endpoint';

interface StartInput {
  readonly DestinationArn?: string;
  readonly MaxNumberOfMessagesPerSecond?: number;
}

/** Starts a move task and gives its handle. */
export async function startMove({ sqs }: Endpoint, SourceArn: string, input: StartInput = {}): Promise<string | undefined> {
  return (await sqs.send(new StartMessageMoveTaskCommand({ SourceArn, ...input }))).TaskHandle;
}

export async function listMoves({ sqs }: Endpoint, SourceArn: string, MaxResults?: number): Promise<ListMessageMoveTasksResultEntry[]> {
  return (await sqs.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults }))).Results ?? [];
}

/** Cancels a move task and gives how many messages it had moved. */
export async function cancelMove({ sqs }: Endpoint, TaskHandle: string | undefined): Promise<number | undefined> {
  return (await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }))).ApproximateNumberOfMessagesMoved;
}

/** The latest task of a source, once it has ended. */
export async function endedMove(endpoint: Endpoint, SourceArn: string): Promise<ListMessageMoveTasksResultEntry> {
  for (const begun = performance.now(); performance.now() - begun < 30_000; await endpoint.clock.elapse(0.5)) {
    const [task] = await listMoves(endpoint, SourceArn);
    ok(task, 'the task is not listed');
    if (task.Status !== 'RUNNING' && task.Status !== 'CANCELLING') return task;
  }
  throw new Error('the task still runs after 30 seconds');
}

/** A queue and its dead-letter queue, with dead letters. */
export async function buried(endpoint: Endpoint, ...bodies: string[]): Promise<DeadLetterPair> {
  const pair = await createPair(endpoint);
  await bury(endpoint, pair.queue, 1, ...bodies);
  return pair;
}
