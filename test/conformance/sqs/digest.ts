import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';

/**
 * The digest of message attributes, worked out once more from its description.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function digestOf(attributes: { readonly [name: string]: MessageAttributeValue }): string {
  const encoded = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([name, { DataType = '', StringValue, BinaryValue }]) => [
    withLength(name), withLength(DataType), Buffer.of(BinaryValue ? 2 : 1), withLength(BinaryValue ?? StringValue ?? ''),
  ]);
  return createHash('md5').update(Buffer.concat(encoded)).digest('hex');
}

function withLength(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value as Uint8Array);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
