import { Duration } from 'aws-cdk-lib';
import { JITTER, MAX_RECEIVES, RetrySchedule } from '../contract/retry';

/** A day less than SQS keeps a message, so that the last attempt and what follows from it come in time. */
const WINDOW = Duration.days(13);

/** What is left of the receives is for those that never become an attempt: throttled, crashed, probes. */
const MAX_ATTEMPTS = MAX_RECEIVES * 0.9;

/** That SQS keeps an event for as long as its retries last, and delivers it as often. */
export function checkRetryWindow(target: string, retry: RetrySchedule, visibilityTimeout: Duration): void {
  checkAge(target, retry, visibilityTimeout);
  checkAttempts(target, retry);
}

/**
 * An event that fails at the end of its time must still be there to be moved to the dead-letter queue: the window is its age then,
 * the longest pause that may have begun just before, and the visibility timeout of a last attempt that crashed.
 */
function checkAge(target: string, retry: RetrySchedule, visibilityTimeout: Duration): void {
  const longestPause = (1 + JITTER) * Math.max(0, ...retry.delaysSeconds);
  const window = retry.maxAgeSeconds + longestPause + visibilityTimeout.toSeconds();
  const limit = WINDOW.toSeconds();
  if (window <= limit) return;
  const largest = Math.floor(limit - longestPause - visibilityTimeout.toSeconds());
  throw new Error(
    `retry window of target ${JSON.stringify(target)} is ${days(window)} days (maxAge ${retry.maxAgeSeconds} s, longest pause ${longestPause} s, `
    + `visibility timeout ${visibilityTimeout.toSeconds()} s) and must fit into ${WINDOW.toDays()}, because a queue keeps messages for 14: `
    + `use a maxAge of ${largest} s or less`,
  );
}

/** The net under a crashing function would catch an event that is tried too often, without a word of why. */
function checkAttempts(target: string, retry: RetrySchedule): void {
  const attempts = mostAttempts(retry);
  if (attempts <= MAX_ATTEMPTS) return;
  throw new Error(
    `retries of target ${JSON.stringify(target)} may make ${attempts} attempts at an event within ${retry.maxAgeSeconds} s and may make ${MAX_ATTEMPTS}, `
    + `because SQS gives a message up after ${MAX_RECEIVES} receives: use a longer maxDelay or a shorter maxAge`,
  );
}

/** With every pause as short as the random factor makes it, and one attempt after the end. */
function mostAttempts({ delaysSeconds, maxAgeSeconds }: RetrySchedule): number {
  const [last, ...earlier] = [...delaysSeconds].reverse();
  if (last === undefined) return 1;
  const shortest = 1 - JITTER;
  const growing = shortest * earlier.reduce((sum, delay) => sum + delay, 0);
  return 2 + earlier.length + Math.max(0, Math.floor((maxAgeSeconds - growing) / (shortest * last)));
}

function days(value: number): string {
  return (value / Duration.days(1).toSeconds()).toFixed(2);
}
