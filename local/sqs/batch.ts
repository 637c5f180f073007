import { AwsError } from '../aws-service';
import type { SqsEngine } from './engine';
import { errorCode, invalidParameter, sqsError } from './errors';
import { type Input, integer, objectList, optionalText, text } from './input';
import { MAX_BATCH_ENTRIES, MAX_MESSAGE_BYTES } from './limits';
import type { SendMessageInput } from './message';
import { messageBytes, missingDeduplicationId } from './message-rules';
import type { Queue } from './queue';
import { queueOf } from './queue-actions';
import { readMessage, writeSent } from './wire';

export interface BatchResult {
  readonly Successful: object[];
  readonly Failed: object[];
}

export function sendMessageBatch(engine: SqsEngine, input: Input): BatchResult {
  const queue = queueOf(engine, input);
  const entries = readEntries(input, 'SendMessageBatch');
  const messages = new Map(entries.map((entry) => [entry, attempt(() => readMessage(entry, 'SendMessageBatch'))]));
  checkTotal([...messages.values()]);
  if (queue.fifo) entries.forEach((entry) => checkFifoEntry(queue, entry));
  return runBatch(entries, (entry) => {
    const message = messages.get(entry) as SendMessageInput | AwsError;
    if (message instanceof AwsError) throw message;
    return writeSent(queue.send(message));
  });
}

export function deleteMessageBatch(engine: SqsEngine, input: Input): BatchResult {
  const queue = queueOf(engine, input);
  return runBatch(readEntries(input, 'DeleteMessageBatch'), (entry) => {
    queue.delete(text(entry, 'ReceiptHandle'));
  });
}

export function changeMessageVisibilityBatch(engine: SqsEngine, input: Input): BatchResult {
  const queue = queueOf(engine, input);
  return runBatch(readEntries(input, 'ChangeMessageVisibilityBatch'), (entry) => {
    queue.changeVisibility(text(entry, 'ReceiptHandle'), integer(entry, 'VisibilityTimeout'));
  });
}

/** Carries out each entry; one that fails spares the others, and the request succeeds all the same. */
function runBatch(entries: readonly Input[], run: (entry: Input) => object | void): BatchResult {
  const result: BatchResult = { Successful: [], Failed: [] };
  for (const entry of entries) {
    const outcome = attempt(() => run(entry));
    if (outcome instanceof AwsError) {
      result.Failed.push({ Id: entry['Id'], SenderFault: true, Code: errorCode(outcome), Message: outcome.message });
    } else {
      result.Successful.push({ Id: entry['Id'], ...outcome });
    }
  }
  return result;
}

/** What cannot be read fails the request; all else only its entry. */
function attempt<T>(run: () => T): T | AwsError {
  try {
    return run();
  } catch (error) {
    if (error instanceof AwsError && error.name !== 'SerializationException') return error;
    throw error;
  }
}

/** The rules that fail a batch as a whole. */
function readEntries(input: Input, action: string): Input[] {
  const entries = objectList(input, 'Entries');
  if (entries.length === 0) throw sqsError('EmptyBatchRequest', `There should be at least one ${action}RequestEntry in the request.`);
  if (entries.length > MAX_BATCH_ENTRIES) {
    throw sqsError('TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_BATCH_ENTRIES}. You have sent ${entries.length}.`);
  }
  const ids = new Set<string>();
  for (const entry of entries) {
    const id = text(entry, 'Id');
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(id)) {
      throw sqsError('InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.');
    }
    if (ids.has(id)) throw sqsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    ids.add(id);
  }
  return entries;
}

/** The whole batch is held to the limit of SQS, a single message to that of its queue. */
function checkTotal(messages: readonly (SendMessageInput | AwsError)[]): void {
  const bytes = messages.reduce((sum, message) => sum + (message instanceof AwsError ? 0 : messageBytes(message)), 0);
  if (bytes <= MAX_MESSAGE_BYTES) return;
  throw sqsError('BatchRequestTooLong', `Batch requests cannot be longer than ${MAX_MESSAGE_BYTES} bytes. You have sent ${bytes} bytes.`);
}

/** On AWS an entry without these fails the request, not only itself. */
function checkFifoEntry(queue: Queue, entry: Input): void {
  if (!optionalText(entry, 'MessageGroupId')) throw invalidParameter('The request must contain the parameter MessageGroupId.');
  if (!optionalText(entry, 'MessageDeduplicationId') && !queue.settings.contentBasedDeduplication) throw missingDeduplicationId();
}
