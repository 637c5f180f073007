import { DeleteMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError, Exit } from '../cli-error';
import { note } from '../print';
import { targetRows } from '../store/lookup';
import type { StoredTarget } from '../store/rows';
import type { DeadLetter } from './dead-letters';
import { deduplicationId, isFifo, markReplay } from './message';
import type { MoveSelected } from './move-selected';
import { Pace } from './pace';
import { NEWER } from './planned';
import { Progress } from './progress';
import { newReplayId } from './replay-token';
import { Standstill } from './standstill';
import { ask, breakerOf } from './target-queues';

/** How long a delivery is waited for. */
const WAIT_MS = 300_000;
const POLL_MS = 1_000;

export interface Moved {
  done: number;
  /** Given up again: a new dead letter is in the place of the old one. */
  failed: number;
  skipped: number;
  stoppedBy: null | 'breaker' | 'interrupt';
  error?: CliError;
}

/** Takes what is delivered or given up again out of `chosen`. */
export async function redeliver(move: MoveSelected, chosen: DeadLetter[]): Promise<Moved> {
  const moved: Moved = { done: 0, failed: 0, skipped: 0, stoppedBy: null };
  const redrive = new Redrive(move, chosen, moved);
  try {
    await redrive.run();
  } catch (error) {
    // What was done so far is told all the same.
    moved.error = error instanceof CliError ? error : new CliError(Exit.FAILED, (error as Error).message);
  }
  moved.skipped = chosen.length;
  return moved;
}

/** The sending and the waiting of one call. */
class Redrive {
  private readonly replay = newReplayId();
  private readonly pace: Pace;
  private readonly progress: Progress;
  /** Ids of the events that were sent, and when the outcome that their row had before was written. */
  private readonly sent = new Map<string, string | undefined>();
  private rows: ReadonlyMap<string, StoredTarget> = new Map();
  /** Ids of events of which this command cannot tell what became: it leaves them alone. */
  private readonly newer = new Set<string>();

  constructor(private readonly move: MoveSelected, private readonly chosen: DeadLetter[], private readonly moved: Moved) {
    this.pace = new Pace(move.perSecond);
    this.progress = new Progress(move.print, chosen.length);
  }

  async run(): Promise<void> {
    // Sent by a command before this one that did not wait to the end.
    await this.takeAway();
    this.moved.stoppedBy = await stopOf(this.move, true);
    await this.sendAll();
    await this.wait();
    if (this.newer.size > 0) note(`${this.newer.size} skipped: ${NEWER}`);
  }

  /** Each event once, however many dead letters it has. */
  private async sendAll(): Promise<void> {
    const { move, chosen, moved, progress } = this;
    for (const letter of [...chosen]) {
      const due = progress.isDue();
      if (due) await this.look();
      moved.stoppedBy ??= await stopOf(move, due);
      if (moved.stoppedBy) return;
      const { id } = letter.envelope;
      if (this.sent.has(id) || this.newer.has(id) || !chosen.includes(letter)) continue;
      await this.pace.turn(move.context.signal);
      if (move.context.signal.aborted) continue;
      await send(move, letter, this.replay);
      this.sent.set(id, this.rows.get(id)?.at);
    }
  }

  private async wait(): Promise<void> {
    const { move, chosen, moved, progress } = this;
    const standstill = new Standstill(move.store.access.run);
    const isOver = (): boolean => chosen.every(({ envelope: { id } }) => !this.sent.has(id));
    for (const until = performance.now() + WAIT_MS; !isOver() && moved.stoppedBy === null && performance.now() < until;) {
      await this.takeAway();
      if (progress.isDue()) await progress.say(moved.done);
      if (isOver() || await standstill.isOver(moved.done + moved.failed)) return;
      await sleep(POLL_MS, undefined, { signal: move.context.signal }).catch(() => undefined);
      moved.stoppedBy = await stopOf(move, true);
    }
  }

  private async look(): Promise<void> {
    await this.takeAway();
    await this.progress.say(this.moved.done);
  }

  /** Deletes the dead letters whose events are settled. */
  private async takeAway(): Promise<void> {
    const { chosen, moved, move: { store: { table, access }, client, queues: { name, deadLetterUrl } } } = this;
    const ids = new Set(chosen.map(({ envelope: { id } }) => id));
    const rows = await targetRows(table, [...ids].map((id) => ({ id, target: name })), (id) => this.newer.add(id));
    this.rows = new Map(rows.map((row) => [row.id, row]));
    for (const letter of [...chosen]) {
      const end = this.endOf(letter);
      if (end === undefined) continue;
      await ask(access, deadLetterUrl, () => client.send(new DeleteMessageCommand({ QueueUrl: deadLetterUrl, ReceiptHandle: letter.receipt })), 'delete from');
      chosen.splice(chosen.indexOf(letter), 1);
      moved[end]++;
    }
  }

  private endOf({ envelope: { id }, sentAt }: DeadLetter): 'done' | 'failed' | undefined {
    const row = this.rows.get(id);
    return row && endOf(row, { sentAt, replay: this.replay, sent: this.sent.has(id), before: this.sent.get(id) });
  }
}

/** A dead letter and the send that is to make up for it. */
export interface Resent {
  /** When the dead letter was made, milliseconds since 1970. */
  readonly sentAt: number;
  readonly replay: string;
  /** Whether it was sent again yet. */
  readonly sent: boolean;
  /** When the outcome that the row had before that was written. */
  readonly before: string | undefined;
}

/**
 * What the row says of it: `done` where the event was delivered by this redrive, or since the dead letter was made; or where a transform
 * drops it now. `failed` where this redrive's copy was given up: then a new dead letter is there. An attempt names its replay; what is given up
 * without an attempt, because its body is gone for one, is told by the time of the outcome.
 */
export function endOf({ outcome, at, tries }: Pick<StoredTarget, 'outcome' | 'at' | 'tries'>, { sentAt, replay, sent, before }: Resent): 'done' | 'failed' | undefined {
  const own = tries.filter((each) => each.replay === replay);
  if (own.some((each) => each.outcome === 'delivered')) return 'done';
  if ((outcome === 'delivered' || outcome === 'dropped') && Date.parse(at) >= sentAt) return 'done';
  if (!sent || outcome !== 'dead-lettered') return undefined;
  const last = own.at(-1);
  return (last ? last.retryInSeconds === null : at !== before) ? 'failed' : undefined;
}

async function stopOf({ context: { signal }, client, queues, store: { access } }: MoveSelected, look: boolean): Promise<Moved['stoppedBy']> {
  if (signal.aborted) return 'interrupt';
  return look && (await breakerOf(client, queues, access))?.phase === 'open' ? 'breaker' : null;
}

async function send({ store: { access }, client, queues: { url } }: MoveSelected, { envelope, groupId }: DeadLetter, replay: string): Promise<void> {
  await ask(access, url, () => client.send(new SendMessageCommand({
    QueueUrl: url, MessageBody: markReplay(envelope, replay),
    ...(isFifo(url) && { MessageGroupId: groupId ?? envelope.id, MessageDeduplicationId: deduplicationId(envelope.id, replay) }),
  })), 'send to');
}
