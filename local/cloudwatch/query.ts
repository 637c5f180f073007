import { AwsError } from '../aws-service';
import type { Metric } from './metric-store';

export interface Input {
  readonly [name: string]: unknown;
}

/** One `MetricDataQuery` of GetMetricData. */
export interface MetricQuery {
  readonly id: string;
  readonly label?: string;
  readonly returnData: boolean;
  readonly metric: Metric;
  readonly periodMs: number;
  readonly statistic: string;
}

/** Queries of one call: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const MAX_QUERIES = 500;

export function readQueries(input: Input, statistics: readonly string[]): MetricQuery[] {
  const queries = listOf(input, 'MetricDataQueries');
  if (queries.length === 0 || queries.length > MAX_QUERIES) {
    throw new AwsError('ValidationException', `MetricDataQueries must have 1 to ${MAX_QUERIES} members, not ${queries.length}`);
  }
  const read = queries.map((query) => readQuery(query, statistics));
  const twice = read.find(({ id }, index) => read.findIndex((other) => other.id === id) !== index);
  if (twice) throw new AwsError('ValidationException', `two queries have the Id ${JSON.stringify(twice.id)}`);
  return read;
}

function readQuery({ Id, Label, ReturnData, Expression, MetricStat }: Input, statistics: readonly string[]): MetricQuery {
  const id = String(Id);
  if (!/^[a-z][A-Za-z0-9_]*$/.test(id)) throw new AwsError('ValidationException', `the Id of a query begins with a lower-case letter and has letters, digits and _ only, not ${JSON.stringify(Id)}`);
  if (Expression !== undefined || MetricStat === undefined) throw new AwsError('ValidationException', `the query ${id} has no MetricStat: a local run does not work out an Expression`);
  const { Metric: metric = {}, Period, Stat } = MetricStat as { readonly Metric?: Input; readonly Period?: unknown; readonly Stat?: unknown };
  if (!(Number(Period) > 0 && Number(Period) % 60 === 0)) {
    throw new AwsError('ValidationException', `the Period of the query ${id} must be a multiple of 60, not ${JSON.stringify(Period)}: a local run keeps values by the minute`);
  }
  if (!statistics.includes(String(Stat))) throw new AwsError('ValidationException', `the Stat of the query ${id} must be one of ${statistics.join(', ')}, not ${JSON.stringify(Stat)}`);
  return {
    id, returnData: ReturnData !== false, periodMs: Number(Period) * 1000, statistic: String(Stat),
    ...(Label !== undefined && { label: String(Label) }),
    metric: {
      namespace: String(metric.Namespace), name: String(metric.MetricName),
      dimensions: Object.fromEntries(listOf(metric, 'Dimensions').map(({ Name, Value }) => [String(Name), String(Value)])),
    },
  };
}

export function listOf(input: Input, name: string): Input[] {
  const value = input[name] ?? [];
  if (Array.isArray(value)) return value as Input[];
  throw new AwsError('SerializationException', `${name} is not a list`);
}

/** Milliseconds since 1970. AWS JSON carries seconds. */
export function readTime(input: Input, name: string): number {
  const value = input[name];
  if (typeof value === 'number') return value * 1000;
  throw new AwsError('ValidationException', `${name} must be a number of seconds since 1970, not ${JSON.stringify(value)}`);
}
