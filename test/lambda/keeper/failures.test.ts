import { AwsCallError, type AwsFailure } from '../../../lambda/shared/aws-error';
import { GONE_TAG } from '../../../lib/contract/breaker';
import { answers, DAY, HOUR_MS, KeeperWorld, keeperTarget, MINUTE_MS, NOW } from '../support/keeper';

const FAILURES: [AwsFailure, string, number | undefined][] = [
  ['throttled', 'ThrottlingException', 400], ['unavailable', 'InternalError', 500], ['denied', 'AccessDeniedException', 403],
  ['missing', 'ResourceNotFoundException', 404], ['invalid', 'ResourceConflictException', 409], ['timeout', 'ABORT_ERR', undefined],
];
const CALLS = ['queue', 'tags', 'tag', 'untag', 'receive', 'changeVisibility', 'deleteMessage', 'sendDeadLetter', 'mappingState', 'setMapping', 'probe'];

/** Two targets in the same trouble, with everything to do: a probe that is due, a note, a mapping that is on, events that expired. */
function troubled(): KeeperWorld {
  const world = new KeeperWorld({ billing: keeperTarget('billing'), audit: keeperTarget('audit') });
  for (const target of Object.values(world.targets)) {
    target.was({ phase: 'open', since: NOW - 5 * DAY * 1_000, cause: 'gone', emptyAt: NOW - 6 * DAY * 1_000 });
    target.tags[GONE_TAG] = new Date(NOW).toISOString();
    target.put('young', 60).put('old', 4 * DAY + 1).put('old, too', 4 * DAY + 1);
    target.answer = answers(503);
  }
  return world;
}

const wellKept = { mapping: 'Disabled', tags: {}, deadLetters: ['evt_old', 'evt_old, too'], messages: ['young'] };

function kept(world: KeeperWorld, name: string): object {
  const { mapping, tags, deadLetters, messages } = world.targets[name]!;
  return {
    mapping, tags: tags[GONE_TAG] === undefined ? {} : { [GONE_TAG]: tags[GONE_TAG] },
    deadLetters: [...new Set(deadLetters.map(({ body }) => (JSON.parse(body) as { id: string }).id))].sort(), messages: messages.map(({ id }) => id),
  };
}

describe.each(CALLS)('a failing %s', (call) => {
  test.each(FAILURES)('(%s, %s) of one target is a warning, and no other target\'s trouble', async (kind, code, status) => {
    const world = troubled();
    world.failing[`${call} billing`] = new AwsCallError(`the service's ${call}`, kind, code, status);
    await world.minute();
    expect(kept(world, 'audit')).toEqual(wellKept);
    const told = world.lines.filter(({ event }) => event === 'warning' || event === 'breaker');
    expect(told.some((line) => 'target' in line && line.target === 'billing' && JSON.stringify(line).includes(code))).toBe(true);
    expect(world.metric('OldestUndelivered', 'audit')).toBeGreaterThanOrEqual(60);
    expect(world.metric('OpenBreakers')).toBe(call === 'queue' || call === 'tags' ? 1 : 2);
  });

  test('is made up for in the next minutes', async () => {
    const world = troubled();
    world.failing[`${call} billing`] = new AwsCallError(call, 'throttled', 'ThrottlingException', 400);
    await world.minutes(2);
    delete world.failing[`${call} billing`];
    await world.minutes(61);
    expect(kept(world, 'billing')).toEqual(wellKept);
  });
});

test('a target that cannot be looked at counts with the breaker that it had', async () => {
  const world = troubled();
  await world.minute();
  world.failing['queue billing'] = new Error('no');
  await world.minutes(1);
  expect(world.metric('OpenBreakers')).toBe(2);
  expect(world.metrics.filter(({ Target, _aws }) => Target === 'billing' && _aws.Timestamp === world.now)).toEqual([]);
});

test('no time left is a warning, and nothing is begun', async () => {
  const world = troubled();
  world.remainingMs = () => 15_000;
  await world.minute();
  expect(world.calls).toEqual([]);
  expect(world.warnings).toEqual(['keeper-failed', 'keeper-failed']);
});

test('a target that hangs keeps no other from being paused, and is not tried again beyond the time', async () => {
  const world = new KeeperWorld({ audit: keeperTarget('audit'), billing: keeperTarget('billing') });
  world.targets['audit']!.was({ phase: 'open', since: NOW - HOUR_MS, cause: 'unavailable' }).put('m1', 60).put('m2', 60);
  let left = 55_000;
  world.targets['audit']!.answer = () => {
    left = 12_000;
    throw new AwsCallError('lambda POST', 'timeout', 'ABORT_ERR');
  };
  world.remainingMs = () => left;
  world.billing.put('m1', 60).attempted(30, 30);
  await world.minute();
  expect(world.billing.mapping).toBe('Disabled');
  expect(world.calls.filter((call) => call === 'probe audit')).toHaveLength(1);
  expect(world.metric('OldestUndelivered', 'billing')).toBeDefined();
});

test('targets are looked at ten at a time, beginning with another one each minute', async () => {
  const names = Array.from({ length: 35 }, (_, index) => `t${index}`);
  const world = new KeeperWorld(Object.fromEntries(names.map((name) => [name, keeperTarget(name)])));
  let most = 0;
  let now = 0;
  const order: string[] = [];
  world.around = async (call, name, act) => {
    if (call !== 'queue') return act();
    order.push(name);
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now--;
    return act();
  };
  await world.minute();
  expect([most, new Set(order).size]).toEqual([10, 35]);
  const first = Number(order[0]?.slice(1));
  order.length = 0;
  await world.minutes(1);
  expect(order[0]).toBe(`t${(first + 1) % 35}`);
  expect(world.now).toBe(NOW + MINUTE_MS);
});

test('a gateway without targets is looked after too', async () => {
  const world = new KeeperWorld({});
  await world.minute();
  expect(world.metric('OpenBreakers')).toBe(0);
  expect(world.lines).toEqual([]);
});
