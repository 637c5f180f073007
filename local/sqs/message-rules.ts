import { createHash } from 'crypto';
import { contentDeduplicationId } from './deduplication';
import { invalidParameter, invalidValue, missingParameter, sqsError } from './errors';
import { MAX_DELAY_SECONDS, MAX_VISIBILITY_SECONDS } from './limits';
import { attributeBytes, checkMessageAttributes, hasIllegalCharacters, illegalCharactersMessage, md5OfAttributes } from './message-attributes';
import type { MessageContent, SendMessageInput } from './message';
import type { QueueSettings } from './queue-attributes';

/** A message that may enter the queue. */
export interface AcceptedMessage {
  readonly content: MessageContent;
  readonly delaySeconds: number;
  /** FIFO queues only. */
  readonly deduplicationId?: string;
}

/** The rules of https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
export function acceptMessage(input: SendMessageInput, fifo: boolean, settings: QueueSettings): AcceptedMessage {
  const { body, messageAttributes = {}, traceHeader, groupId } = input;
  if (!body) throw missingParameter('MessageBody');
  if (messageBytes(input) > settings.maximumMessageBytes) {
    throw invalidParameter(`One or more parameters are invalid. Reason: Message must be shorter than ${settings.maximumMessageBytes} bytes.`);
  }
  if (hasIllegalCharacters(body)) throw sqsError('InvalidMessageContents', illegalCharactersMessage);
  checkMessageAttributes(messageAttributes);
  checkTraceHeader(traceHeader);
  checkToken('MessageGroupId', groupId);
  checkToken('MessageDeduplicationId', input.deduplicationId);
  const md5OfMessageAttributes = md5OfAttributes(messageAttributes);
  return {
    ...(fifo ? fifoParameters(input, settings) : standardParameters(input, settings)),
    content: {
      body,
      md5OfBody: createHash('md5').update(body).digest('hex'),
      ...(md5OfMessageAttributes !== undefined && { messageAttributes, md5OfMessageAttributes }),
      ...(traceHeader !== undefined && {
        traceHeader,
        md5OfSystemAttributes: md5OfAttributes({ AWSTraceHeader: { DataType: 'String', StringValue: traceHeader } }),
      }),
      ...(groupId !== undefined && { groupId }),
    },
  };
}

/** What counts towards `MaximumMessageSize`. System attributes do not. */
export function messageBytes({ body, messageAttributes }: SendMessageInput): number {
  return Buffer.byteLength(body) + (messageAttributes ? attributeBytes(messageAttributes) : 0);
}

/** A FIFO queue takes its delay from the queue alone. */
function fifoParameters({ body, delaySeconds, groupId, deduplicationId }: SendMessageInput, settings: QueueSettings) {
  if (delaySeconds) throw notForThisType('DelaySeconds', delaySeconds);
  if (groupId === undefined) throw missingParameter('MessageGroupId');
  if (deduplicationId === undefined && !settings.contentBasedDeduplication) throw missingDeduplicationId();
  return { delaySeconds: settings.delaySeconds, deduplicationId: deduplicationId ?? contentDeduplicationId(body) };
}

function standardParameters({ delaySeconds, deduplicationId }: SendMessageInput, settings: QueueSettings) {
  if (deduplicationId !== undefined) throw notForThisType('MessageDeduplicationId', deduplicationId);
  if (delaySeconds !== undefined && !(Number.isInteger(delaySeconds) && delaySeconds >= 0 && delaySeconds <= MAX_DELAY_SECONDS)) {
    throw invalidValue('DelaySeconds', delaySeconds, `DelaySeconds must be >= 0 and <= ${MAX_DELAY_SECONDS}.`);
  }
  return { delaySeconds: delaySeconds ?? settings.delaySeconds };
}

export function missingDeduplicationId() {
  return invalidParameter('The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly');
}

function notForThisType(parameter: string, value: unknown) {
  return invalidValue(parameter, value, 'The request include parameter that is not valid for this queue type.');
}

/** Group ids, deduplication ids and receive request attempt ids: letters, digits and punctuation of ASCII. */
export function checkToken(parameter: string, value: string | undefined): void {
  if (value === undefined || /^[!-~]{1,128}$/.test(value)) return;
  throw invalidValue(parameter, value, `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`);
}

function checkTraceHeader(value: string | undefined): void {
  if (value === '' || (value !== undefined && hasIllegalCharacters(value))) {
    throw invalidParameter('Message (system) attribute \'AWSTraceHeader\' must contain a non-empty value of type \'String\'.');
  }
}

export function checkVisibility(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= MAX_VISIBILITY_SECONDS) return;
  throw invalidValue('VisibilityTimeout', seconds, `Must be between 0 and ${MAX_VISIBILITY_SECONDS}, if provided.`);
}
