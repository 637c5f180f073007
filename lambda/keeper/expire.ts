import type { BreakerCause, BreakerState } from '../../lib/contract/breaker';
import type { KeeperTargetConfig } from '../../lib/contract/config';
import { deadLetterAttributes } from '../shared/dead-letter';
import { describe } from '../shared/log';
import type { ReceivedMessage } from './calls';
import type { ExpiredEvent } from './expiry-records';
import { longestPauseMs } from './measure';
import { receivesOf, sentAtOf } from './record';
import { isOurs } from './state';
import { hasTime, noteAge, warn, type Run, type Turn } from './turn';

const RECEIVE_LIMIT = 10;

/** For as long as a batch takes, so that the next receive finds others. */
const HIDDEN_SECONDS = 30;

/** Messages of a group begin so long after their receive, at most: sending one and deleting it must not outlast the time that it is hidden. */
const LINE_MS = 20_000;

/** Standard queues give messages in no order, so a batch without an old one does not mean that there is none. */
const FRUITLESS_BATCHES = 5;

const HOUR_MS = 3_600_000;

/** What an event must have had, since its target's breaker closed, before it is given up. */
const PAUSES_SINCE_CLOSED = 3;

/** A message is received so often, at most, while it ages: probes need the rest of `MAX_RECEIVES`. */
const LOOKS_PER_WINDOW = 100;

export interface ExpiryFacts {
  readonly now: number;
  readonly emptyAt: number;
  readonly paused: boolean;
  readonly state: BreakerState | undefined;
  readonly target: Pick<KeeperTargetConfig, 'retry' | 'visibilityTimeoutSeconds'>;
}

/**
 * The age in milliseconds from which the keeper gives events up, or undefined where that is not for the keeper to do. While nobody
 * delivers, that is the retry window. Else it is the delivery function's last attempt that ends an event; only what that has missed is left.
 */
export function expiryAgeMs({ now, emptyAt, paused, state, target: { retry, visibilityTimeoutSeconds } }: ExpiryFacts): number | undefined {
  const windowMs = retry.maxAgeSeconds * 1_000;
  if (paused) return windowMs;
  const longestMs = longestPauseMs(retry.delaysSeconds);
  const visibilityMs = visibilityTimeoutSeconds * 1_000;
  const lastAttemptMs = windowMs + longestMs + visibilityMs;
  const triedAgain = now - (state?.since ?? 0) > PAUSES_SINCE_CLOSED * longestMs + visibilityMs;
  return now - emptyAt > lastAttemptMs && triedAgain ? lastAttemptMs : undefined;
}

/** The pause between two looks through a queue. */
export function expiryIntervalMs(maxAgeSeconds: number): number {
  return Math.max(HOUR_MS, maxAgeSeconds * 1_000 / LOOKS_PER_WINDOW);
}

/** Moves what outlived the retry window to the dead-letter queue. A run that does not come to an end goes on in the next minute. */
export async function expire(turn: Turn, run: Run): Promise<void> {
  const { memory, queue, target } = turn;
  const now = run.now();
  const ageMs = expiryAgeMs({ ...turn, now });
  if (ageMs === undefined || queue.visible === 0 || now < (memory.expiryDueAt ?? 0)) return;
  // Events of a target that a person has just resumed are tried first.
  if (turn.paused && !await isOurs(turn, run)) return;
  for (let fruitless = 0; fruitless < FRUITLESS_BATCHES;) {
    if (!hasTime(run)) return;
    const messages = await run.calls.receive(target.queueUrl, RECEIVE_LIMIT, HIDDEN_SECONDS);
    if (messages.length === 0) break;
    const moved = (await Promise.all(inLine(messages, target).map((line) => expireLine(turn, line, ageMs, run)))).flat();
    if (moved.includes('failed')) return;
    fruitless = moved.includes('moved') ? 0 : fruitless + 1;
  }
  memory.expiryDueAt = now + expiryIntervalMs(target.retry.maxAgeSeconds);
}

type Expired = 'young' | 'moved' | 'failed';

/** What must go one after the other, so that the dead-letter queue has its order: a group of a FIFO queue. */
function inLine(messages: readonly ReceivedMessage[], target: KeeperTargetConfig): ReceivedMessage[][] {
  const lines = new Map<string, ReceivedMessage[]>();
  for (const message of messages) {
    const name = groupOf(message, target) ?? message.MessageId;
    lines.set(name, [...lines.get(name) ?? [], message]);
  }
  return [...lines.values()];
}

