import type { SQSRecord } from 'aws-lambda';
import type { ReceivedMessage } from './calls';

/** A received message as Lambda's poller hands it to a function: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export function toRecord(message: ReceivedMessage, queueArn: string): SQSRecord {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes as unknown as SQSRecord['attributes'],
    messageAttributes: Object.fromEntries(Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, {
      ...(value.StringValue !== undefined && { stringValue: value.StringValue }),
      ...(value.BinaryValue !== undefined && { binaryValue: value.BinaryValue }),
      stringListValues: [],
      binaryListValues: [],
      dataType: value.DataType,
    }])),
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3] ?? '',
  };
}

/** Milliseconds since 1970. */
export function sentAtOf({ Attributes: attributes }: ReceivedMessage): number {
  return Number(attributes['SentTimestamp']);
}

export function receivesOf({ Attributes: attributes }: ReceivedMessage): number {
  return Number(attributes['ApproximateReceiveCount']);
}
