import {
  CancelMessageMoveTaskCommand, ListMessageMoveTasksCommand, StartMessageMoveTaskCommand, type ListMessageMoveTasksResultEntry, type SQSClient,
} from '@aws-sdk/client-sqs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsAccess } from '../aws-access';
import { CliError, Exit, interrupted } from '../cli-error';
import type { Context } from '../command';
import { count, note, type Printer } from '../print';
import { ASK_ABOVE, confirm } from './confirm';
import { Progress } from './progress';
import { Standstill } from './standstill';
import { arnOf, ask, breakerOf, depthOf, type TargetQueues } from './target-queues';

export interface MoveAll {
  readonly access: AwsAccess;
  readonly client: SQSClient;
  readonly queues: TargetQueues;
  readonly perSecond: number;
  readonly print: Printer;
  readonly context: Context;
  readonly yes: boolean;
  readonly dryRun: boolean;
}

const POLL_MS = 1_000;

interface Moved {
  readonly done: number;
  readonly left: number;
  readonly stoppedBy: null | 'breaker' | 'interrupt';
  readonly failure?: string;
  /** It goes on without us. */
  readonly running?: true;
}

/** Lets SQS move every dead letter back, and watches it. */
export async function moveAll(move: MoveAll): Promise<Exit> {
  const { access, client, queues, print, yes, dryRun, context: { signal } } = move;
  const { visible } = await depthOf(client, queues.deadLetterUrl, access);
  await print.line({ event: 'plan', count: visible, byTarget: { [queues.name]: visible } }, `to redrive: ${count(visible, 'dead letter')} of ${queues.name}`);
  if (signal.aborted) throw interrupted();
  if (visible === 0) throw new CliError(Exit.NO_MATCH, `the dead-letter queue of target ${JSON.stringify(queues.name)} has nothing to move`);
  if (dryRun) return Exit.DONE;
  if (visible > ASK_ABOVE) await confirm(`redrive ${count(visible, 'dead letter')} to ${queues.name}`, yes, signal);
  return report(move, await isOpen(move) ? { done: 0, left: visible, stoppedBy: 'breaker' } : await watch(move, await start(move), visible));
}

/** The ARN of the dead-letter queue. */
async function start({ access, client, queues: { url, deadLetterUrl }, perSecond }: MoveAll): Promise<string> {
  const [source, destination] = await Promise.all([arnOf(client, deadLetterUrl, access), arnOf(client, url, access)]);
  await ask(access, deadLetterUrl, () => client.send(new StartMessageMoveTaskCommand({
    SourceArn: source, DestinationArn: destination, MaxNumberOfMessagesPerSecond: perSecond,
  })), 'move the messages of');
  return source;
}

async function watch(move: MoveAll, source: string, planned: number): Promise<Moved> {
  const { access, print, context: { signal } } = move;
  const progress = new Progress(print, planned);
  const standstill = new Standstill(access.run);
  for (;;) {
    const task = await latest(move, source);
    const [done, all] = [Number(task?.ApproximateNumberOfMessagesMoved ?? 0), Number(task?.ApproximateNumberOfMessagesToMove ?? planned)];
    const left = Math.max(0, all - done);
    if (task?.Status === 'FAILED') return { done, left, stoppedBy: null, failure: task.FailureReason ?? 'unknown' };
    if (task?.Status !== 'RUNNING') return { done, left, stoppedBy: null };
    if (progress.isDue()) await progress.say(done);
    const stoppedBy = signal.aborted ? 'interrupt' : await isOpen(move) ? 'breaker' : null;
    if (stoppedBy) {
      const moved = await cancel(move, task.TaskHandle) ?? done;
      return { done: moved, left: Math.max(0, all - moved), stoppedBy };
    }
    if (await standstill.isOver(done)) return { done, left, stoppedBy: null, running: true };
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function latest({ access, client, queues: { deadLetterUrl } }: MoveAll, source: string): Promise<ListMessageMoveTasksResultEntry | undefined> {
  const { Results } = await ask(access, deadLetterUrl, () => client.send(new ListMessageMoveTasksCommand({ SourceArn: source, MaxResults: 1 })));
  return Results?.[0];
}

/** Returns how many were moved. Undefined where the task has just ended by itself. */
async function cancel({ access, client, queues: { deadLetterUrl } }: MoveAll, handle: string | undefined): Promise<number | undefined> {
  return ask(access, deadLetterUrl, async () => {
    try {
      return (await client.send(new CancelMessageMoveTaskCommand({ TaskHandle: handle }))).ApproximateNumberOfMessagesMoved;
    } catch (error) {
      if (/[Oo]nly active tasks/.test((error as Error).message)) return undefined;
      throw error;
    }
  });
}

async function isOpen({ access, client, queues }: MoveAll): Promise<boolean> {
  return (await breakerOf(client, queues, access))?.phase === 'open';
}

async function report({ print, queues: { name } }: MoveAll, { done, left, stoppedBy, failure, running }: Moved): Promise<Exit> {
  await print.line({ event: 'done', done, failed: 0, skipped: left, resume: null, stoppedBy, ...(running && { running }) },
    `${count(done, 'dead letter')} moved${left > 0 ? `, ${left} left` : ''}`, failure === undefined ? 'good' : 'bad');
  if (running) note('the clock of the local run stands still; SQS moves the rest as it is moved');
  if (stoppedBy === 'breaker') note(`stopped: the breaker of target ${JSON.stringify(name)} is open; cdk-webhooks targets list says why, targets resume ${name} closes it`);
  if (failure !== undefined) note(`SQS gave up: ${failure}`);
  if (stoppedBy === 'interrupt') return Exit.INTERRUPTED;
  return stoppedBy === 'breaker' || failure !== undefined ? Exit.FAILED : Exit.DONE;
}
