import { createHash } from 'crypto';
import { invalidParameter, sqsError } from './errors';
import { MAX_MESSAGE_ATTRIBUTES } from './limits';
import type { MessageAttribute, MessageAttributes } from './message';

/** The rules of https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
export function checkMessageAttributes(attributes: MessageAttributes): void {
  const entries = Object.entries(attributes);
  if (entries.length > MAX_MESSAGE_ATTRIBUTES) {
    throw invalidParameter(`Number of message attributes [${entries.length}] exceeds the allowed maximum [${MAX_MESSAGE_ATTRIBUTES}].`);
  }
  for (const [name, attribute] of entries) {
    checkName(name);
    checkType(name, attribute.DataType);
    checkAttributeValue(name, attribute);
  }
}

function checkName(name: string): void {
  if (name.length > 256) throw invalidParameter('Message (user) attribute names must be at most 256 characters.');
  if (!/^[A-Za-z0-9_.-]+$/.test(name)) {
    throw invalidParameter(
      'Message (user) attributes name can only contain upper and lower score characters, digits, periods, hyphens and underscores.');
  }
  if (/^(aws|amazon)\.|^\.|\.$|\.\./i.test(name)) {
    throw invalidParameter('You can\'t use message attribute names beginning with \'AWS.\' or \'Amazon.\'. '
      + 'These strings are reserved for internal use. Additionally, they cannot start or end with \'.\' or contain successive \'.\'.');
  }
}

function checkType(name: string, type: string): void {
  if (!type) throw invalidParameter(`The message (user) attribute '${name}' must contain a non-empty message attribute type.`);
  if (type.length > 256) throw invalidParameter('Message (user) attribute types must be at most 256 characters.');
  if (!/^(String|Number|Binary)(\..+)?$/s.test(type) || hasIllegalCharacters(type)) {
    throw invalidParameter(`The message (user) attribute '${name}' has an invalid message attribute type, `
      + 'the set of supported type prefixes is Binary, Number, and String.');
  }
}

function checkAttributeValue(name: string, attribute: MessageAttribute): void {
  const binary = isBinary(attribute);
  const value = binary ? attribute.BinaryValue : attribute.StringValue;
  if ((binary ? attribute.StringValue : attribute.BinaryValue) !== undefined) {
    throw invalidParameter(`Message (user) attribute '${name}' has a value that does not fit its type '${attribute.DataType}'.`);
  }
  if (!value?.length) throw invalidParameter(`Message (user) attribute '${name}' must contain a non-empty value of type '${attribute.DataType}'.`);
  if (typeof value !== 'string') return;
  if (hasIllegalCharacters(value)) throw invalidParameter(illegalCharactersMessage);
  if (attribute.DataType.startsWith('Number') && !isNumber(value)) {
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
}

/** A message attribute number has up to 38 digits and is between 10^-128 and 10^126 in size. */
function isNumber(text: string): boolean {
  const parts = /^[+-]?(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,4}))?$/.exec(text.trim());
  if (!parts || !(parts[1] || parts[2])) return false;
  const digits = `${parts[1]}${parts[2]}`.replace(/^0+/, '');
  if (digits === '') return true;
  const magnitude = digits.length - (parts[2] as string).length - 1 + Number(parts[3] ?? 0);
  return digits.replace(/0+$/, '').length <= 38 && magnitude >= -128 && magnitude <= 126;
}

export const illegalCharactersMessage = 'Invalid characters found. Valid unicode characters are '
  + '#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';

/** True for control characters, lone surrogates and the noncharacters U+FFFE and U+FFFF. */
export function hasIllegalCharacters(text: string): boolean {
  return /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text);
}

function isBinary(attribute: MessageAttribute): boolean {
  return /^Binary(\.|$)/.test(attribute.DataType);
}

/** Names, types and values all count towards the size of a message. */
export function attributeBytes(attributes: MessageAttributes): number {
  let bytes = 0;
  for (const [name, { DataType, StringValue = '', BinaryValue }] of Object.entries(attributes)) {
    bytes += name.length + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue) + (BinaryValue?.length ?? 0);
  }
  return bytes;
}

/**
 * The digest SQS gives for message attributes: sorted by name, each as length and bytes of its name and type, one byte for
 * the kind of value, length and bytes of the value.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const part = (bytes: Uint8Array): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name] as MessageAttribute;
    part(Buffer.from(name));
    part(Buffer.from(attribute.DataType));
    hash.update(Buffer.of(isBinary(attribute) ? 2 : 1));
    part(attribute.BinaryValue ?? Buffer.from(attribute.StringValue ?? ''));
  }
  return hash.digest('hex');
}

export function refuseListValues(attribute: { StringListValues?: unknown; BinaryListValues?: unknown }, action: string): void {
  for (const list of [attribute.StringListValues, attribute.BinaryListValues]) {
    if (Array.isArray(list) && list.length > 0) {
      throw sqsError('UnsupportedOperation', `Message attribute list values in ${action} operation are not supported.`);
    }
  }
}
