import { invalidParameter, sqsError } from './errors';
import { type Input, objectMap, optionalInteger, optionalText, text } from './input';
import { md5OfAttributes, refuseListValues } from './message-attributes';
import type { MessageAttribute, MessageAttributes, ReceivedMessage, SendMessageInput, SentMessage } from './message';
import { ATTRIBUTE_NAMES } from './queue-attributes';

/** `SendMessage`, or one entry of `SendMessageBatch`. */
export function readMessage(input: Input, action: string): SendMessageInput {
  const optional = {
    delaySeconds: optionalInteger(input, 'DelaySeconds'),
    traceHeader: readTraceHeader(input, action),
    groupId: optionalText(input, 'MessageGroupId'),
    deduplicationId: optionalText(input, 'MessageDeduplicationId'),
  };
  const messageAttributes = Object.fromEntries(
    Object.entries(objectMap(input, 'MessageAttributes')).map(([name, value]) => [name, readAttribute(value, action)]));
  return {
    body: text(input, 'MessageBody'),
    messageAttributes,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

function readTraceHeader(input: Input, action: string): string | undefined {
  const attributes = Object.entries(objectMap(input, 'MessageSystemAttributes'));
  for (const [name, value] of attributes) {
    if (name !== 'AWSTraceHeader') {
      throw invalidParameter(`Message (system) attribute '${name}' is invalid. The only supported one is AWSTraceHeader.`);
    }
    const attribute = readAttribute(value, action);
    if (attribute.DataType !== 'String') throw invalidParameter('Message (system) attribute \'AWSTraceHeader\' must have the type \'String\'.');
    return attribute.StringValue ?? '';
  }
  return undefined;
}

function readAttribute(input: Input, action: string): MessageAttribute {
  refuseListValues(input, action);
  const stringValue = optionalText(input, 'StringValue');
  const binaryValue = optionalText(input, 'BinaryValue');
  return {
    DataType: optionalText(input, 'DataType') ?? '',
    ...(stringValue !== undefined && { StringValue: stringValue }),
    ...(binaryValue !== undefined && { BinaryValue: Buffer.from(binaryValue, 'base64') }),
  };
}

export function writeSent(sent: SentMessage): object {
  return {
    MessageId: sent.messageId,
    MD5OfMessageBody: sent.md5OfBody,
    MD5OfMessageAttributes: sent.md5OfMessageAttributes,
    MD5OfMessageSystemAttributes: sent.md5OfSystemAttributes,
    SequenceNumber: sent.sequenceNumber,
  };
}

const SYSTEM_ATTRIBUTE_NAMES = new Set([
  'All', 'SenderId', 'SentTimestamp', 'ApproximateReceiveCount', 'ApproximateFirstReceiveTimestamp', 'SequenceNumber',
  'MessageDeduplicationId', 'MessageGroupId', 'AWSTraceHeader', 'DeadLetterQueueSourceArn',
]);

/** `AttributeNames` is typed as names of queue attributes, which a message does not have: allowed, and without effect. */
export function checkSystemAttributeNames(names: readonly string[]): void {
  const unknown = names.find((name) => !SYSTEM_ATTRIBUTE_NAMES.has(name) && !ATTRIBUTE_NAMES.has(name));
  if (unknown !== undefined) throw sqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
}

/** A received message with the attributes that were asked for, and the digest of just these. */
export function writeReceived(message: ReceivedMessage, systemNames: readonly string[], attributeNames: readonly string[]): object {
  const attributes = Object.entries(message.attributes).filter(([name]) => systemNames.includes('All') || systemNames.includes(name));
  const chosen = Object.fromEntries(Object.entries(message.messageAttributes).filter(([name]) => isChosen(name, attributeNames)));
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: message.md5OfBody,
    Body: message.body,
    ...(attributes.length > 0 && { Attributes: Object.fromEntries(attributes) }),
    ...(Object.keys(chosen).length > 0 && { MD5OfMessageAttributes: md5OfAttributes(chosen), MessageAttributes: writeAttributes(chosen) }),
  };
}

/** `All` and `.*` choose every attribute, `bar.*` those that begin with `bar`. */
function isChosen(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => pattern === 'All' || pattern === name || (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -2))));
}

function writeAttributes(attributes: MessageAttributes): object {
  return Object.fromEntries(Object.entries(attributes).map(([name, { BinaryValue, ...rest }]) => [name, {
    ...rest,
    ...(BinaryValue && { BinaryValue: Buffer.from(BinaryValue).toString('base64') }),
  }]));
}
