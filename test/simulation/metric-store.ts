import type { MetricsLine } from '../../lib/contract/metrics';

export interface MinuteValues {
  count: number;
  sum: number;
  max: number;
}

const MINUTE_MS = 60_000;
/** Nobody looks further back. */
const KEPT_MINUTES = 120;

/** CloudWatch, as far as the keeper asks it: the metrics lines of the functions by target, metric and minute. */
export class MetricStore {
  private readonly minutes = new Map<string, Map<number, MinuteValues>>();

  readonly take = (line: MetricsLine): void => {
    const minute = Math.floor(line._aws.Timestamp / MINUTE_MS);
    for (const { Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
      for (const { Name } of Metrics) {
        const values = [line[Name]].flat() as number[];
        for (const names of Dimensions) {
          this.add(this.series(Name, Object.fromEntries(names.map((name) => [name, String(line[name])]))), minute, values);
        }
      }
    }
  };

  /** All values from `from` up to `to`, milliseconds since 1970, by minute. */
  read(metric: string, dimensions: { readonly [name: string]: string }, from: number, to: number): (MinuteValues & { readonly at: number })[] {
    const series = this.minutes.get(keyOf(metric, dimensions));
    if (!series) return [];
    return [...series].flatMap(([minute, values]) => {
      const at = minute * MINUTE_MS;
      return at >= from && at < to ? [{ at, ...values }] : [];
    }).sort((a, b) => a.at - b.at);
  }

  private series(metric: string, dimensions: { readonly [name: string]: string }): Map<number, MinuteValues> {
    const key = keyOf(metric, dimensions);
    let series = this.minutes.get(key);
    if (!series) this.minutes.set(key, series = new Map());
    return series;
  }

  private add(series: Map<number, MinuteValues>, minute: number, values: number[]): void {
    let kept = series.get(minute);
    if (!kept) {
      series.set(minute, kept = { count: 0, sum: 0, max: -Infinity });
      for (const old of series.keys()) if (old < minute - KEPT_MINUTES) series.delete(old);
    }
    for (const value of values) {
      kept.count++;
      kept.sum += value;
      kept.max = Math.max(kept.max, value);
    }
  }
}

function keyOf(metric: string, dimensions: { readonly [name: string]: string }): string {
  return JSON.stringify([metric, ...Object.keys(dimensions).sort().map((name) => [name, dimensions[name]])]);
}
