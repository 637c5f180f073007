/** Values of one metric, as one log line has them. */
export interface MetricSample {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
  readonly unit: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly values: number[];
}

export interface Dimensions {
  readonly [name: string]: string;
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions?: string[][];
  readonly Metrics?: { readonly Name: string; readonly Unit?: string }[];
}

/**
 * The metrics in a log line of the embedded metric format; undefined where a line is in another. A metric without a number, and a
 * set of dimensions without all its values, are left out.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricSamples(line: { readonly [name: string]: unknown }): MetricSample[] | undefined {
  const { Timestamp: time, CloudWatchMetrics: directives } = (line._aws ?? {}) as { Timestamp?: unknown; CloudWatchMetrics?: unknown };
  if (typeof time !== 'number' || !Array.isArray(directives)) return undefined;
  return (directives as Directive[]).flatMap(({ Namespace: namespace, Dimensions: sets = [[]], Metrics: metrics = [] }) => (
    sets.map((names) => dimensionsOf(line, names)).filter((dimensions) => dimensions !== undefined).flatMap((dimensions) => (
      metrics.flatMap(({ Name: name, Unit: unit = 'None' }) => {
        const values = numbers(line[name]);
        return values.length > 0 ? [{ namespace, name, dimensions, unit, time, values }] : [];
      })))));
}

function dimensionsOf(line: { readonly [name: string]: unknown }, names: readonly string[]): Dimensions | undefined {
  const entries = names.map((name) => [name, line[name]] as const);
  return entries.every((entry): entry is readonly [string, string] => typeof entry[1] === 'string') ? Object.fromEntries(entries) : undefined;
}

function numbers(value: unknown): number[] {
  return (Array.isArray(value) ? value : [value]).filter((item): item is number => typeof item === 'number' && Number.isFinite(item));
}
