import { Duration } from 'aws-cdk-lib';
import { IMetric, MathExpression, Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { DIMENSIONS, METRIC_NAMESPACE, TARGET_METRICS } from '../contract/metrics';

/** A part of a gateway that metrics are about: a source, or a target. */
export type MetricSubject = { readonly [dimension in 'Source' | 'Target']?: string };

const PERIOD = Duration.minutes(5);

/** What a metric's values mean when they are put together. All others are counts. */
const STATISTICS: { readonly [metricName: string]: string } = {
  [TARGET_METRICS.undeliveredAge]: Stats.MAXIMUM,
  [TARGET_METRICS.deliveryLatency]: Stats.p(50),
  [TARGET_METRICS.oldestUndelivered]: Stats.MAXIMUM,
  OpenBreakers: Stats.MAXIMUM,
};

/** One series. */
export function metric(gateway: string, subject: MetricSubject, metricName: string, options: MetricOptions = {}): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { [DIMENSIONS.gateway]: gateway, ...subject },
    statistic: STATISTICS[metricName] ?? Stats.SUM,
    period: PERIOD,
    ...options,
  });
}

/**
 * The sum over all sources, or all targets, of a gateway. A query and not a sum of metrics: an alarm takes ten metrics at most, and
 * those that are added later would be missing. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html
 */
export function sumOver(gateway: string, dimension: 'Source' | 'Target', metricName: string, options: MetricOptions = {}): IMetric {
  const { period = PERIOD, label = metricName, color } = options;
  return new MathExpression({
    expression: `SELECT SUM(${metricName}) FROM SCHEMA(${METRIC_NAMESPACE}, ${DIMENSIONS.gateway}, ${dimension}) WHERE ${DIMENSIONS.gateway} = ${quoted(gateway)}`,
    usingMetrics: {},
    period,
    label,
    color,
  });
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
