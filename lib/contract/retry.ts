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
