import { deadLetterAttributes, type DeadLetter, type MessageOrder } from '../shared/dead-letter';
import { describe } from '../shared/log';
import type { Attempt } from './attempt';
import { longestPauseSeconds, pauseSeconds, type Pause } from './backoff';
import { secondsSince, type Batch } from './batch';
import { wantsNoMore, type Verdict } from './classify';
import type { Message } from './message';
import type { RecordableEvent } from './record';

export interface EventName extends RecordableEvent {
  /** Milliseconds since 1970. */
  readonly acceptedAt: number;
}

/** Does what was decided, and says it in one line for the attempt and one for an end. */
export async function settle(message: Message, event: EventName, result: Attempt, verdict: Verdict, batch: Batch): Promise<void> {
  // Before anything that may hang or fail: whatever happens now, this event is not sent again.
  if (verdict.kind === 'delivered') {
    finish(message, batch);
    batch.records.add(message, event, { outcome: 'delivered', result });
  }
  const pause = verdict.kind === 'retry' ? await hide(message, verdict, batch) : null;
  writeAttempt(message, event, result, pause, batch);
  if (verdict.kind === 'delivered') writeDelivered(message, event, batch);
  if (verdict.kind === 'retry') {
    batch.records.add(message, event, { outcome: 'waiting', receivedAt: batch.receivedAt, result, pauseSeconds: pause });
    batch.measures.add('undeliveredAge', secondsSince(event.acceptedAt, batch));
  }
  if (verdict.kind === 'dead-letter') await moveAway(message, event, { ...verdict, status: result.status }, batch, result);
  if (wantsNoMore(result)) await batch.state.flagGone();
}

/** The target is not to be asked again every second because the dead-letter queue does not answer. */
const DEAD_LETTER_PAUSE_SECONDS = 60;

/** Ends the way of an event of which nothing is to be sent. */
export function drop(message: Message, event: EventName, reason: string, batch: Batch): void {
  const { id, source, type } = event;
  finish(message, batch);
  batch.records.add(message, event, { outcome: 'dropped', reason });
  batch.write({ event: 'dropped', id, source, type, target: batch.config.target, reason });
}

/** Hides the message until its next attempt. Null where it was not done: what the queue or the keeper set holds then. */
export async function hide(
  message: Message, { slower, retryAfterSeconds }: Pick<Pause, 'slower' | 'retryAfterSeconds'>, batch: Batch, leastSeconds = 0,
): Promise<number | null> {
  const resumedAt = await batch.state.resumedAt();
  const attemptsSince = Math.max(message.firstReceivedAt, typeof resumedAt === 'number' ? resumedAt : 0);
  const pause = pauseSeconds(batch.config.retry, {
    // The age at which the message was received: a slow failure must not jump over a pause.
    ageSeconds: (batch.receivedAt - attemptsSince) / 1_000,
    receivedSecondsAgo: secondsSince(batch.receivedAt, batch),
    slower,
    retryAfterSeconds,
  }, batch.random());
  return changeVisibility(message, Math.max(pause, leastSeconds), batch);
}

/** Hides a message until a time, in milliseconds since 1970, or a little longer. */
export async function hideUntil(message: Message, time: number, batch: Batch): Promise<number | null> {
  return changeVisibility(message, Math.ceil(-secondsSince(time, batch)), batch);
}

/** Sends a dead letter. Until the dead-letter queue has it the message is kept, and tried again later. */
export async function moveAway(
  message: Message, event: EventName, why: Pick<DeadLetter, 'reason' | 'detail' | 'status'>, batch: Batch, result?: Attempt,
): Promise<void> {
  const { id, source } = event;
  const target = batch.config.target;
  const { reason, detail, status } = why;
  try {
    await batch.sendDeadLetter(message.body, deadLetterAttributes(message, { target, reason, detail, status, now: batch.now() }), orderOf(message));
  } catch (error) {
    batch.warn('dead-letter-failed', `event ${id} is kept in the delivery queue: ${describe(error)}`);
    batch.measures.add('undeliveredAge', secondsSince(event.acceptedAt, batch));
    const pause = await hide(message, { slower: false }, batch, DEAD_LETTER_PAUSE_SECONDS);
    batch.records.add(message, event, { outcome: 'waiting', receivedAt: batch.receivedAt, ...(result && { result }), pauseSeconds: pause });
    return;
  }
  finish(message, batch);
  batch.records.add(message, event, { outcome: 'dead-lettered', reason, detail, ...(result && { result }) });
  batch.measures.add('deadLetters', 1);
  batch.write({ event: 'dead-lettered', id, source, target, attempts: message.receives, status, reason, detail });
}

/** The group stays, and with it the order in the dead-letter queue. An event that is replayed and fails again is a dead letter of its own. */
function orderOf({ id, groupId }: Message): MessageOrder | undefined {
  return groupId === undefined ? undefined : { groupId, deduplicationId: id };
}

async function changeVisibility(message: Message, wanted: number, batch: Batch): Promise<number | null> {
  if (batch.probe) return null;
  const seconds = Math.max(1, Math.min(wanted, longestPauseSeconds(secondsSince(batch.receivedAt, batch))));
  try {
    await batch.changeVisibility(message.receiptHandle, seconds);
    return seconds;
  } catch (error) {
    batch.warn('visibility-failed', `message ${message.id} comes again after the queue's visibility timeout: ${describe(error)}`);
    return null;
  }
}

function finish({ id }: Message, { done, finished }: Batch): void {
  finished.add(id);
  done.add(id);
}

function writeAttempt(message: Message, { id, source }: EventName, result: Attempt, pause: number | null, batch: Batch): void {
  const { outcome, status, ms, detail } = result;
  // An event that was not sent shows nothing of the target.
  if (outcome !== 'transform') batch.attempts.push({ messageId: message.id, outcome, status, ...(wantsNoMore(result) && { gone: true }) });
  batch.write({
    event: 'attempt', id, source, target: batch.config.target, attempt: message.receives, outcome, status, ms, retryInSeconds: pause,
    ...(detail === undefined ? {} : { detail }),
  });
}

function writeDelivered(message: Message, { id, source, acceptedAt }: EventName, batch: Batch): void {
  batch.measures.add('deliveryLatency', batch.now() - acceptedAt);
  const ageSeconds = Math.max(0, Math.round(secondsSince(message.sentAt, batch)));
  batch.write({ event: 'delivered', id, source, target: batch.config.target, attempts: message.receives, ageSeconds });
}
