import { Duration } from 'aws-cdk-lib';
import { RetrySchedule } from '../contract/retry';
import { seconds } from '../private/checks';

const DEFAULT_MAX_AGE = Duration.days(4);
const MAX_AGE_BOUNDS = { min: Duration.minutes(1), max: Duration.days(13) };

/**
 * When a failed delivery is tried again, and when it is given up.
 */
export class RetryPolicy {
  /**
   * Pauses of 5 seconds, 30 seconds, 2, 10 and 30 minutes, then an hour each, all times a random 0.8 to 1.2. An event that has
   * failed until it is older than `maxAge` goes to the dead-letter queue.
   *
   * @param maxAge whole seconds from a minute up; with the longest pause and the queue's visibility timeout it must fit into 13
   * days, because a queue keeps messages for 14. 4 days if left out, so that an outage of three days ends inside it.
   */
  public static standard(maxAge?: Duration): RetryPolicy {
    return new RetryPolicy({
      delaysSeconds: [5, 30, 120, 600, 1800, 3600],
      maxAgeSeconds: seconds(maxAge ?? DEFAULT_MAX_AGE, 'maxAge', MAX_AGE_BOUNDS),
    });
  }

  private constructor(private readonly schedule: RetrySchedule) {}

  /** @internal */
  public get _schedule(): RetrySchedule {
    return this.schedule;
  }
}
