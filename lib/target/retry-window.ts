import { Duration } from 'aws-cdk-lib';
import { JITTER, RetrySchedule } from '../contract/retry';

/** A day less than SQS keeps a message, so that the last attempt and what follows from it come in time. */
const WINDOW = Duration.days(13);

/**
 * An event that fails at the end of its time must still be there to be moved to the dead-letter queue: the window is its age then,
 * the longest pause that may have begun just before, and the visibility timeout of a last attempt that crashed.
 */
export function checkRetryWindow(target: string, retry: RetrySchedule, visibilityTimeout: Duration): void {
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

function days(value: number): string {
  return (value / Duration.days(1).toSeconds()).toFixed(2);
}
