import { DIMENSIONS, TARGET_METRICS, type MetricUnit, type MetricsLine } from '../../lib/contract/metrics';
import { metricsLines } from '../shared/metrics';

type TargetMetric = 'unavailable' | 'undeliveredAge' | 'deliveryLatency' | 'deadLetters';

const UNITS: { readonly [metric in TargetMetric]: MetricUnit } = {
  unavailable: 'Count',
  undeliveredAge: 'Seconds',
  deliveryLatency: 'Milliseconds',
  deadLetters: 'Count',
};

/** What was measured since it was last said. An attempt that ends after its invocation is part of the next one's line. */
export class Measures {
  readonly #dimensions: { readonly [name: string]: string };
  #values: { [metric in TargetMetric]: number[] } = empty();

  constructor(gateway: string, target: string) {
    this.#dimensions = { [DIMENSIONS.gateway]: gateway, [DIMENSIONS.target]: target };
  }

  add(metric: TargetMetric, value: number): void {
    if (Number.isFinite(value)) this.#values[metric].push(Math.max(0, value));
  }

  take(now: number): MetricsLine[] {
    const values = this.#values;
    this.#values = empty();
    const metrics = (Object.keys(UNITS) as TargetMetric[])
      .map((metric) => ({ name: TARGET_METRICS[metric], unit: UNITS[metric], values: values[metric] }));
    return metricsLines(this.#dimensions, metrics, now);
  }
}

function empty(): { [metric in TargetMetric]: number[] } {
  return { unavailable: [], undeliveredAge: [], deliveryLatency: [], deadLetters: [] };
}
