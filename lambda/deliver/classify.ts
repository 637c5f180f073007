import type { DeliverConfig } from '../../lib/contract/config';
import type { DeadLetterReason } from '../../lib/contract/dead-letter';
import { DEFAULT_PERMANENT_STATUSES, PERMANENT_AFTER_SECONDS } from '../../lib/contract/retry';
import type { AttemptOutcome, SendResult } from '../../lib/contract/sender';
import { threePausesSeconds } from './backoff';

/** What becomes of an event after an attempt. */
export type Verdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly slower: boolean; readonly retryAfterSeconds?: number }
  | { readonly kind: 'dead-letter'; readonly reason: DeadLetterReason; readonly detail: string };

/** How long an event has been on its way when an attempt ends, in seconds. */
export interface Ages {
  /** Since SQS took the message. */
  readonly seconds: number;
  /** Since the target has had the chance to take it: since the first receive, or since the breaker let attempts through again. */
  readonly tryingSeconds: number;
  /** Since the breaker let attempts through again. Absent where it was never open. */
  readonly resumedSeconds?: number;
}

const GONE = 410;

/** The target, or what stands before it, is overloaded. */
const SLOWER_STATUSES = new Set([429, 502, 504]);

interface Meaning {
  /** Absent: no other attempt. */
  readonly retry?: 'usual' | 'slower';
  /** Why the event is given up when its time is over, or at once where there is no retry. */
  readonly reason: DeadLetterReason;
}

const USUAL: Meaning = { retry: 'usual', reason: 'expired' };

/** What a failure means where the sender says no more than that. `status` is judged by its status. */
const FAILURES: { readonly [outcome in Exclude<AttemptOutcome, 'delivered'>]: Meaning } = {
  status: USUAL,
  timeout: USUAL,
  reset: USUAL,
  refused: USUAL,
  dns: USUAL,
  tls: USUAL,
  aws: USUAL,
  throttled: { retry: 'slower', reason: 'expired' },
  // The next deployment may bring a transform that works.
  transform: { retry: 'usual', reason: 'transform' },
  blocked: { reason: 'blocked' },
};

/** The first KB of a response is kept. */
const MAX_RESPONSE_LENGTH = 1_024;

/** A sender of somebody else's may answer anything. Undefined where it does not say what happened. */
export function readResult(value: unknown): SendResult | undefined {
  const { outcome, status, detail, permanent, retryAfterSeconds, gone, response } = { ...value as Partial<SendResult> | undefined };
  if (outcome !== 'delivered' && !Object.hasOwn(FAILURES, outcome ?? '')) return undefined;
  return {
    outcome: outcome as AttemptOutcome,
    status: Number.isInteger(status) ? status as number : null,
    ...(typeof detail === 'string' && { detail }),
    ...(permanent === true && { permanent }),
    ...(gone === true && { gone }),
    ...(typeof response === 'string' && { response: response.slice(0, MAX_RESPONSE_LENGTH) }),
    ...(typeof retryAfterSeconds === 'number' && !Number.isNaN(retryAfterSeconds) && { retryAfterSeconds }),
  };
}

export function classify(result: SendResult, ages: Ages, { retry, permanentStatusCodes }: Pick<DeliverConfig, 'retry' | 'permanentStatusCodes'>): Verdict {
  const { outcome, status, retryAfterSeconds } = result;
  if (outcome === 'delivered') return { kind: 'delivered' };
  if (wantsNoMore(result)) return deadLetter('gone', `${sentence(result)}: it does not want this event, now or later`);
  if (result.permanent) return deadLetter('rejected', `${sentence(result)}, which no retry will change`);
  const meaning = FAILURES[outcome];
  if (meaning.retry === undefined) return deadLetter(meaning.reason, sentence(result));
  // By default not 401, 403, 404, 408, 409 or 425: the target's deployments and credentials cause them, and they pass.
  if (status !== null && (permanentStatusCodes ?? DEFAULT_PERMANENT_STATUSES).includes(status) && ages.tryingSeconds >= PERMANENT_AFTER_SECONDS) {
    return deadLetter('rejected', `the target answered ${status}, and has had an hour to think better of it`);
  }
  if (isOver(ages, retry)) return deadLetter(meaning.reason, `not delivered within ${retry.maxAgeSeconds} seconds; at last, ${sentence(result)}`);
  const slower = meaning.retry === 'slower' || (status !== null && SLOWER_STATUSES.has(status));
  return { kind: 'retry', slower, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
}

/** Whether this answer is about all events of the target, not only this one. An answer that takes the event may be. */
export function wantsNoMore({ status, gone }: SendResult): boolean {
  return gone === true || status === GONE;
}

/** What takes the place of a retry while the backlog is full. Undefined for an event that still is young. */
export function overflow(result: SendResult, { tryingSeconds }: Ages): Verdict | undefined {
  if (tryingSeconds < PERMANENT_AFTER_SECONDS) return undefined;
  return deadLetter('retry-backlog-full', `too many events wait for another attempt, and this one has failed for more than an hour; at last, ${sentence(result)}`);
}

/** An event that waited for the breaker longer than for the target is tried a few times before it is given up. */
function isOver({ seconds, resumedSeconds }: Ages, retry: DeliverConfig['retry']): boolean {
  if (retry.delaysSeconds.length === 0) return true;
  return seconds > retry.maxAgeSeconds && (resumedSeconds === undefined || resumedSeconds > threePausesSeconds(retry));
}

function sentence({ outcome, status, detail }: SendResult): string {
  return detail ?? (status === null ? `the attempt ended with ${outcome}` : `the target answered ${status}`);
}

function deadLetter(reason: DeadLetterReason, detail: string): Verdict {
  return { kind: 'dead-letter', reason, detail };
}
