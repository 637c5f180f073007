import { JITTER, SQS_MAX_VISIBILITY_SECONDS, type RetrySchedule } from '../../lib/contract/retry';

/** A target that asks for patience may have this much, whatever the schedule says. */
const RETRY_AFTER_SECONDS = 3_600;

/** A slow target is given so many times the pause. */
const SLOWER = 2;

/** Time for the call that changes the visibility, and for the receive having been a little before the invocation. */
const VISIBILITY_MARGIN_SECONDS = 60;

export interface Pause {
  /** Since the message was first received, or since the breaker let attempts through again. */
  readonly ageSeconds: number;
  /** Since this receive. */
  readonly receivedSecondsAgo: number;
  /** The target said that it has too much to do. */
  readonly slower: boolean;
  /** The pause that the target asked for. */
  readonly retryAfterSeconds?: number;
}

/** Whole seconds until the next attempt, 1 or more. `random` is from 0 up to 1. */
export function pauseSeconds({ delaysSeconds }: RetrySchedule, pause: Pause, random: number): number {
  const base = bracket(delaysSeconds, pause.ageSeconds) * (pause.slower ? SLOWER : 1);
  const asked = Math.min(pause.retryAfterSeconds ?? 0, Math.max(SLOWER * base, RETRY_AFTER_SECONDS));
  // Never earlier than the target asked, but not all messages at the same moment either.
  const wanted = Math.max(asked * (1 + JITTER * random), base * (1 - JITTER + 2 * JITTER * random));
  // Rounded up: a second less could put the next attempt into the same bracket.
  return Math.max(1, Math.min(Math.ceil(wanted), longestPauseSeconds(pause.receivedSecondsAgo)));
}

/** The longest that SQS still hides a message that was received so long ago, in whole seconds. */
export function longestPauseSeconds(receivedSecondsAgo: number): number {
  return Math.floor(SQS_MAX_VISIBILITY_SECONDS - VISIBILITY_MARGIN_SECONDS - receivedSecondsAgo);
}

/**
 * The schedule's pause at an age. The age decides, not the receive count, because SQS also counts receives that never became
 * an attempt. A bracket begins at 0.8 of the pauses before it, so that the shortest jitter does not repeat one.
 */
export function bracket(delaysSeconds: readonly number[], ageSeconds: number): number {
  let begins = 0;
  let pause = 0;
  for (const delay of delaysSeconds) {
    // The first one holds below 0 too: the clocks of SQS and of the function differ.
    if (begins > 0 && ageSeconds < begins) break;
    pause = delay;
    begins += delay * (1 - JITTER);
  }
  return pause;
}

/** Time enough for three attempts after the first, whatever the jitter is. */
export function threePausesSeconds({ delaysSeconds }: RetrySchedule): number {
  const last = delaysSeconds.at(-1) ?? 0;
  return [0, 1, 2].reduce((sum, index) => sum + (delaysSeconds[index] ?? last), 0) * (1 + JITTER);
}

/** The most receives that a message of an age has had if each was an attempt: the first, and one after each shortest pause. */
export function explainedReceives({ delaysSeconds }: RetrySchedule, ageSeconds: number): number {
  let receives = 1;
  let age = 0;
  for (const delay of delaysSeconds) {
    age += delay * (1 - JITTER);
    if (age > ageSeconds) return receives;
    receives++;
  }
  const last = (delaysSeconds.at(-1) ?? Infinity) * (1 - JITTER);
  return receives + Math.floor(Math.max(0, ageSeconds - age) / last);
}
