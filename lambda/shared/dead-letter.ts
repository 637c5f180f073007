import { DEAD_LETTER_ATTRIBUTES as NAMES, type DeadLetterReason } from '../../lib/contract/dead-letter';

/** What SQS knows about a message that is given up. */
export interface GivenUp {
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly receives: number;
}

export interface DeadLetter {
  readonly target: string;
  readonly reason: DeadLetterReason;
  /** A sentence for a person. */
  readonly detail: string;
  readonly status: number | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface StringAttributes {
  readonly [name: string]: { readonly DataType: 'String'; readonly StringValue: string };
}

/** Of a message for a FIFO queue. */
export interface MessageOrder {
  readonly groupId: string;
  readonly deduplicationId: string;
}

/** Keeps the attributes within what an envelope leaves of a message. */
const MAX_DETAIL_LENGTH = 300;

/** What SQS does not take in an attribute's value. */
const ILLEGAL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;

/** The attributes that say, on a dead letter, what became of it. */
export function deadLetterAttributes({ sentAt, receives }: GivenUp, { target, reason, detail, status, now }: DeadLetter): StringAttributes {
  const values: { readonly [name: string]: string | undefined } = {
    [NAMES.reason]: reason,
    [NAMES.detail]: detail.slice(0, MAX_DETAIL_LENGTH).replace(ILLEGAL, '\uFFFD'),
    [NAMES.status]: status === null ? undefined : String(status),
    [NAMES.attempts]: String(receives),
    [NAMES.target]: target,
    [NAMES.deadLetteredAt]: new Date(now).toISOString(),
    [NAMES.enqueuedAt]: new Date(sentAt).toISOString(),
  };
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (
    value ? [[name, { DataType: 'String' as const, StringValue: value }]] : []
  )));
}
