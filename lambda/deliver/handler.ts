import { describe } from '../shared/log';
import { openBatch, openRun, writeMeasures, type Batch } from './batch';
import { deliverEvent } from './deliver-event';
import type { DeliverAnswer, DeliverDependencies, DeliverEvent, DeliverHandler } from './dependencies';
import { readMessage, type Message } from './message';
import { inRandomOrder, isSuspect } from './suspects';

export type { DeliverDependencies, DeliverHandler } from './dependencies';

/** The answer must be out before the time is. */
const ANSWER_MS = 500;

/** How long the answer waits for what is written into the event store. Nothing depends on it. */
const RECORDS_MS = 1_000;

/** Delivers the events of one target. The mapping deletes what is not in the answer and leaves the rest to its visibility. */
export function createHandler(dependencies: DeliverDependencies): DeliverHandler {
  const run = openRun(dependencies);
  return async (event, context) => {
    const batch = openBatch(run, event, context);
    await within(deliverAll(event.Records.map(readMessage), batch), Math.max(0, batch.remainingMs() - ANSWER_MS));
    await within(batch.records.settled(), Math.max(0, Math.min(RECORDS_MS, batch.remainingMs() - ANSWER_MS)));
    writeMeasures(batch);
    return answer(event, batch);
  };
}

/**
 * All at once, each on its own; but a message that seems to end the process runs when nothing else can be lost with it: what has
 * succeeded by then is deleted, and what has failed is hidden. Of a FIFO queue a batch is one message, whose failure holds back
 * its whole group until it is delivered or given up: that is what the order costs.
 */
async function deliverAll(messages: readonly Message[], batch: Batch): Promise<void> {
  const suspects = new Set(messages.filter((message) => isSuspect(message, batch.config.retry, batch.receivedAt)));
  const others = messages.filter((message) => !suspects.has(message));
  await Promise.all(others.map((message) => deliver(message, batch)));
  const deleted = new Set<Message>();
  for (const suspect of inRandomOrder([...suspects], batch.random)) {
    await deleteDone(messages.filter((message) => batch.done.has(message.id) && !deleted.has(message)), deleted, batch);
    await deliver(suspect, batch);
  }
}

/** Never throws: whatever is not known to be done comes again. */
async function deliver(message: Message, batch: Batch): Promise<void> {
  try {
    if (batch.finished.has(message.id)) batch.done.add(message.id);
    else await deliverEvent(message, batch);
  } catch (error) {
    batch.warn('internal', `message ${message.id}: ${describe(error)}`);
  }
}

/** Costs a request for each message, so it is only for batches that may not live to give their answer. */
async function deleteDone(messages: readonly Message[], deleted: Set<Message>, batch: Batch): Promise<void> {
  await Promise.all(messages.map(async (message) => {
    try {
      deleted.add(message);
      await batch.deleteMessage(message.receiptHandle);
    } catch (error) {
      batch.warn('delete-failed', `message ${message.id} is left to the mapping: ${describe(error)}`);
    }
  }));
}

function answer({ Records: records }: DeliverEvent, { done, probe, attempts }: Batch): DeliverAnswer {
  const batchItemFailures = records.filter(({ messageId }) => !done.has(messageId)).map(({ messageId }) => ({ itemIdentifier: messageId }));
  return { batchItemFailures, ...(probe && { attempts: [...attempts] }) };
}

async function within(work: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise((resolve) => { timer = setTimeout(resolve, milliseconds); });
  await Promise.race([work, over]);
  clearTimeout(timer);
}
