import { AwsError, type AwsJsonService } from '../aws-service';
import type { Clock } from '../clock';
import { type Dimensions, metricSamples } from './emf';
import { MetricStore } from './metric-store';
import { type Input, listOf, readQueries, readTime } from './query';
import type { Statistics } from './series';

/** Values of one answer: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const MAX_DATA_POINTS = 100_800;
const MINUTE_MS = 60_000;

const STATISTICS: { readonly [name: string]: (period: Statistics) => number } = {
  SampleCount: ({ count }) => count,
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
};

/**
 * CloudWatch as far as the metrics in the log lines of the functions need it. Values are kept by the minute, for 15 days, and can be read as
 * soon as their line is printed; on AWS that takes a minute or two.
 */
export class CloudWatch implements AwsJsonService {
  readonly prefix = 'GraniteServiceVersion20100801';
  readonly contentType = 'application/x-amz-json-1.0';
  private readonly store: MetricStore;
  private readonly actions: { readonly [action: string]: (input: Input) => object } = {
    GetMetricData: (input) => this.getMetricData(input),
    ListMetrics: (input) => this.listMetrics(input),
  };

  constructor(clock: Clock) {
    this.store = new MetricStore(() => clock.now());
  }

  /** Takes the metrics of a function's log line. False: there are none in it. */
  take(line: { readonly [name: string]: unknown }): boolean {
    if (line.event !== 'metrics') return false;
    const samples = metricSamples(line);
    for (const sample of samples ?? []) this.store.add(sample);
    return samples !== undefined;
  }

  async call(action: string, input: Input): Promise<object> {
    const run = Object.hasOwn(this.actions, action) ? this.actions[action] : undefined;
    if (!run) throw new AwsError('UnknownOperationException', `a local run has no ${action} of CloudWatch`);
    return run(input);
  }

  /** `StartTime` is rounded down to its minute and included, `EndTime` is not. Periods begin at the start. */
  private getMetricData(input: Input): object {
    const from = Math.floor(readTime(input, 'StartTime') / MINUTE_MS) * MINUTE_MS;
    const to = readTime(input, 'EndTime');
    if (from >= to) throw new AwsError('ValidationException', 'The parameter StartTime must be less than the parameter EndTime.');
    const queries = readQueries(input, Object.keys(STATISTICS));
    const results = queries.filter(({ returnData }) => returnData).map(({ id, label, metric, periodMs, statistic }) => {
      const periods = this.store.series(metric)?.periods(from, to, periodMs) ?? [];
      if (input.ScanBy !== 'TimestampAscending') periods.reverse();
      return {
        Id: id, Label: label ?? metric.name, StatusCode: 'Complete',
        Timestamps: periods.map(({ start }) => start / 1000),
        Values: periods.map((period) => STATISTICS[statistic]!(period)),
      };
    });
    const points = results.reduce((sum, { Values }) => sum + Values.length, 0);
    if (points > MAX_DATA_POINTS) {
      throw new AwsError('ValidationException', `the answer has ${points} values, and a local run gives at most ${MAX_DATA_POINTS} and no pages: ask for a longer period or a shorter time`);
    }
    return { MetricDataResults: results, Messages: [] };
  }

  private listMetrics(input: Input): object {
    const wanted = listOf(input, 'Dimensions');
    const metrics = this.store.metrics().filter(({ namespace, name, dimensions }) => (input.Namespace ?? namespace) === namespace
      && (input.MetricName ?? name) === name && wanted.every((filter) => hasDimension(dimensions, filter)));
    return { Metrics: metrics.map(({ namespace, name, dimensions }) => (
      { Namespace: namespace, MetricName: name, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) })) };
  }
}

/** A filter without a value asks only that there is one. */
function hasDimension(dimensions: Dimensions, { Name, Value }: Input): boolean {
  const value = dimensions[String(Name)];
  return value !== undefined && (Value ?? value) === value;
}
