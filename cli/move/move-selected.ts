import {
  ChangeMessageVisibilityBatchCommand, DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, type Message, type SQSClient,
} from '@aws-sdk/client-sqs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Envelope } from '../../lib/contract/envelope';
import { Exit, type CliError } from '../cli-error';
import type { Context } from '../command';
import { count, note, type Printer } from '../print';
import { targetRows } from '../store/lookup';
import type { Store } from '../store/open-store';
import { ASK_ABOVE, confirm } from './confirm';
import { deduplicationId, isFifo, markReplay, readEnvelope } from './message';
import { Pace } from './pace';
import { Progress } from './progress';
import { newReplayId } from './replay-token';
import { Standstill } from './standstill';
import { ask, breakerOf, type TargetQueues } from './target-queues';

export interface MoveSelected {
  readonly store: Store;
  readonly client: SQSClient;
  readonly queues: TargetQueues;
  readonly selects: (envelope: Envelope) => boolean;
  readonly perSecond: number;
  readonly print: Printer;
  readonly context: Context;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly nothing: () => CliError;
}

interface DeadLetter {
  readonly receipt: string;
  readonly messageId: string;
  readonly envelope: Envelope;
  readonly groupId?: string;
  /** When its event was given up, milliseconds since 1970. */
  readonly sentAt: number;
}

/** While it is looked at, sent and waited for, a dead letter is hidden from others for so long. */
const HIDDEN_SECONDS = 900;
/** How long a delivery is waited for. */
const WAIT_MS = 300_000;
const POLL_MS = 1_000;
/** Empty answers in a row that mean the queue is through: SQS asks only some of its servers each time. */
const EMPTY_ANSWERS = 3;

interface Moved { done: number; failed: number; skipped: number; stoppedBy: null | 'breaker' | 'interrupt' }

/** Sends chosen dead letters again, and takes each away once it was delivered. What was not is visible again in the end. */
export async function moveSelected(move: MoveSelected): Promise<Exit> {
  const { print, queues, yes, dryRun, context: { signal }, nothing } = move;
  const { chosen, others } = await look(move);
  try {
    await print.line({ event: 'plan', count: chosen.length, byTarget: { [queues.name]: chosen.length } }, `to redrive: ${count(chosen.length, 'dead letter')} of ${queues.name}`);
    if (chosen.length === 0) throw nothing();
    if (dryRun) return Exit.DONE;
    if (chosen.length > ASK_ABOVE) await confirm(`redrive ${count(chosen.length, 'dead letter')} to ${queues.name}`, yes, signal);
    await show(move, others.splice(0));
    return await report(move, await redeliver(move, chosen));
  } finally {
    await show(move, [...others, ...chosen.map(({ receipt }) => receipt)]);
  }
}

/** Receives every dead letter once: SQS finds none by what is in it. */
async function look(move: MoveSelected): Promise<{ chosen: DeadLetter[]; others: string[] }> {
  const { store: { access }, client, queues: { deadLetterUrl }, selects, context: { signal } } = move;
  const [chosen, others, seen] = [new Map<string, DeadLetter>(), [] as string[], new Set<string>()];
  for (let empty = 0; empty < EMPTY_ANSWERS && !signal.aborted;) {
    const { Messages = [] } = await ask(access, deadLetterUrl, () => client.send(new ReceiveMessageCommand({
      QueueUrl: deadLetterUrl, MaxNumberOfMessages: 10, VisibilityTimeout: HIDDEN_SECONDS, MessageSystemAttributeNames: ['MessageGroupId', 'SentTimestamp'],
    })));
    const fresh = Messages.filter(({ MessageId }) => !seen.has(MessageId as string));
    empty = fresh.length === 0 ? empty + 1 : 0;
    for (const message of fresh) {
      seen.add(message.MessageId as string);
      const letter = deadLetterOf(message);
      if (letter && selects(letter.envelope)) chosen.set(letter.messageId, letter);
      else others.push(message.ReceiptHandle as string);
    }
  }
  return { chosen: [...chosen.values()], others };
}

function deadLetterOf({ Body, ReceiptHandle, MessageId, Attributes }: Message): DeadLetter | undefined {
  const envelope = readEnvelope(Body);
  if (!envelope) return undefined;
  const { MessageGroupId: groupId, SentTimestamp: sentAt = 0 } = Attributes ?? {};
  return {
    receipt: ReceiptHandle as string, messageId: MessageId as string, envelope, sentAt: Number(sentAt), ...(groupId !== undefined && { groupId }),
  };
}

