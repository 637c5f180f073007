import { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';

/**
 * One target of a gateway: the queue its events wait in, and the function that takes them out.
 */
export interface IDeliveryQueue extends IConstruct {
  /**
   * The target's name.
   */
  readonly targetName: string;

  /**
   * The queue of events that wait for delivery or for the next attempt.
   */
  readonly queue: IQueue;

  /**
   * The queue of events that were given up, each with the reason.
   */
  readonly deadLetterQueue: IQueue;

  /**
   * The function that delivers.
   */
  readonly deliveryFunction: IFunction;

  /**
   * How many events wait in the queue and are due. Those between two attempts are in flight, which
   * `queue.metricApproximateNumberOfMessagesNotVisible()` tells.
   *
   * @default - the maximum over five minutes
   */
  metricWaiting(options?: MetricOptions): Metric;

  /**
   * Age of the oldest event that is not delivered, in seconds, 0 where all are. The gateway measures it once a minute, since SQS leaves out
   * what was received three times.
   *
   * @default - the maximum over five minutes
   */
  metricOldestAge(options?: MetricOptions): Metric;

  /**
   * How many events were given up. `deadLetterQueue.metricApproximateNumberOfMessagesVisible()` tells how many are there.
   *
   * @default - the sum over five minutes
   */
  metricDeadLetters(options?: MetricOptions): Metric;
}
