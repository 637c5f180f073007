/**
 * How finely a gateway counts. Each combination of a metric's name and dimensions is a series, and CloudWatch charges by the series.
 */
export enum MetricDetail {
  /**
   * At most four series a source, five a target and six a gateway. Why requests are rejected is in the log only.
   */
  STANDARD = 'standard',

  /**
   * Rejected requests are counted by reason as well: up to ten series more a source, of which only those cost that have values.
   */
  DETAILED = 'detailed',
}
