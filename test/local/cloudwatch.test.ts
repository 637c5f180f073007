import {
  type CloudWatchClient, GetMetricDataCommand, type GetMetricDataCommandInput, ListMetricsCommand, type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { metricsLines } from '../../lambda/shared/metrics';
import { METRIC_NAMESPACE, TARGET_METRICS } from '../../lib/contract/metrics';
import { CloudWatch } from '../../local/cloudwatch/cloudwatch';
import { metricSamples } from '../../local/cloudwatch/emf';
import { MetricStore } from '../../local/cloudwatch/metric-store';
import { ManualClock } from '../../local/clock';
import { ServiceEndpoint } from '../../local/service-endpoint';
import { cloudWatchClient, post } from './services';

const START = Date.parse('2026-11-20T12:00:00Z');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const DIMENSIONS = { Gateway: 'Main/Gateway', Target: 'billing' };

let clock: ManualClock;
let cloudWatch: CloudWatch;
let endpoint: ServiceEndpoint;
let client: CloudWatchClient;

beforeEach(async () => {
  clock = new ManualClock(START);
  cloudWatch = new CloudWatch(clock);
  endpoint = new ServiceEndpoint();
  endpoint.addJsonService(cloudWatch);
  await endpoint.listen(0);
  client = cloudWatchClient(endpoint.origin);
});

afterEach(async () => {
  client.destroy();
  await endpoint.close();
});

/** As a function prints it. */
function write(values: number[], at = START, dimensions: { [name: string]: string } = DIMENSIONS, name: string = TARGET_METRICS.unavailable): void {
  const lines = metricsLines(dimensions, [{ name, unit: 'None', values }], at);
  for (const line of lines) expect(cloudWatch.take(JSON.parse(JSON.stringify(line)))).toBe(true);
}

const query = (Stat: string, more: object = {}, dimensions: object = DIMENSIONS): MetricDataQuery => {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { Id: 'q', MetricStat: { Metric: { Namespace: METRIC_NAMESPACE, MetricName: TARGET_METRICS.unavailable, Dimensions }, Period: 60, Stat, ...more } };
};
const get = (MetricDataQueries: MetricDataQuery[], more: Partial<GetMetricDataCommandInput> = {}) => client.send(new GetMetricDataCommand({
  MetricDataQueries, StartTime: new Date(START - 10 * MINUTE), EndTime: new Date(START + 10 * MINUTE), ...more,
}));
const valuesOf = async (...of: Parameters<typeof get>): Promise<unknown> => (await get(...of)).MetricDataResults?.map(({ Values }) => Values);

describe('GetMetricData', () => {
  test.each([['Sum', 5], ['SampleCount', 4], ['Average', 1.25], ['Minimum', 0], ['Maximum', 3]])('gives the %s of the values of a minute', async (stat, expected) => {
    write([0, 1, 3]);
    write([1], START + 59_999);
    expect((await get([query(stat)])).MetricDataResults).toEqual([{ Id: 'q', Label: 'Unavailable', StatusCode: 'Complete', Timestamps: [new Date(START)], Values: [expected] }]);
  });

  test('gives minutes one by one, the newest first unless the oldest is wanted first, and none without values', async () => {
    write([1], START + 3 * MINUTE);
    write([2], START);
    write([3], START + MINUTE);
    expect((await get([query('Sum')])).MetricDataResults?.[0]).toMatchObject({
      Timestamps: [3, 1, 0].map((minute) => new Date(START + minute * MINUTE)), Values: [1, 3, 2],
    });
    expect(await valuesOf([query('Sum')], { ScanBy: 'TimestampAscending' })).toEqual([[2, 3, 1]]);
  });

  test('takes the start for inside and the end for outside, and rounds the start down to its minute', async () => {
    write([1], START);
    write([2], START + MINUTE);
    expect(await valuesOf([query('Sum')], { StartTime: new Date(START + 59_000), EndTime: new Date(START + MINUTE) })).toEqual([[1]]);
    expect(await valuesOf([query('Sum')], { StartTime: new Date(START + MINUTE), EndTime: new Date(START + MINUTE + 1) })).toEqual([[2]]);
  });

  test('adds minutes up to longer periods, which begin at the start', async () => {
    [0, 1, 4, 5].forEach((minute) => write([minute, 10], START + minute * MINUTE));
    const { MetricDataResults } = await get([query('Sum', { Period: 300 })], { StartTime: new Date(START), ScanBy: 'TimestampAscending' });
    expect(MetricDataResults?.[0]).toMatchObject({ Timestamps: [new Date(START), new Date(START + 5 * MINUTE)], Values: [35, 15] });
    expect(await valuesOf([query('Minimum', { Period: 300 })], { StartTime: new Date(START), ScanBy: 'TimestampAscending' })).toEqual([[0, 5]]);
  });

  test('tells metrics apart by their dimensions, in whatever order, and by all of them', async () => {
    write([1]);
    write([2], START, { ...DIMENSIONS, Target: 'crm' });
    const both = (await get([query('Sum'), { ...query('Sum', {}, { Target: 'crm', Gateway: 'Main/Gateway' }), Id: 'r' }])).MetricDataResults;
    expect(both?.map(({ Id, Values }) => [Id, Values])).toEqual([['q', [1]], ['r', [2]]]);
    expect(await valuesOf([query('Sum', {}, { Gateway: 'Main/Gateway' })])).toEqual([[]]);
  });

  test('takes a label, and leaves out what is not to be returned', async () => {
    write([1]);
    const { MetricDataResults } = await get([{ ...query('Sum'), Label: 'mine' }, { ...query('Sum'), Id: 'hidden', ReturnData: false }]);
    expect(MetricDataResults).toEqual([expect.objectContaining({ Id: 'q', Label: 'mine' })]);
  });

  test.each<[string, MetricDataQuery[], Partial<GetMetricDataCommandInput>, RegExp]>([
    ['an expression', [{ Id: 'q', Expression: 'SUM(METRICS())' }], {}, /query q has no MetricStat/],
    ['a percentile', [query('p99')], {}, /Stat of the query q must be one of SampleCount, .*not "p99"/],
    ['seconds', [query('Sum', { Period: 10 })], {}, /Period of the query q must be a multiple of 60, not 10/],
    ['two queries of one Id', [query('Sum'), query('Sum')], {}, /two queries have the Id "q"/],
    ['an Id that cannot be one', [{ ...query('Sum'), Id: 'Q' }], {}, /not "Q"/],
    ['no query', [], {}, /must have 1 to 500 members, not 0/],
    ['no time', [query('Sum')], { EndTime: new Date(START - 10 * MINUTE) }, /StartTime must be less/],
  ])('refuses %s', async (_name, queries, more, message) => {
    await expect(get(queries, more)).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringMatching(message), $metadata: { httpStatusCode: 400 } });
  });

  test('is refused without a time, by hand', async () => {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'GraniteServiceVersion20100801.GetMetricData' };
    const { status, body } = await post(endpoint.origin, headers, '{"MetricDataQueries":[],"StartTime":"yesterday"}');
    expect([status, JSON.parse(body).message]).toEqual([400, expect.stringContaining('not "yesterday"')]);
  });
});

