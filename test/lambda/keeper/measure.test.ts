import { METRIC_NAMESPACE } from '../../../lib/contract/metrics';
import { AwsCallError } from '../../../lambda/shared/aws-error';
import { DAY, HOUR_MS, KeeperWorld, keeperTarget, MINUTE_MS, NOW } from '../support/keeper';

const state = { phase: 'closed', since: NOW - 10 * DAY * 1_000, emptyAt: NOW - 2 * HOUR_MS } as const;
/** The second of the minute in which NOW is. */
const SECOND = 5;

async function ageOf(prepare: (world: KeeperWorld) => void): Promise<number | undefined> {
  const world = new KeeperWorld();
  world.billing.was(state);
  prepare(world);
  await world.minute();
  return world.metric('OldestUndelivered', 'billing');
}

describe('the age of the oldest event that waits', () => {
  const inFlight = { visibleAt: NOW + HOUR_MS };

  test.each<[string, number, (world: KeeperWorld) => void]>([
    ['is 0 in an empty queue, whatever failed before', 0, ({ billing }) => billing.failedAt(3_000, 5)],
    ['is what an attempt that failed has said', 300 + SECOND, ({ billing }) => billing.put('m1', 0, inFlight).failedAt(300, 0)],
    ['grows since then', 300 + 20 * 60 + SECOND, ({ billing }) => billing.put('m1', 0, inFlight).failedAt(300, 20)],
    ['is the largest of all that was said', 600 + 10 * 60 + SECOND, ({ billing }) => billing.put('m1', 0, inFlight).failedAt(300, 12).failedAt(600, 10).failedAt(700, 1)],
    ['is bounded by when the queue was empty', 2 * 3_600, ({ billing }) => billing.put('m1', 0, inFlight).failedAt(9_000, 5)],
    ['forgets what has had its next attempt since', 0, ({ billing }) => billing.put('m1', 0, inFlight).failedAt(60, 76)],
    ['is not known where nothing has failed', 0, ({ billing }) => billing.put('m1', 30, inFlight)],
    ['is that of an open breaker', 4_000, ({ billing }) => {
      billing.was({ ...state, phase: 'open', since: NOW - 4_000_000, cause: 'person' }).put('m1', 0, inFlight).mapping = 'Disabled';
    }],
    ['is that of an event that the keeper has just seen', 5_000, ({ billing }) => {
      billing.was({ ...state, phase: 'open', since: NOW - 4_000_000, cause: 'person' }).put('m1', 5_000).mapping = 'Disabled';
    }],
  ])('%s', async (_what, seconds, prepare) => {
    expect(await ageOf(prepare)).toBe(seconds);
  });

  test('is measured every minute for every target, in a line that CloudWatch reads', async () => {
    const world = new KeeperWorld({ billing: keeperTarget('billing'), audit: keeperTarget('audit') });
    world.targets['audit']?.put('m1', 0, inFlight).failedAt(300, 0);
    await world.minutes(1);
    await world.minutes(1);
    expect(world.metrics).toHaveLength(6);
    expect(world.metrics.find(({ Target }) => Target === 'billing')).toEqual({
      event: 'metrics', time: new Date(NOW + MINUTE_MS).toISOString(), Gateway: 'Stack/Gateway', Target: 'billing', OldestUndelivered: [0],
      _aws: {
        Timestamp: NOW + MINUTE_MS,
        CloudWatchMetrics: [{
          Namespace: METRIC_NAMESPACE, Dimensions: [['Gateway', 'Target']], Metrics: [{ Name: 'OldestUndelivered', Unit: 'Seconds' }],
        }],
      },
    });
    expect(world.metrics.at(-1)).toMatchObject({ Gateway: 'Stack/Gateway', OpenBreakers: [0] });
    expect(world.metrics.at(-1)).not.toHaveProperty('Target');
  });

  test('looks back as far as the longest pause', async () => {
    const slow = keeperTarget('billing', { retry: { delaysSeconds: [60, 43_000], maxAgeSeconds: 8 * DAY } });
    const world = new KeeperWorld({ billing: slow });
    world.billing.was({ ...state, emptyAt: NOW - 5 * DAY * 1_000 }).put('m1', 0, inFlight).failedAt(100, 10 * 60);
    await world.minute();
    expect(world.metric('OldestUndelivered', 'billing')).toBe(100 + 36_000 + SECOND);
  });

  test('looks back no further than that, whatever another target needs', async () => {
    const slow = keeperTarget('slow', { retry: { delaysSeconds: [43_000], maxAgeSeconds: 8 * DAY } });
    const world = new KeeperWorld({ billing: keeperTarget('billing'), slow });
    world.targets['slow']?.put('m1', 0, inFlight);
    world.billing.was({ ...state, emptyAt: NOW - 5 * DAY * 1_000 }).put('m1', 0, inFlight).failedAt(100, 76);
    await world.minute();
    expect(world.metric('OldestUndelivered', 'billing')).toBe(0);
  });
});

describe('CloudWatch', () => {
  test('is asked once for all targets that have events', async () => {
    const names = ['a', 'b', 'c'];
    const world = new KeeperWorld(Object.fromEntries(names.map((name) => [name, keeperTarget(name)])));
    world.targets['a']?.put('m1', 60);
    world.targets['c']?.put('m1', 60).was({ phase: 'open', since: NOW, cause: 'unavailable' });
    await world.minute();
    expect(world.queries.map((queries) => queries.sort())).toEqual([
      ['a Unavailable SampleCount', 'a Unavailable Sum', 'a UndeliveredAge Maximum', 'c UndeliveredAge Maximum'],
    ]);
  });

  test('that does not answer opens no breaker and stops no target', async () => {
    const world = new KeeperWorld();
    world.billing.was({ phase: 'open', since: NOW - 600_000, cause: 'unavailable' }).put('m1', 60);
    world.failing['metricData'] = new AwsCallError('cloudwatch GetMetricData', 'throttled', 'Throttling', 400);
    await world.minute();
    expect(world.warnings).toEqual(['metrics-failed']);
    expect(world.billing.state?.phase).toBe('closed');
    expect(world.metric('OldestUndelivered', 'billing')).toBeDefined();
  });
});
