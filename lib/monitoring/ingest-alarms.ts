import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarm } from './alarm';

export interface IngestAlarmsProps {
  readonly ingest: IFunction;
  /** Whose function it is. */
  readonly what: string;
  readonly topic?: ITopic;
}

/**
 * What a person should know of a function that takes webhooks in. Each has its own two: an alarm on the sum of several costs as much, ends at
 * ten metrics, and does not say whose senders are refused.
 */
export function ingestAlarms(scope: Construct, { ingest, what, topic }: IngestAlarmsProps): void {
  alarm(scope, 'IngestErrors', {
    topic,
    metric: ingest.metricErrors(),
    above: 0,
    description: `The ingest function of ${what} crashed or ran out of time. Its log says why.`,
  });
  alarm(scope, 'IngestThrottles', {
    topic,
    metric: ingest.metricThrottles(),
    above: 0,
    description: `The account's concurrency left the ingest function of ${what} none, and senders were refused. Ask for a higher quota.`,
  });
}