describe('ListMetrics', () => {
  test('finds metrics by namespace, name and dimensions', async () => {
    write([1]);
    write([1], START, { ...DIMENSIONS, Target: 'crm' });
    write([1], START, { Gateway: 'Main/Gateway' }, 'OpenBreakers');
    const list = async (input: object) => {
      const { Metrics } = await client.send(new ListMetricsCommand(input));
      return Metrics?.map(({ MetricName, Dimensions = [] }) => [MetricName, Dimensions.length]);
    };
    expect(await list({})).toEqual([['Unavailable', 2], ['Unavailable', 2], ['OpenBreakers', 1]]);
    expect(await list({ Dimensions: [{ Name: 'Target', Value: 'crm' }] })).toEqual([['Unavailable', 2]]);
    expect(await list({ MetricName: 'Unavailable', Dimensions: [{ Name: 'Target' }] })).toHaveLength(2);
    expect(await list({ Namespace: 'Other' })).toEqual([]);
  });
});

describe('a line', () => {
  const valid = {
    event: 'metrics', Target: 'billing', A: 1, B: [2, 3],
    _aws: { Timestamp: START, CloudWatchMetrics: [{ Namespace: 'N', Dimensions: [['Target']], Metrics: [{ Name: 'A', Unit: 'Count' }, { Name: 'B' }] }] },
  };
  const sample = { namespace: 'N', dimensions: { Target: 'billing' }, time: START };

  test('has single values and lists of them', () => {
    expect(metricSamples(valid)).toEqual([{ ...sample, name: 'A', unit: 'Count', values: [1] }, { ...sample, name: 'B', unit: 'None', values: [2, 3] }]);
  });

  test('leaves out a metric without a number, and a set of dimensions without a value', () => {
    expect(metricSamples({ ...valid, A: 'one', B: [NaN, '2', 3] })).toEqual([{ ...sample, name: 'B', unit: 'None', values: [3] }]);
    expect(metricSamples({ ...valid, Target: 1 })).toEqual([]);
  });

  test.each([['without metrics', { event: 'metrics' }], ['with a time that is none', { ...valid, _aws: { ...valid._aws, Timestamp: 'now' } }], ['of another event', { ...valid, event: 'attempt' }]])(
    '%s is not taken', (_name, line) => {
      expect(cloudWatch.take(line)).toBe(false);
    });
});

describe('what is kept', () => {
  test('is 15 days of it', async () => {
    write([1]);
    await clock.advance(15 * DAY - MINUTE);
    write([2], clock.now());
    const range = { StartTime: new Date(START), EndTime: new Date(START + 20 * DAY) };
    expect(await valuesOf([query('Sum')], range)).toEqual([[2, 1]]);
    await clock.advance(61 * MINUTE);
    write([3], clock.now());
    expect(await valuesOf([query('Sum')], range)).toEqual([[3, 2]]);
  });

  test('is the newest of it where there is more than fits, and nothing of a metric that has ended', async () => {
    const store = new MetricStore(() => clock.now(), 3_000);
    const metric = (name: string) => ({ namespace: 'N', name, dimensions: {} });
    store.add({ ...metric('ended'), unit: 'None', time: clock.now(), values: [1] });
    for (let minute = 0; minute < 4 * 1_440; minute++) {
      await clock.advance(MINUTE);
      store.add({ ...metric('a'), unit: 'None', time: clock.now(), values: [1] });
    }
    const kept = store.series(metric('a'))!;
    expect(kept.length).toBeLessThanOrEqual(3_000);
    expect(kept.periods(clock.now() - 20 * 60 * MINUTE, clock.now(), MINUTE)).toHaveLength(20 * 60);
    expect(store.metrics()).toEqual([metric('a')]);
  });
});
