import { Duration } from 'aws-cdk-lib';
import { RetrySchedule } from '../contract/retry';
import { seconds, showNumber } from '../private/checks';

const DEFAULT_MAX_AGE = Duration.days(4);
const MAX_AGE_BOUNDS = { min: Duration.minutes(1), max: Duration.days(13) };

/** SQS hides a message for 12 hours from its receive at most: an attempt, the call itself and something in reserve must fit in too. */
const PAUSE_BOUNDS = { min: Duration.seconds(1), max: Duration.hours(11) };
const AGE_BOUNDS = { min: Duration.seconds(1), max: Duration.days(13) };

const FACTOR_BOUNDS = { min: 1.1, max: 10 };
const MAX_AGES = 100;

/**
 * Options of `RetryPolicy.exponential()`.
 */
export interface ExponentialRetryOptions {
  /**
   * The first pause: whole seconds from 1 second to 11 hours.
   *
   * @default Duration.seconds(5)
   */
  readonly initialDelay?: Duration;

  /**
   * What each pause is multiplied by to make the next: 1.1 to 10. For pauses of the same length give `maxDelay` the value of
   * `initialDelay`.
   *
   * @default 2
   */
  readonly factor?: number;

  /**
   * The longest pause, which repeats: whole seconds, `initialDelay` or more, and at most 11 hours.
   *
   * @default Duration.hours(1)
   */
  readonly maxDelay?: Duration;

  /**
   * The age after which a failed attempt is the last: whole seconds from a minute up. With the longest pause and the queue's
   * visibility timeout it must fit into 13 days, because a queue keeps messages for 14.
   *
   * @default Duration.days(4)
   */
  readonly maxAge?: Duration;
}

/**
 * When a failed delivery is tried again, and when it is given up.
 *
 * The pause is chosen by an event's age, so attempts that never came about, because a function was throttled or crashed, shorten
 * nothing. Every pause is multiplied by a random 0.8 to 1.2. While a target is down for good the gateway stops its attempts and
 * begins anew when it answers.
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

  /**
   * Pauses that grow by a factor up to the longest, which repeats until an event is older than `maxAge`.
   */
  public static exponential(options: ExponentialRetryOptions = {}): RetryPolicy {
    const { factor = 2 } = options;
    const first = seconds(options.initialDelay ?? Duration.seconds(5), 'initialDelay', PAUSE_BOUNDS);
    const longest = seconds(options.maxDelay ?? Duration.hours(1), 'maxDelay', PAUSE_BOUNDS);
    if (!(factor >= FACTOR_BOUNDS.min && factor <= FACTOR_BOUNDS.max)) {
      throw new Error(`factor must be a number from ${FACTOR_BOUNDS.min} to ${FACTOR_BOUNDS.max}, got ${showNumber(factor)}; `
        + 'for pauses of the same length give initialDelay and maxDelay the same value');
    }
    if (longest < first) throw new Error(`maxDelay must be initialDelay (${first} s) or more, got ${longest} s`);
    return new RetryPolicy({
      delaysSeconds: growing(first, factor, longest),
      maxAgeSeconds: seconds(options.maxAge ?? DEFAULT_MAX_AGE, 'maxAge', MAX_AGE_BOUNDS),
    });
  }

  /**
   * Attempts at these ages, as near as the random factor lets them be. The first attempt is made at once and need not be listed;
   * the last age is that of the last attempt, after which an event goes to the dead-letter queue.
   *
   * @param ages 1 to 100 ages in whole seconds, ascending, at most 11 hours apart, e.g. after 5 seconds, 5 minutes, 30 minutes and
   * 2 hours; with the longest pause and the queue's visibility timeout they must fit into 13 days
   */
  public static schedule(ages: Duration[]): RetryPolicy {
    if (ages.length === 0 || ages.length > MAX_AGES) {
      throw new Error(`a schedule has 1 to ${MAX_AGES} ages, got ${ages.length}; for a single attempt use RetryPolicy.none()`);
    }
    const all = ages.map((age, index) => seconds(age, `age ${index + 1} of the schedule`, AGE_BOUNDS));
    const delaysSeconds = all.map((age, index) => pauseBefore(age, all[index - 1] ?? 0));
    // Half a pause before the last age, so that whichever way the random factor goes, the attempt about that time is the last.
    return new RetryPolicy({ delaysSeconds, maxAgeSeconds: Math.floor((all.at(-1) as number) - (delaysSeconds.at(-1) as number) / 2) });
  }

  /**
   * One attempt, whatever comes of it.
   *
   * An event whose attempt could not be made, because the target was paused or the function throttled, waits for up to 4 days.
   */
  public static none(): RetryPolicy {
    return new RetryPolicy({ delaysSeconds: [], maxAgeSeconds: DEFAULT_MAX_AGE.toSeconds() });
  }

  private constructor(private readonly retries: RetrySchedule) {}

  /** @internal */
  public get _schedule(): RetrySchedule {
    return this.retries;
  }
}

function growing(first: number, factor: number, longest: number): number[] {
  const delays = [first];
  for (let delay = first * factor; delay < longest; delay *= factor) delays.push(Math.round(delay));
  return first < longest ? [...delays, longest] : delays;
}

function pauseBefore(age: number, previous: number): number {
  const pause = age - previous;
  if (pause >= PAUSE_BOUNDS.min.toSeconds() && pause <= PAUSE_BOUNDS.max.toSeconds()) return pause;
  throw new Error(`the ages of a schedule must ascend by 1 second to 11 hours, got ${age} s after ${previous} s: SQS hides a message for 12 hours at most`);
}
