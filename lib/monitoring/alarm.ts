import { Alarm, ComparisonOperator, IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { checkRegion } from '../private/place';

export interface AlarmProps {
  readonly metric: IMetric;
  /** What happened, and what a person does about it. */
  readonly description: string;
  /** The alarm is for more than this. */
  readonly above: number;
  /** Of so many periods, all must be above. 1 unless said otherwise. */
  readonly periods?: number;
  /** What a period without a value says. Counts that are only written when there is something to count are 0 then. */
  readonly missing?: TreatMissingData;
  readonly topic?: ITopic;
}

/** An alarm that tells its topic when it begins and when it is over. */
export function alarm(scope: Construct, id: string, { metric, description, above, periods = 1, missing, topic }: AlarmProps): Alarm {
  const created = new Alarm(scope, id, {
    metric,
    alarmDescription: description,
    threshold: above,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: periods,
    treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
  });
  if (topic) {
    checkRegion(scope, topic, { what: 'alarmTopic', arn: topic.topicArn, cure: 'CloudWatch tells topics of its own Region only; use a topic there' });
    const action = new SnsAction(topic);
    created.addAlarmAction(action);
    created.addOkAction(action);
  }
  return created;
}
