import type { Dimensions, MetricSample } from './emf';
import { Series } from './series';

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
}

interface Entry {
  readonly metric: Metric;
  readonly series: Series;
}

const HOUR_MS = 3_600_000;

/** As long as CloudWatch keeps values by the minute. */
const RETENTION_MS = 15 * 24 * HOUR_MS;

/** Minutes with values, of all metrics together: about 40 MB. */
const MAX_MINUTES = 1_000_000;

/** All metrics of a run. What is older than 15 days goes, and earlier what is oldest, when there is too much of it. */
export class MetricStore {
  private readonly entries = new Map<string, Entry>();
  private minutes = 0;
  private swept = -Infinity;

  constructor(private readonly now: () => number, private readonly maxMinutes = MAX_MINUTES) {}

  add({ namespace, name, dimensions, time, values }: MetricSample): void {
    const metric = { namespace, name, dimensions };
    const key = keyOf(metric);
    let entry = this.entries.get(key);
    if (!entry) this.entries.set(key, entry = { metric, series: new Series() });
    const before = entry.series.length;
    entry.series.add(time, values);
    this.minutes += entry.series.length - before;
    if (this.minutes > this.maxMinutes || this.now() - this.swept >= HOUR_MS) this.sweep();
  }

  series(metric: Metric): Series | undefined {
    return this.entries.get(keyOf(metric))?.series;
  }

  metrics(): Metric[] {
    return [...this.entries.values()].map(({ metric }) => metric);
  }

  private sweep(): void {
    this.swept = this.now();
    let keptMs = RETENTION_MS;
    this.forget(this.swept - keptMs);
    // Down to three quarters, so that the next value does not sweep again.
    for (keptMs /= 2; this.minutes > this.maxMinutes * 0.75 && keptMs >= HOUR_MS; keptMs /= 2) this.forget(this.swept - keptMs);
  }

  private forget(before: number): void {
    this.minutes = 0;
    for (const [key, { series }] of this.entries) {
      series.forget(before);
      this.minutes += series.length;
      if (series.length === 0) this.entries.delete(key);
    }
  }
}

function keyOf({ namespace, name, dimensions }: Metric): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
