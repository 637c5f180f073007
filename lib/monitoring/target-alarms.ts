import { Duration } from 'aws-cdk-lib';
import { Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { TARGET_METRICS } from '../contract/metrics';
import { alarm } from './alarm';
import { metric } from './metrics';

export interface TargetAlarmsProps {
  /** The gateway's construct path. */
  readonly gateway: string;
  readonly target: string;
  readonly deadLetterQueue: IQueue;
  /** How long an event is tried. */
  readonly maxAgeSeconds: number;
  readonly topic?: ITopic;
}

/** What a person should know of one target. Two, because each is a resource of a target, and there may be many targets. */
export function targetAlarms(scope: Construct, { gateway, target, deadLetterQueue, maxAgeSeconds, topic }: TargetAlarmsProps): void {
  alarm(scope, 'DeadLetterAlarm', {
    topic,
    // The queue's depth, and not what was given up: the alarm lasts until somebody has dealt with it, and knows of what a crash left.
    metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM }),
    above: 0,
    // SQS stops measuring a queue that nobody touched for six hours. What it holds is still there.
    missing: TreatMissingData.IGNORE,
    description: `Events for target ${target} of webhook gateway ${gateway} were given up and wait in its dead-letter queue. `
      + `"cdk-webhooks events list --target ${target} --outcome dead-lettered" says why, "cdk-webhooks redrive ${target}" delivers them again.`,
  });
  alarm(scope, 'AgeAlarm', {
    topic,
    metric: metric(gateway, { Target: target }, TARGET_METRICS.oldestUndelivered),
    above: maxAgeSeconds / 2,
    missing: TreatMissingData.IGNORE,
    description: `An event for target ${target} of webhook gateway ${gateway} has waited for half of the ${Duration.seconds(maxAgeSeconds).toHumanString()} after which it is given up.`,
  });
}
