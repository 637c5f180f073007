import type { IngestConfig } from '../../lib/contract/config';
import { DIMENSIONS, GATEWAY_METRICS, METRIC_NAMESPACE, SOURCE_METRICS, type MetricsLine } from '../../lib/contract/metrics';
import type { LogFields } from '../shared/log';

/** The dimension of `Rejected` that there is with detailed metrics only: each reason is a series. */
const REASON = 'Reason';

type Metric = (typeof SOURCE_METRICS)[keyof typeof SOURCE_METRICS] | (typeof GATEWAY_METRICS)[keyof typeof GATEWAY_METRICS];

/** The code of the warnings that say that the event store or the payload bucket failed. */
export const STORE_FAILED = 'store-failed';
/** The code of the warning that an id has come with another body. */
export const ID_COLLISION = 'id-collision';

/** What the lines of one request count, in one line for CloudWatch. Undefined where that is nothing. */
export function measure(lines: readonly LogFields[], source: string | undefined, config: IngestConfig, now: number): MetricsLine | undefined {
  const ofSource = count(lines.flatMap(countsOfSource));
  const ofGateway = count(lines.flatMap(countsOfGateway));
  const rejected = lines.find((line) => line.event === 'rejected');
  const sourceDimensions = [DIMENSIONS.gateway, ...source === undefined ? [] : [DIMENSIONS.source]];
  const rejectedDimensions = [sourceDimensions, ...config.detailedMetrics ? [[...sourceDimensions, REASON]] : []];
  const directives = [
    directive([sourceDimensions], without(ofSource, rejected ? SOURCE_METRICS.rejected : undefined)),
    ...rejected ? [directive(rejectedDimensions, { [SOURCE_METRICS.rejected]: 1 })] : [],
    directive([[DIMENSIONS.gateway]], ofGateway),
  ].filter(({ Metrics }) => Metrics.length > 0);
  if (directives.length === 0) return undefined;
  return {
    event: 'metrics',
    time: new Date(now).toISOString(),
    _aws: { Timestamp: now, CloudWatchMetrics: directives },
    [DIMENSIONS.gateway]: config.gateway,
    ...(source !== undefined && { [DIMENSIONS.source]: source }),
    ...(rejected && config.detailedMetrics && { [REASON]: rejected.reason }),
    ...ofSource,
    ...ofGateway,
  };
}

function countsOfSource(line: LogFields): Metric[] {
  switch (line.event) {
    case 'accepted': return [line.duplicate ? SOURCE_METRICS.duplicates : SOURCE_METRICS.accepted];
    // An event that no target gets is accepted all the same, and these are its only lines.
    case 'unrouted': return [SOURCE_METRICS.accepted];
    case 'quarantined': return line.target === undefined ? [SOURCE_METRICS.accepted] : [];
    case 'rejected': return line.reason === 'enqueue' ? [SOURCE_METRICS.rejected, SOURCE_METRICS.enqueueFailures] : [SOURCE_METRICS.rejected];
    default: return [];
  }
}

function countsOfGateway(line: LogFields): Metric[] {
  switch (line.event) {
    case 'handshake': return [GATEWAY_METRICS.handshakes];
    case 'quarantined': return [GATEWAY_METRICS.quarantined];
    case 'rejected': return REJECTIONS[line.reason] ?? [];
    case 'warning': return WARNINGS[line.code] ?? [];
    default: return [];
  }
}

const WARNINGS: { readonly [code: string]: Metric[] | undefined } = {
  [STORE_FAILED]: [GATEWAY_METRICS.storeFailures],
  [ID_COLLISION]: [GATEWAY_METRICS.idCollisions],
};

const REJECTIONS: { readonly [reason: string]: Metric[] | undefined } = {
  secret: [GATEWAY_METRICS.secretFailures],
  store: [GATEWAY_METRICS.storeFailures],
};

interface Counts {
  readonly [metric: string]: number;
}

function count(metrics: readonly Metric[]): Counts {
  const counts: { [metric: string]: number } = {};
  for (const metric of metrics) counts[metric] = (counts[metric] ?? 0) + 1;
  return counts;
}

function without(counts: Counts, metric: string | undefined): Counts {
  return Object.fromEntries(Object.entries(counts).filter(([name]) => name !== metric));
}

function directive(dimensions: string[][], counts: Counts): MetricsLine['_aws']['CloudWatchMetrics'][number] {
  return { Namespace: METRIC_NAMESPACE, Dimensions: dimensions, Metrics: Object.keys(counts).map((name) => ({ Name: name, Unit: 'Count' as const })) };
}