/** Takes what is delivered out of `chosen`. */
async function redeliver(move: MoveSelected, chosen: DeadLetter[]): Promise<Moved> {
  const { perSecond, print, context: { signal } } = move;
  const moved: Moved = { done: 0, failed: 0, skipped: 0, stoppedBy: null };
  const [pace, progress, replay] = [new Pace(perSecond), new Progress(print, chosen.length), newReplayId()];
  // Sent by a command before this one that did not wait to the end.
  await takeAway(move, chosen, moved);
  for (const letter of [...chosen]) {
    moved.stoppedBy = await stopOf(move, moved.done === 0 || progress.isDue());
    if (moved.stoppedBy) break;
    await pace.turn(signal);
    await send(move, letter, replay);
    if (progress.isDue()) {
      await takeAway(move, chosen, moved);
      await progress.say(moved.done);
    }
  }
  const standstill = new Standstill(move.store.access.run);
  for (const until = performance.now() + WAIT_MS; chosen.length > 0 && moved.stoppedBy === null && performance.now() < until;) {
    await takeAway(move, chosen, moved);
    if (progress.isDue()) await progress.say(moved.done);
    if (chosen.length === 0 || await standstill.isOver(moved.done)) break;
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    moved.stoppedBy = await stopOf(move, true);
  }
  moved.skipped = chosen.length;
  return moved;
}

async function stopOf({ context: { signal }, client, queues, store: { access } }: MoveSelected, look: boolean): Promise<Moved['stoppedBy']> {
  if (signal.aborted) return 'interrupt';
  return look && (await breakerOf(client, queues, access))?.phase === 'open' ? 'breaker' : null;
}

async function send({ store: { access }, client, queues: { url } }: MoveSelected, { envelope, groupId }: DeadLetter, replay: string): Promise<void> {
  await ask(access, url, () => client.send(new SendMessageCommand({
    QueueUrl: url, MessageBody: markReplay(envelope, replay),
    ...(isFifo(url) && { MessageGroupId: groupId ?? envelope.id, MessageDeduplicationId: deduplicationId(envelope.id, replay) }),
  })));
}

/** Deletes the dead letters whose events were delivered since they were given up. */
async function takeAway(move: MoveSelected, chosen: DeadLetter[], moved: Moved): Promise<void> {
  const { store: { table, access }, client, queues: { name, deadLetterUrl } } = move;
  const ids = new Set(chosen.map(({ envelope: { id } }) => id));
  const rows = await targetRows(table, [...ids].map((id) => ({ id, target: name })));
  const delivered = new Map(rows.filter(({ outcome }) => outcome === 'delivered').map(({ id, at }) => [id, Date.parse(at)]));
  for (const letter of [...chosen]) {
    const at = delivered.get(letter.envelope.id);
    if (at === undefined || at < letter.sentAt) continue;
    await ask(access, deadLetterUrl, () => client.send(new DeleteMessageCommand({ QueueUrl: deadLetterUrl, ReceiptHandle: letter.receipt })));
    chosen.splice(chosen.indexOf(letter), 1);
    moved.done++;
  }
}

/** Makes dead letters visible again at once. Where that fails, they are so once their time is over. */
async function show({ client, queues: { deadLetterUrl } }: MoveSelected, receipts: readonly string[]): Promise<void> {
  for (let i = 0; i < receipts.length; i += 10) {
    const Entries = receipts.slice(i, i + 10).map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: deadLetterUrl, Entries })).catch(() => undefined);
  }
}

async function report({ print, queues: { name } }: MoveSelected, { done, failed, skipped, stoppedBy }: Moved): Promise<Exit> {
  const text = `${count(done, 'dead letter')} delivered and taken away${skipped > 0 ? `, ${skipped} not delivered yet` : ''}`;
  await print.line({ event: 'done', done, failed, skipped, resume: null, stoppedBy }, text, skipped > 0 ? 'warn' : 'good');
  if (stoppedBy === 'breaker') note(`stopped: the breaker of target ${JSON.stringify(name)} is open; cdk-webhooks targets list says why`);
  else if (skipped > 0) note('what is not delivered stays in the dead-letter queue; the same command later takes away what was delivered since');
  if (stoppedBy === 'interrupt') return Exit.INTERRUPTED;
  return stoppedBy === 'breaker' || skipped > 0 ? Exit.FAILED : Exit.DONE;
}
