/** A received message, as `local/sqs` gives it. */
export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly attributes: { readonly [name: string]: string };
  readonly messageAttributes: { readonly [name: string]: QueueMessageAttribute };
  readonly md5OfMessageAttributes?: string;
}

export interface QueueMessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

/** One record of the event. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: { readonly [name: string]: string };
  readonly messageAttributes: { readonly [name: string]: SqsRecordAttribute };
  readonly md5OfMessageAttributes?: string;
  readonly md5OfBody: string;
  readonly eventSource: 'aws:sqs';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

export interface SqsRecordAttribute {
  readonly stringValue?: string;
  /** In base64. */
  readonly binaryValue?: string;
  readonly stringListValues: string[];
  readonly binaryListValues: string[];
  readonly dataType: string;
}

export function sqsRecord(message: QueueMessage, queueArn: string): SqsRecord {
  const { messageId, receiptHandle, body, attributes, md5OfBody, md5OfMessageAttributes } = message;
  return {
    messageId,
    receiptHandle,
    body,
    attributes,
    messageAttributes: Object.fromEntries(Object.entries(message.messageAttributes).map(([name, value]) => [name, recordAttribute(value)])),
    ...(md5OfMessageAttributes !== undefined && { md5OfMessageAttributes }),
    md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3] ?? '',
  };
}

function recordAttribute({ DataType, StringValue, BinaryValue }: QueueMessageAttribute): SqsRecordAttribute {
  return {
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
    // Reserved by SQS, never filled.
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

/** Cuts messages, in their order, into batches whose events are at most `maxBytes`. A single message is never too large. */
export function batchesBySize<M extends QueueMessage>(messages: readonly M[], queueArn: string, maxBytes: number): M[][] {
  const batches: M[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = Buffer.byteLength(JSON.stringify(sqsRecord(message, queueArn))) + ','.length;
    if (bytes + size > maxBytes) {
      batches.push([]);
      bytes = '{"Records":[]}'.length;
    }
    batches.at(-1)?.push(message);
    bytes += size;
  }
  return batches;
}
