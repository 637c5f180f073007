/** Why an event is in a dead-letter queue. A dead letter without a reason attribute reads `crashed`. */
export type DeadLetterReason =
  | 'expired' | 'rejected' | 'gone' | 'blocked' | 'payload-missing' | 'transform' | 'invalid' | 'retry-backlog-full' | 'crashed';

/** SQS message attributes of a dead letter. All are strings; the message's body is the envelope, unchanged. */
export const DEAD_LETTER_ATTRIBUTES = {
  reason: 'Reason',
  /** A sentence for a person. */
  detail: 'Detail',
  /** The last HTTP status; absent where no response came. */
  status: 'Status',
  /** How often the message was received. */
  attempts: 'Attempts',
  target: 'Target',
  /** ISO 8601. */
  deadLetteredAt: 'DeadLetteredAt',
  /** When the event first entered its delivery queue, ISO 8601. */
  enqueuedAt: 'EnqueuedAt',
} as const;
