import { BREAKER_TAG, GONE_TAG } from '../../../lib/contract/breaker';
import { answers, HOUR_MS, KeeperWorld, keeperTarget, MINUTE_MS, NOW } from '../support/keeper';
import { conflict, failing, opened } from './worlds';

describe('a healthy target', () => {
  test('costs no call that changes anything', async () => {
    const world = new KeeperWorld();
    world.billing.put('m1', 5).attempted(1_000, 20);
    await world.minutes(5);
    expect(world.calls).toEqual([]);
    expect(world.lines).toEqual([]);
  });

  test('that has nothing to deliver costs no question to CloudWatch', async () => {
    const world = new KeeperWorld();
    await world.minutes(5);
    expect(world.queries).toEqual([]);
  });

  test('has in its tag since when its queue is not empty, once that is long', async () => {
    const world = new KeeperWorld();
    await world.minutes(1);
    const emptyAt = world.now;
    world.billing.put('m1', 0, {}, world.now);
    await world.minutes(9);
    expect(world.billing.state).toBeUndefined();
    await world.minutes(20);
    expect(world.billing.state).toEqual({ phase: 'closed', since: 0, emptyAt });
    expect(world.calls).toEqual(['tag billing']);
  });
});

describe('a target that fails for long', () => {
  test('row 35: has its mapping paused, after the tag was written', async () => {
    const world = failing();
    await world.minute();
    expect(world.calls).toEqual(['tag billing', 'setMapping billing']);
    expect(world.billing.mapping).toBe('Disabled');
    expect(world.billing.state).toEqual({ phase: 'open', since: NOW, cause: 'unavailable', emptyAt: NOW });
    expect(world.lines).toEqual([{
      time: '2026-01-02T03:04:05.000Z', event: 'breaker', target: 'billing', state: 'open', cause: 'unavailable',
      detail: '20 of 20 attempts of late found it unavailable',
    }]);
    expect(world.metric('OpenBreakers')).toBe(1);
  });

  test('row 61: so does one whose dead letters were moved back, for a command to see in the tag', async () => {
    const world = new KeeperWorld();
    for (let index = 0; index < 100; index++) world.billing.put(`redriven ${index}`, 60);
    await world.minute();
    expect(world.billing.state).toBeUndefined();
    world.billing.attempted(40, 40, 0);
    await world.minute();
    expect(world.billing.tags[BREAKER_TAG]).toMatch(/^open since=2026-01-02T03:04:05\.000Z cause=unavailable /);
    expect(world.billing.messages).toHaveLength(100);
  });

  test.each([
    ['attempts that are too old', (world: KeeperWorld) => { world.billing.points = {}; world.billing.attempted(50, 50, 11); }],
    ['attempts from before it closed', (world: KeeperWorld) => { world.billing.was({ phase: 'closed', since: NOW - MINUTE_MS }); }],
  ])('is no such target by %s', async (_what, spoil) => {
    const world = failing();
    spoil(world);
    await world.minute();
    expect(world.billing.mapping).toBe('Enabled');
    expect(world.phases).toEqual([]);
  });

  test('is left alone where the template keeps its mapping off', async () => {
    const world = new KeeperWorld({ billing: keeperTarget('billing', { enabled: false }) });
    world.billing.put('m1', 600).attempted(20, 20).was({ phase: 'open', since: NOW - HOUR_MS, cause: 'unavailable', emptyAt: NOW });
    world.billing.mapping = 'Disabled';
    await world.minute();
    expect(world.calls).toEqual([]);
    expect(world.lines).toEqual([]);
    expect(world.metric('OpenBreakers')).toBe(0);
  });

  test('is paused in the next minute where Lambda is changing its mapping already', async () => {
    const world = failing();
    world.failing['setMapping'] = conflict;
    await world.minute();
    expect([world.billing.state?.phase, world.billing.mapping, world.warnings]).toEqual(['open', 'Enabled', ['mapping-failed']]);
    delete world.failing['setMapping'];
    await world.minutes(1);
    expect(world.billing.mapping).toBe('Disabled');
  });

  test('is not paused without a tag that says so', async () => {
    const world = failing();
    world.failing['tag'] = new Error('denied');
    await world.minute();
    expect(world.billing.mapping).toBe('Enabled');
    expect(world.calls).toEqual(['tag billing']);
  });
});

describe('row 33: a target that wants no more', () => {
  function flagged(): KeeperWorld {
    const world = new KeeperWorld();
    world.billing.put('m1', 60).put('m2', 30);
    world.billing.tags[GONE_TAG] = new Date(NOW - 1_000).toISOString();
    world.billing.answer = answers(410);
    return world;
  }

  test('is paused, and the note is taken away after', async () => {
    const world = flagged();
    await world.minute();
    expect(world.calls).toEqual(['tag billing', 'setMapping billing', 'untag billing']);
    expect([world.billing.state?.cause, world.billing.mapping, world.billing.tags[GONE_TAG]]).toEqual(['gone', 'Disabled', undefined]);
  });

  test('is tried with one event at a time, and stays paused also when its queue is empty', async () => {
    const world = flagged();
    await world.minutes(1);
    await world.minutes(1);
    expect(world.billing.messages.map(({ id }) => id)).toEqual(['m2']);
    await world.minutes(30);
    expect(world.billing.messages).toEqual([]);
    expect([world.billing.state?.cause, world.billing.mapping]).toEqual(['gone', 'Disabled']);
    world.calls.length = 0;
    await world.minutes(30);
    expect(world.calls).toEqual([]);
    world.billing.mapping = 'Enabled';
    await world.minutes(1);
    expect(world.billing.mapping).toBe('Disabled');
  });

  test('is taken up when it takes events again', async () => {
    const world = flagged();
    await world.minute();
    world.billing.answer = answers(200);
    await world.minutes(1);
    expect([world.billing.state?.phase, world.billing.mapping]).toEqual(['closed', 'Enabled']);
  });

  test('is known by a probe, where its breaker is open for another reason', async () => {
    const world = opened();
    world.billing.put('m2', 60);
    world.billing.answer = answers(410);
    await world.minute();
    expect(world.billing.messages.map(({ id }) => id)).toEqual(['m2']);
    expect(world.billing.state).toMatchObject({ phase: 'open', cause: 'gone' });
  });

  test('is paused again in the next minute, where the note cannot be taken away', async () => {
    const world = flagged();
    world.failing['untag'] = new Error('denied');
    await world.minute();
    expect([world.billing.state?.cause, world.warnings]).toEqual(['gone', ['tag-failed']]);
  });
});

describe('a mapping that a person turned off', () => {
  test('stays off, and is told of at first and every hour', async () => {
    const world = failing();
    world.billing.mapping = 'Disabled';
    await world.minutes(120);
    expect(world.billing.mapping).toBe('Disabled');
    expect(world.billing.state?.phase).toBe('closed');
    expect(world.warnings).toEqual(['mapping-off', 'mapping-off']);
    expect(world.lines).toMatchObject([{ target: 'billing' }, { target: 'billing' }]);
  });

  test('is told of again when it is turned off again', async () => {
    const world = new KeeperWorld();
    world.billing.put('m1', 60);
    world.billing.mapping = 'Disabled';
    await world.minutes(2);
    world.billing.mapping = 'Enabled';
    await world.minutes(1);
    world.billing.mapping = 'Disabled';
    await world.minutes(1);
    expect(world.warnings).toEqual(['mapping-off', 'mapping-off']);
  });
});
