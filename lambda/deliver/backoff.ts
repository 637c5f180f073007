import { JITTER, SQS_MAX_VISIBILITY_SECONDS, type RetrySchedule } from '../../lib/contract/retry';

/** A target that asks for patience may have this much, whatever the schedule says. */
const RETRY_AFTER_SECONDS = 3_600;

/** A slow target is given so many times the pause. */
const SLOWER = 2;

/** Time for the call that changes the visibility, and for the receive having been a little before the invocation. */
const VISIBILITY_MARGIN_SECONDS = 60;

export interface Pause {
  /** Since the message was first received. */
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
  const wanted = pause.retryAfterSeconds === undefined
    ? base * (1 - JITTER + 2 * JITTER * random)
    // Never earlier than the target asked, but not all messages at the same moment either.
    : Math.min(Math.max(pause.retryAfterSeconds * (1 + JITTER * random), base), Math.max(SLOWER * base, RETRY_AFTER_SECONDS));
  const longest = SQS_MAX_VISIBILITY_SECONDS - VISIBILITY_MARGIN_SECONDS - pause.receivedSecondsAgo;
  // Rounded up: a second less could put the next attempt into the same bracket.
  return Math.max(1, Math.min(Math.ceil(wanted), Math.floor(longest)));
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
