import type { DeadLetterReason } from '../../lib/contract/dead-letter';
import type { RetrySchedule } from '../../lib/contract/retry';
import type { AttemptOutcome, SendResult } from '../../lib/contract/sender';

/** What becomes of an event after an attempt. */
export type Verdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly slower: boolean; readonly retryAfterSeconds?: number }
  | { readonly kind: 'dead-letter'; readonly reason: DeadLetterReason; readonly detail: string };

/** A wrong answer may be a deployment of the target that has just gone wrong. After an hour it is an answer. */
export const PERMANENT_AFTER_SECONDS = 3_600;

/**
 * Statuses that say that this very request is wrong and will be. Not among them: 401, 403, 404, 408, 409 and 425, which the
 * target's deployments and credentials cause, and which pass. Retrying these for days would fill the queue's in-flight limit.
 */
const PERMANENT_STATUSES = new Set([400, 405, 406, 411, 413, 414, 415, 422, 431, 501]);

const GONE = 410;

/** The target, or what stands before it, is overloaded. */
const SLOWER_STATUSES = new Set([429, 502, 504]);

/** What an outcome means where the sender says no more than that. `status` is judged by its status. */
const OUTCOMES: { readonly [outcome in AttemptOutcome]: 'delivered' | 'retry' | 'slower' | DeadLetterReason } = {
  delivered: 'delivered',
  status: 'retry',
  timeout: 'retry',
  reset: 'retry',
  refused: 'retry',
  dns: 'retry',
  tls: 'retry',
  throttled: 'slower',
  aws: 'retry',
  blocked: 'blocked',
  transform: 'transform',
};

/** A sender of somebody else's may answer anything. */
export function isSendResult(value: unknown): value is SendResult {
  return typeof value === 'object' && value !== null && 'outcome' in value && Object.hasOwn(OUTCOMES, value.outcome as string);
}

/** Decides by the result and by the age since SQS took the message. */
export function classify(result: SendResult, ageSeconds: number, { delaysSeconds, maxAgeSeconds }: RetrySchedule): Verdict {
  const { outcome, status, retryAfterSeconds } = result;
  const meaning = OUTCOMES[outcome];
  if (meaning === 'delivered') return { kind: 'delivered' };
  if (status === GONE) return deadLetter('gone', 'the target answered 410: it does not want this event, now or later');
  if (meaning !== 'retry' && meaning !== 'slower') return deadLetter(meaning, sentence(result));
  if (result.permanent) return deadLetter('rejected', `${sentence(result)}, which no retry will change`);
  if (status !== null && PERMANENT_STATUSES.has(status) && ageSeconds >= PERMANENT_AFTER_SECONDS) {
    return deadLetter('rejected', `the target has answered ${status} for more than an hour`);
  }
  if (ageSeconds > maxAgeSeconds || delaysSeconds.length === 0) {
    return deadLetter('expired', `not delivered within ${maxAgeSeconds} seconds; at last, ${sentence(result)}`);
  }
  const slower = meaning === 'slower' || (status !== null && SLOWER_STATUSES.has(status));
  return { kind: 'retry', slower, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
}

function sentence({ outcome, status, detail }: SendResult): string {
  return detail ?? (status === null ? `the attempt ended with ${outcome}` : `the target answered ${status}`);
}

function deadLetter(reason: DeadLetterReason, detail: string): Verdict {
  return { kind: 'dead-letter', reason, detail };
}
