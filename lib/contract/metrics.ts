/** Namespace of all metrics. */
export const METRIC_NAMESPACE = 'CdkWebhooks';

export const DIMENSIONS = { gateway: 'Gateway', source: 'Source', target: 'Target' } as const;

/** Metrics with the dimensions Gateway and Source. Counts. */
export const SOURCE_METRICS = {
  accepted: 'Accepted',
  /** The reason is in the log line; with detailed metrics there is a dimension Reason too. */
  rejected: 'Rejected',
  duplicates: 'Duplicates',
  /** Events that some queue did not take, and that the sender was asked to send again. */
  enqueueFailures: 'EnqueueFailures',
} as const;

/** Metrics with the dimensions Gateway and Target. */
export const TARGET_METRICS = {
  /** One value an attempt: 1 where the target did not answer, or with 429 or 5xx, else 0. The count of values is that of attempts. */
  unavailable: 'Unavailable',
  /** Seconds since the event was accepted, a value for each event that an attempt has just failed to deliver. */
  undeliveredAge: 'UndeliveredAge',
  /** Milliseconds from accepted to delivered, a value for each delivered event. */
  deliveryLatency: 'DeliveryLatency',
  /** Events that were given up. */
  deadLetters: 'DeadLetters',
  /** By the keeper, once a minute: the age of the oldest event that waits, in seconds, 0 where none does. */
  oldestUndelivered: 'OldestUndelivered',
} as const;

/** Metrics with the dimension Gateway alone. */
export const GATEWAY_METRICS = {
  /** By the keeper, once a minute: how many targets have their breaker open. */
  openBreakers: 'OpenBreakers',
  /** Checks of the URL that were answered. */
  handshakes: 'Handshakes',
  /** Secrets that could not be read or used. */
  secretFailures: 'SecretFailures',
  /** Calls of the event store or the payload bucket that failed. */
  storeFailures: 'StoreFailures',
  /** Events that were quarantined. */
  quarantined: 'Quarantined',
  /** Events whose id an event with another body has already. */
  idCollisions: 'IdCollisions',
} as const;

export type MetricUnit = 'Count' | 'Seconds' | 'Milliseconds' | 'None';

/** A value of a metric, or several. */
export interface MetricValues {
  readonly name: string;
  readonly unit: MetricUnit;
  readonly values: number[];
}

/**
 * A log line that CloudWatch reads metrics from: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * It has `event` and `time` as every line has; `event` is `metrics`.
 */
export interface MetricsLine {
  readonly event: 'metrics';
  readonly time: string;
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: {
      readonly Namespace: string;
      readonly Dimensions: string[][];
      readonly Metrics: { readonly Name: string; readonly Unit: MetricUnit }[];
    }[];
  };
  readonly [dimensionOrMetric: string]: unknown;
}
