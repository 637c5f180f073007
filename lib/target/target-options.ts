import { Duration } from 'aws-cdk-lib';
import { OrderingKey } from './ordering-key';
import { RetryPolicy } from './retry-policy';

/**
 * Which events a target takes.
 */
export interface WebhookRouteOptions {
  /**
   * Names of the sources whose events the target takes.
   *
   * @default - all sources of the gateway
   */
  readonly sources?: string[];
}

/**
 * What every target can say, whatever its kind.
 */
export interface WebhookTargetOptions extends WebhookRouteOptions {
  /**
   * When a failed delivery is tried again, and when it is given up.
   *
   * @default RetryPolicy.standard()
   */
  readonly retryPolicy?: RetryPolicy;

  /**
   * Total time of one attempt, from the name look-up to the response's headers: 1 to 30 seconds, whole.
   *
   * @default Duration.seconds(15)
   */
  readonly timeout?: Duration;

  /**
   * Keeps the order of events that have the same value: the next one waits until the one before it is delivered or given up, so
   * one that fails holds up those behind it for as long as its retries last.
   *
   * The queue is a FIFO queue then, which costs a quarter more. Turning the order on or off gives the target a new queue, and what
   * waits in the old one is delivered by nobody: add a second target with the order, and set `retired` on the first.
   *
   * @default - no order
   */
  readonly orderingKey?: OrderingKey;

  /**
   * Requests that may be on their way to the target at once: a whole number from 2 to 10,000, with an `orderingKey` to 1,000. The
   * limit of Lambda is in functions, of which there are at least two, with up to ten events each: it is rounded down to an even
   * number below 20, and to a multiple of ten above. A probe of a target that is down is one request more.
   *
   * @default - as many as Lambda takes from the queue, up to some thousands
   */
  readonly maxInFlight?: number;

  /**
   * Attempts a second, 0.1 to 5,000, about. Lambda has no such limit, so it is shared out: each of the functions that may run at
   * once begins no more than its share. There are so many as `maxInFlight` says, or one for each five attempts a second, but at least two.
   *
   * Within a second there are never more attempts than this and one for each of these functions. There may be as few as one function's
   * share, while no more than one runs because few events wait.
   *
   * @default - no limit
   */
  readonly maxRatePerSecond?: number;

  /**
   * False pauses the target: its events wait in the queue, for as long as its retries may last, and nothing is delivered.
   *
   * A deployment that takes this away again may leave the event source mapping off, because the template then says nothing of it: a target
   * that the gateway paused itself must stay paused. Enable the mapping once in that case.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * True lets the target run empty: it takes no new events, and what waits in its queues is delivered or stays. Remove the target once
   * both queues are empty.
   *
   * @default false
   */
  readonly retired?: boolean;
}
