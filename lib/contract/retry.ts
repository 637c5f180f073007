/** When a failed delivery is tried again, and when it is given up. */
export interface RetrySchedule {
  /**
   * The pauses between attempts, in seconds, the last one repeating. The pause is chosen by the message's age, not by its
   * receive count, because SQS counts receives that never became an attempt. Empty: there is one attempt.
   */
  readonly delaysSeconds: number[];
  /** The age, in seconds since SQS took the message, after which a failed attempt is the last. */
  readonly maxAgeSeconds: number;
}

/** Each pause is multiplied by a random factor between 1 - JITTER and 1 + JITTER. */
export const JITTER = 0.2;

/** SQS keeps a message invisible for 12 hours at most, counted from its receive, not from the call that extends it. */
export const SQS_MAX_VISIBILITY_SECONDS = 43_200;

/** Visibility timeout of a delivery queue in units of its function's timeout, as the Lambda guide asks. */
export const VISIBILITY_PER_FUNCTION_TIMEOUT = 6;

/** Statuses that say that this very request is wrong and will be. Dead-lettered after `PERMANENT_AFTER_SECONDS`. */
export const DEFAULT_PERMANENT_STATUSES: readonly number[] = [400, 405, 406, 411, 413, 414, 415, 422, 431, 501];

/** A wrong answer may be a deployment of the target that has just gone wrong. After an hour it is an answer. */
export const PERMANENT_AFTER_SECONDS = 3_600;

/** The net under a crashing function: after so many receives SQS itself moves a message to the dead-letter queue. */
export const MAX_RECEIVES = 1_000;

/** SQS returns nothing more of a queue with so many messages in flight. Delayed retries are in flight. */
export const SQS_MAX_IN_FLIGHT = 120_000;

/** With more than so many in flight, failures older than `PERMANENT_AFTER_SECONDS` are dead-lettered, so that the healthy get through. */
export const FULL_BACKLOG = 80_000;
