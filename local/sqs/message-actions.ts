import { changeMessageVisibilityBatch, deleteMessageBatch, sendMessageBatch } from './batch';
import type { SqsEngine } from './engine';
import { invalidValue, sqsError } from './errors';
import { type Input, integer, optionalInteger, optionalText, text, textList } from './input';
import { MAX_IN_FLIGHT, MAX_RECEIVED_MESSAGES, MAX_WAIT_SECONDS } from './limits';
import { receiveWaiting } from './long-poll';
import type { ReceiveOptions } from './message';
import { checkToken } from './message-rules';
import type { Actions } from './protocol';
import { queueOf } from './queue-actions';
import { checkSystemAttributeNames, readMessage, writeReceived, writeSent } from './wire';

export const messageActions: Actions = {
  SendMessage: (engine, input) => writeSent(queueOf(engine, input).send(readMessage(input, 'SendMessage'))),
  ReceiveMessage: receiveMessage,
  DeleteMessage: (engine, input) => {
    queueOf(engine, input).delete(text(input, 'ReceiptHandle'));
  },
  ChangeMessageVisibility: (engine, input) => {
    queueOf(engine, input).changeVisibility(text(input, 'ReceiptHandle'), integer(input, 'VisibilityTimeout'));
  },
  SendMessageBatch: sendMessageBatch,
  DeleteMessageBatch: deleteMessageBatch,
  ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
};

async function receiveMessage(engine: SqsEngine, input: Input, signal: AbortSignal): Promise<object> {
  const queue = queueOf(engine, input);
  const systemNames = [...textList(input, 'MessageSystemAttributeNames'), ...textList(input, 'AttributeNames')];
  const attributeNames = textList(input, 'MessageAttributeNames');
  const options = readReceiveOptions(input);
  const waitSeconds = optionalInteger(input, 'WaitTimeSeconds') ?? queue.settings.waitSeconds;
  checkSystemAttributeNames(systemNames);
  if (waitSeconds < 0 || waitSeconds > MAX_WAIT_SECONDS) {
    throw invalidValue('WaitTimeSeconds', waitSeconds, `Must be >= 0 and <= ${MAX_WAIT_SECONDS}, if provided.`);
  }
  // A long poll at the ceiling, and any receive of a FIFO queue, just finds nothing.
  if (waitSeconds === 0 && !queue.fifo && queue.counts().inFlight >= MAX_IN_FLIGHT) {
    throw sqsError('OverLimit', `The maximum number of in flight messages is reached: ${MAX_IN_FLIGHT}.`);
  }
  const messages = await receiveWaiting(queue, options, waitSeconds, signal);
  return messages.length === 0 ? {} : { Messages: messages.map((message) => writeReceived(message, systemNames, attributeNames)) };
}

function readReceiveOptions(input: Input): ReceiveOptions {
  const maxMessages = optionalInteger(input, 'MaxNumberOfMessages') ?? 1;
  const visibilityTimeoutSeconds = optionalInteger(input, 'VisibilityTimeout');
  const receiveRequestAttemptId = optionalText(input, 'ReceiveRequestAttemptId');
  if (maxMessages < 1 || maxMessages > MAX_RECEIVED_MESSAGES) {
    throw invalidValue('MaxNumberOfMessages', maxMessages, `Must be between 1 and ${MAX_RECEIVED_MESSAGES}, if provided.`);
  }
  checkToken('ReceiveRequestAttemptId', receiveRequestAttemptId);
  return {
    maxMessages,
    ...(visibilityTimeoutSeconds !== undefined && { visibilityTimeoutSeconds }),
    ...(receiveRequestAttemptId !== undefined && { receiveRequestAttemptId }),
  };
}
