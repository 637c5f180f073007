import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { DeliverConfig } from '../../lib/contract/config';
import type { Sender } from '../../lib/contract/sender';
import { describe, timed, type Log, type LogFields } from '../shared/log';
import { attempt, type Attempt } from './attempt';
import { pauseSeconds, type Pause } from './backoff';
import { classify, type Verdict } from './classify';
import { deadLetterAttributes, type DeadLetter, type StringAttributes } from './dead-letter';
import { Finished } from './finished';
import { readMessage, type Message } from './message';
import { openEnvelope, type Opened } from './open';

/** What the handler needs of the world. */
export interface DeliverDependencies {
  readonly config: DeliverConfig;
  readonly sender: Sender;
  /** Hides a message of the delivery queue for so long from now. */
  readonly changeVisibility: (receiptHandle: string, seconds: number) => Promise<unknown>;
  readonly sendDeadLetter: (body: string, attributes: StringAttributes) => Promise<unknown>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly log: Log;
}

export type DeliverHandler = (event: SQSEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<SQSBatchResponse>;

/** No attempt begins unless it can also be dealt with: a function that is killed forgets what its whole batch has achieved. */
const AFTER_ATTEMPT_MS = 2_000;

/** The answer must be out before the time is. */
const ANSWER_MS = 500;

/** Delivers the events of one target. The mapping deletes what is not in the answer and leaves the rest to its visibility. */
export function createHandler(dependencies: DeliverDependencies): DeliverHandler {
  const run: Run = { ...dependencies, finished: new Finished(), write: timed(dependencies.log, dependencies.now) };
  return async ({ Records: records }, context) => {
    const receivedAt = run.now();
    const done = new Set<string>();
    const all = Promise.all(records.map(async (record) => {
      if (await deliver(record, { ...run, receivedAt, remainingMs: () => context.getRemainingTimeInMillis() })) done.add(record.messageId);
    }));
    await within(all, Math.max(0, context.getRemainingTimeInMillis() - ANSWER_MS));
    return { batchItemFailures: records.filter(({ messageId }) => !done.has(messageId)).map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

interface Run extends DeliverDependencies {
  readonly finished: Finished;
  readonly write: (line: LogFields) => void;
}

interface Batch extends Run {
  readonly receivedAt: number;
  readonly remainingMs: () => number;
}

/** True if the message is done with and can be deleted. Never throws: whatever is not known to be done comes again. */
async function deliver(record: SQSRecord, batch: Batch): Promise<boolean> {
  try {
    if (!batch.finished.has(record.messageId) && !await handle(readMessage(record), batch)) return false;
    batch.finished.add(record.messageId);
    return true;
  } catch (error) {
    warn(batch, 'internal', `message ${record.messageId}: ${describe(error)}`);
    return false;
  }
}

/** The way of one message. */
async function handle(message: Message, batch: Batch): Promise<boolean> {
  const opened = openEnvelope(message.body);
  if (opened.kind === 'garbage') {
    return moveAway(message, { id: message.id, source: 'unknown' }, { reason: 'invalid', detail: opened.detail, status: null }, batch);
  }
  if (opened.kind === 'newer') return waitForDeployment(message, opened.version, batch);
  if (batch.remainingMs() <= batch.config.timeoutSeconds * 1_000 + AFTER_ATTEMPT_MS) {
    warn(batch, 'out-of-time', `event ${opened.envelope.id} waits for its next receive: too little time is left for an attempt`);
    return false;
  }
  const result = await send(message, opened, batch);
  return settle(message, opened.envelope, result, classify(result, secondsSince(message.sentAt, batch), batch.config.retry), batch);
}

function send(message: Message, { envelope, body }: Extract<Opened, { kind: 'event' }>, { sender, config }: Batch): Promise<Attempt> {
  const { id, source, type, time, headers } = envelope;
  return attempt(sender, { id, source, type, time, headers, body, attempt: message.receives }, config.timeoutSeconds * 1_000);
}

type EventName = { readonly id: string; readonly source: string };

/** Does what was decided, and says it in one line for the attempt and one for an end. */
async function settle(message: Message, event: EventName, result: Attempt, verdict: Verdict, batch: Batch): Promise<boolean> {
  const { id, source } = event;
  const target = batch.config.target;
  const pause = verdict.kind === 'retry' ? await delay(message, verdict, batch) : null;
  batch.write({
    event: 'attempt', id, source, target, attempt: message.receives, outcome: result.outcome, status: result.status, ms: result.ms,
    retryInSeconds: pause, ...(result.detail === undefined ? {} : { detail: result.detail }),
  });
  if (verdict.kind === 'retry') return false;
  if (verdict.kind === 'dead-letter') return moveAway(message, event, { ...verdict, status: result.status }, batch);
  const ageSeconds = Math.max(0, Math.round(secondsSince(message.sentAt, batch)));
  batch.write({ event: 'delivered', id, source, target, attempts: message.receives, ageSeconds });
  return true;
}

/** Hides the message until its next attempt. Null where SQS did not do it: the queue's own visibility timeout holds then. */
async function delay(message: Message, { slower, retryAfterSeconds }: Pick<Pause, 'slower' | 'retryAfterSeconds'>, batch: Batch): Promise<number | null> {
  const seconds = pauseSeconds(batch.config.retry, {
    // The age at which the attempt began: a slow failure must not jump over a pause.
    ageSeconds: (batch.receivedAt - message.firstReceivedAt) / 1_000,
    receivedSecondsAgo: secondsSince(batch.receivedAt, batch),
    slower,
    retryAfterSeconds,
  }, batch.random());
  try {
    await batch.changeVisibility(message.receiptHandle, seconds);
    return seconds;
  } catch (error) {
    warn(batch, 'visibility-failed', `message ${message.id} comes again after the queue's visibility timeout: ${describe(error)}`);
    return null;
  }
}

/** Sends a dead letter. True once the dead-letter queue has it; until then the message is kept, and tried again later. */
async function moveAway(message: Message, { id, source }: EventName, why: Pick<DeadLetter, 'reason' | 'detail' | 'status'>, batch: Batch): Promise<boolean> {
  const target = batch.config.target;
  const { reason, detail, status } = why;
  try {
    await batch.sendDeadLetter(message.body, deadLetterAttributes(message, { target, reason, detail, status, now: batch.now() }));
  } catch (error) {
    warn(batch, 'dead-letter-failed', `event ${id} is kept in the delivery queue: ${describe(error)}`);
    await delay(message, { slower: false }, batch);
    return false;
  }
  batch.write({ event: 'dead-lettered', id, source, target, attempts: message.receives, status, reason, detail });
  return true;
}

/** A newer function knows what to do with it. Only one that waits in vain for the whole retry window goes away. */
async function waitForDeployment(message: Message, version: number, batch: Batch): Promise<boolean> {
  const detail = `the envelope has version ${version}, which this function does not know`;
  if (secondsSince(message.sentAt, batch) > batch.config.retry.maxAgeSeconds) {
    return moveAway(message, { id: message.id, source: 'unknown' }, { reason: 'expired', detail, status: null }, batch);
  }
  warn(batch, 'envelope-newer', `message ${message.id} waits: ${detail}`);
  await delay(message, { slower: false }, batch);
  return false;
}

function secondsSince(time: number, { now }: Batch): number {
  return (now() - time) / 1_000;
}

function warn(batch: Run, code: string, message: string): void {
  batch.write({ event: 'warning', code, message, target: batch.config.target });
}

async function within(work: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise((resolve) => { timer = setTimeout(resolve, milliseconds); });
  await Promise.race([work, over]);
  clearTimeout(timer);
}
