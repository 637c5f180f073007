import type { SQSRecord } from 'aws-lambda';

/** What SQS knows about a message, in the units of this function. */
export interface Message {
  readonly id: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly firstReceivedAt: number;
  /** Includes receives that never became an attempt. */
  readonly receives: number;
  /** Only in a FIFO queue. */
  readonly groupId?: string;
}

export function readMessage({ messageId, receiptHandle, body, attributes }: SQSRecord): Message {
  return {
    id: messageId,
    receiptHandle,
    body,
    sentAt: Number(attributes.SentTimestamp),
    firstReceivedAt: Number(attributes.ApproximateFirstReceiveTimestamp),
    receives: Number(attributes.ApproximateReceiveCount),
    ...(attributes.MessageGroupId !== undefined && { groupId: attributes.MessageGroupId }),
  };
}
