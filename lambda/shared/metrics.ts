import { METRIC_NAMESPACE, type MetricsLine, type MetricValues } from '../../lib/contract/metrics';

export type WriteMetrics = (line: MetricsLine) => void;

/** CloudWatch takes at most so many values of a metric from one line. */
const MAX_VALUES = 100;

/** Writes metrics as a log line, which costs no call. */
export const writeMetrics: WriteMetrics = (line) => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** The lines for these values. Metrics without a value are left out. */
export function metricsLines(dimensions: { readonly [name: string]: string }, metrics: readonly MetricValues[], now: number): MetricsLine[] {
  const present = metrics.filter(({ values }) => values.length > 0);
  const lines = Math.max(0, ...present.map(({ values }) => Math.ceil(values.length / MAX_VALUES)));
  return Array.from({ length: lines }, (_, index): MetricsLine => {
    const parts = present.flatMap(({ name, unit, values }) => {
      const part = values.slice(index * MAX_VALUES, (index + 1) * MAX_VALUES);
      return part.length > 0 ? [{ name, unit, values: part }] : [];
    });
    return {
      event: 'metrics',
      time: new Date(now).toISOString(),
      _aws: {
        Timestamp: now,
        CloudWatchMetrics: [{
          Namespace: METRIC_NAMESPACE,
          Dimensions: [Object.keys(dimensions)],
          Metrics: parts.map(({ name, unit }) => ({ Name: name, Unit: unit })),
        }],
      },
      ...dimensions,
      ...Object.fromEntries(parts.map(({ name, values }) => [name, values])),
    };
  });
}
