import type { HeapItem } from './heap';
import type { ListNode } from './linked-list';

/** A message attribute as the SDK shapes it. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

export interface MessageAttributes {
  readonly [name: string]: MessageAttribute;
}

/** What a producer sends. */
export interface SendMessageInput {
  readonly body: string;
  /** 0 to 900 seconds. Absent: the queue's delay. A FIFO queue takes the queue's only. */
  readonly delaySeconds?: number;
  readonly messageAttributes?: MessageAttributes;
  /** The message system attribute `AWSTraceHeader`. */
  readonly traceHeader?: string;
  /** Required on a FIFO queue; on a standard queue it names a tenant and changes nothing here. */
  readonly groupId?: string;
  /** FIFO queues only. Required there unless the queue deduplicates by content. */
  readonly deduplicationId?: string;
}

export interface SentMessage {
  readonly messageId: string;
  readonly md5OfBody: string;
  readonly md5OfMessageAttributes?: string;
  readonly md5OfSystemAttributes?: string;
  readonly sequenceNumber?: string;
}

export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** System attributes by name: `SenderId`, `SentTimestamp`, `ApproximateReceiveCount`, … */
  readonly attributes: { readonly [name: string]: string };
  readonly messageAttributes: MessageAttributes;
  readonly md5OfMessageAttributes?: string;
}

export interface ReceiveOptions {
  /** At most this many; a client over the network may ask for 10. Default: 1. */
  readonly maxMessages?: number;
  /** 0 to 43,200 seconds. Default: the queue's. */
  readonly visibilityTimeoutSeconds?: number;
  /** FIFO queues only: the same id within five minutes gives the same messages again. */
  readonly receiveRequestAttemptId?: string;
}

/** What of a message never changes. A moved message shares it, so that a body is in memory once. */
export interface MessageContent {
  readonly body: string;
  readonly md5OfBody: string;
  readonly messageAttributes?: MessageAttributes;
  readonly md5OfMessageAttributes?: string;
  readonly traceHeader?: string;
  readonly md5OfSystemAttributes?: string;
  readonly groupId?: string;
}

export type MessageState = 'available' | 'delayed' | 'in-flight';

/** One message in one queue. */
export class StoredMessage implements HeapItem {
  state: MessageState = 'available';
  /** End of the delay or of the visibility timeout, in milliseconds since 1970. */
  visibleAt = 0;
  /** When the retention period began. */
  enqueuedAt: number;
  /** What `SentTimestamp` says. */
  readonly sentAt: number;
  receives = 0;
  firstReceivedAt: number | null = null;
  receivedAt = 0;
  /** Names the last receive; the receipt handle carries it. 0: never received from this queue. */
  receipt = 0;
  /** The visibility timeout was changed since the last receive. */
  visibilityChanged = false;
  deduplicationId?: string;
  sequenceNumber?: string;
  deadLetterSourceArn?: string;

  /** Place in the queue's timetable. */
  rank = 0;
  slot = -1;
  /** Place in the order of the queue, and in its message group. */
  position = 0;
  node: ListNode<StoredMessage> | null = null;
  groupNode: ListNode<StoredMessage> | null = null;

  constructor(readonly id: string, readonly content: MessageContent, now: number) {
    this.sentAt = this.enqueuedAt = now;
  }
}

/** The principal that every caller of a local run is. */
const SENDER_ID = 'AIDALOCALRUNLOCALRUN';

export function toSent({ id, content, sequenceNumber }: Pick<StoredMessage, 'id' | 'content' | 'sequenceNumber'>): SentMessage {
  const { md5OfBody, md5OfMessageAttributes, md5OfSystemAttributes } = content;
  return {
    messageId: id,
    md5OfBody,
    ...(md5OfMessageAttributes !== undefined && { md5OfMessageAttributes }),
    ...(md5OfSystemAttributes !== undefined && { md5OfSystemAttributes }),
    ...(sequenceNumber !== undefined && { sequenceNumber }),
  };
}

export function toReceived(message: StoredMessage, receiptHandle: string): ReceivedMessage {
  const { content } = message;
  return {
    messageId: message.id,
    receiptHandle,
    body: content.body,
    md5OfBody: content.md5OfBody,
    attributes: systemAttributes(message),
    messageAttributes: content.messageAttributes ?? {},
    ...(content.md5OfMessageAttributes !== undefined && { md5OfMessageAttributes: content.md5OfMessageAttributes }),
  };
}

function systemAttributes(message: StoredMessage): { [name: string]: string } {
  const attributes: { [name: string]: string } = {
    SenderId: SENDER_ID,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
  };
  const optional = {
    MessageGroupId: message.content.groupId,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: message.sequenceNumber,
    AWSTraceHeader: message.content.traceHeader,
    DeadLetterQueueSourceArn: message.deadLetterSourceArn,
  };
  for (const [name, value] of Object.entries(optional)) if (value !== undefined) attributes[name] = value;
  return attributes;
}