/** Ends at a failure: what is behind it waits with it. */
async function expireLine(turn: Turn, line: readonly ReceivedMessage[], ageMs: number, run: Run): Promise<Expired[]> {
  const ends: Expired[] = [];
  const until = run.now() + LINE_MS;
  for (const message of line) {
    if (ends.length > 0 && !(hasTime(run) && run.now() <= until)) {
      noteAge(turn, sentAtOf(message));
      return [...ends, 'failed'];
    }
    const end = await expireOne(turn, message, ageMs, run);
    ends.push(end);
    if (end === 'failed') break;
  }
  return ends;
}

async function expireOne(turn: Turn, message: ReceivedMessage, ageMs: number, run: Run): Promise<Expired> {
  const sentAt = sentAtOf(message);
  if (!(run.now() - sentAt > ageMs)) {
    noteAge(turn, sentAt);
    return 'young';
  }
  return await moveAway(turn, message, run) ? 'moved' : 'failed';
}

/** Deletes a message only once the dead-letter queue has it. */
async function moveAway(turn: Turn, message: ReceivedMessage, run: Run): Promise<boolean> {
  const { name, target } = turn;
  const event = eventOf(message);
  const { id, source } = event ?? { id: message.MessageId, source: 'unknown' };
  const givenUp = { sentAt: sentAtOf(message), receives: receivesOf(message) };
  const detail = explain(turn);
  const attributes = deadLetterAttributes(givenUp, { target: name, reason: 'expired', detail, status: null, now: run.now() });
  const groupId = groupOf(message, target);
  const order = groupId === undefined ? undefined : { groupId, deduplicationId: message.MessageId };
  try {
    await run.calls.sendDeadLetter(target.deadLetterQueueUrl, message.Body, attributes, order);
  } catch (error) {
    noteAge(turn, givenUp.sentAt);
    warn(run, name, 'dead-letter-failed', `event ${id} is kept in the delivery queue: ${describe(error)}`);
    return false;
  }
  turn.deadLetters++;
  run.write({ event: 'dead-lettered', id, source, target: name, attempts: givenUp.receives, status: null, reason: 'expired', detail });
  const [failure] = await Promise.all([
    event && run.records.add(name, event, detail, run.now()),
    run.calls.deleteMessage(target.queueUrl, message.ReceiptHandle).catch((error: unknown) => (
      warn(run, name, 'delete-failed', `event ${id} is in the dead-letter queue and comes again: ${describe(error)}`)
    )),
  ]);
  if (failure !== undefined) warn(run, name, 'store-failed', `that event ${id} was given up is not on record: ${describe(failure)}`);
  return true;
}

/** Messages of a standard queue may have a group too, which orders nothing. */
function groupOf({ Attributes: attributes }: ReceivedMessage, { deadLetterQueueUrl }: KeeperTargetConfig): string | undefined {
  return deadLetterQueueUrl.endsWith('.fifo') ? attributes['MessageGroupId'] : undefined;
}

const WHY_OPEN: { readonly [cause in BreakerCause]: string } = {
  unavailable: 'the target has not answered',
  gone: 'the target has said that it wants no more events',
  person: 'a person has paused the target',
};

function explain({ paused, state, target: { retry: { maxAgeSeconds } } }: Turn): string {
  const start = `not delivered within ${maxAgeSeconds} seconds`;
  if (!paused) return `${start}, and for longer than its last attempt should have taken, though the event source mapping is enabled`;
  if (state?.phase !== 'open') return `${start}: the event source mapping of the target is disabled`;
  return `${start}: ${WHY_OPEN[state.cause ?? 'unavailable']} since ${new Date(state.since).toISOString()}`;
}

/** Undefined where the message does not say. */
function eventOf({ Body: body }: ReceivedMessage): ExpiredEvent | undefined {
  try {
    const { id, source, type, time, replay } = JSON.parse(body) as { readonly [field: string]: unknown };
    if (typeof id !== 'string' || typeof source !== 'string' || typeof time !== 'string') return undefined;
    return { id, source, type: typeof type === 'string' ? type : null, time, ...(typeof replay === 'string' && { replay }) };
  } catch {
    return undefined;
  }
}
