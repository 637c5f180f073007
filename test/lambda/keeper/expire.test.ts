import fc from 'fast-check';
import type { BreakerState } from '../../../lib/contract/breaker';
import { AwsCallError } from '../../../lambda/shared/aws-error';
import { expiryAgeMs, expiryIntervalMs, type ExpiryFacts } from '../../../lambda/keeper/expire';
import { answers, DAY, HOUR_MS, KeeperWorld, keeperTarget, MINUTE_MS, NOW } from '../support/keeper';

const WINDOW = 4 * DAY;
/** An attempt may come by the longest pause and a visibility timeout after the window. */
const LAST_ATTEMPT_MS = WINDOW * 1_000 + 1.2 * HOUR_MS + 180_000;
const open: BreakerState = { phase: 'open', since: NOW - 5 * DAY * 1_000, cause: 'unavailable', probedAt: NOW, emptyAt: NOW - 6 * DAY * 1_000 };

function paused(state: BreakerState | null = open, world = new KeeperWorld()): KeeperWorld {
  if (state) world.billing.was(state);
  world.billing.mapping = 'Disabled';
  world.billing.answer = answers(503);
  return world;
}

describe('the age at which the keeper gives up', () => {
  const facts: ExpiryFacts = { now: NOW, emptyAt: NOW - 5 * DAY * 1_000, paused: false, state: undefined, target: keeperTarget('billing') };

  test.each<[string, Partial<ExpiryFacts>, number | undefined]>([
    ['is the window while nobody delivers', { paused: true }, WINDOW * 1_000],
    ['is the window while nobody delivers, however short that has been', { paused: true, emptyAt: NOW }, WINDOW * 1_000],
    ['is that of a last attempt otherwise', {}, LAST_ATTEMPT_MS],
    ['is not reached by anything, in a queue that was empty since', { emptyAt: NOW - LAST_ATTEMPT_MS }, undefined],
    ['is reached just after', { emptyAt: NOW - LAST_ATTEMPT_MS - 1 }, LAST_ATTEMPT_MS],
    ['waits for three pauses after a breaker closed', { state: { phase: 'closed', since: NOW - 3.6 * HOUR_MS - 180_000 } }, undefined],
    ['waits no longer', { state: { phase: 'closed', since: NOW - 3.6 * HOUR_MS - 180_001 } }, LAST_ATTEMPT_MS],
  ])('%s', (_what, difference, age) => {
    expect(expiryAgeMs({ ...facts, ...difference })).toBe(age);
  });

  test.each([[60, 1], [4 * DAY, 1], [10 * DAY, 2.4]])('of %d seconds is looked for every %d hours', (seconds, hours) => {
    expect(expiryIntervalMs(seconds)).toBe(hours * HOUR_MS);
  });
});

describe('row 35: what outlives the window while the breaker is open', () => {
  test('is a dead letter that says so, and no longer in the queue', async () => {
    const world = paused();
    world.billing.put('m1', WINDOW + 1, { receives: 41 }).put('m2', WINDOW - 1);
    await world.minute();
    expect(world.billing.messages.map(({ id }) => id)).toEqual(['m2']);
    const detail = 'not delivered within 345600 seconds: the target has not answered since 2025-12-28T03:04:05.000Z';
    expect(world.billing.deadLetters).toEqual([{
      body: expect.stringContaining('"id":"evt_m1"'),
      attributes: {
        Reason: 'expired', Detail: detail, Attempts: '42', Target: 'billing', DeadLetteredAt: '2026-01-02T03:04:05.000Z', EnqueuedAt: '2025-12-29T03:04:04.000Z',
      },
    }]);
    expect(world.lines).toEqual([{
      time: '2026-01-02T03:04:05.000Z', event: 'dead-lettered', id: 'evt_m1', source: 'stripe', target: 'billing', attempts: 42, status: null, reason: 'expired', detail,
    }]);
    expect(world.metric('DeadLetters', 'billing')).toBe(1);
  });

  test('is deleted only after the dead-letter queue has it', async () => {
    const world = paused();
    world.billing.put('m1', WINDOW + 1);
    await world.minute();
    expect(world.calls).toEqual(['sendDeadLetter billing', 'deleteMessage billing']);
  });

  test.each<[string, BreakerState | null, string]>([
    ['a target that wants no more', { ...open, cause: 'gone' }, 'the target has said that it wants no more events since 2025-12-28T03:04:05.000Z'],
    ['a pause by a person', { ...open, cause: 'person' }, 'a person has paused the target since 2025-12-28T03:04:05.000Z'],
    ['a mapping that a person turned off', null, 'the event source mapping of the target is disabled'],
  ])('is explained by %s', async (_what, state, explanation) => {
    const world = paused(state);
    world.billing.put('m1', WINDOW + 1);
    await world.minute();
    expect(world.billing.deadLetters[0]?.attributes['Detail']).toBe(`not delivered within 345600 seconds: ${explanation}`);
  });

  test('is also what waits for a target that is not enabled', async () => {
    const world = paused(null, new KeeperWorld({ billing: keeperTarget('billing', { enabled: false }) }));
    world.billing.put('m1', WINDOW + 1);
    await world.minute();
    expect(world.billing.deadLetters).toHaveLength(1);
    expect(world.warnings).toEqual([]);
  });

  test('is a message of any content, named by itself', async () => {
    const world = paused();
    world.billing.put('m1', WINDOW + 1, { body: 'no envelope' }).put('m2', WINDOW + 1, { body: 'null' }).put('m3', WINDOW + 1, { body: '{"id":1,"source":"x"}' });
    await world.minute();
    expect(world.lines).toMatchObject(['m1', 'm2', 'm3'].map((id) => ({ id, source: 'unknown' })));
    expect(world.billing.deadLetters.map(({ body }) => body)).toEqual(['no envelope', 'null', '{"id":1,"source":"x"}']);
  });

  test('keeps its group in a FIFO queue', async () => {
    const fifo = keeperTarget('billing', { deadLetterQueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/billing-dead.fifo' });
    const world = paused(open, new KeeperWorld({ billing: fifo }));
    world.billing.put('m1', WINDOW + 1, { attributes: { MessageGroupId: 'abc' } });
    await world.minute();
    expect(world.billing.deadLetters[0]?.order).toEqual({ groupId: 'abc', deduplicationId: 'm1' });
  });

  describe('row 49: in a FIFO queue', () => {
    const fifo = keeperTarget('billing', { deadLetterQueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/billing-dead.fifo' });
    const groups = (...members: [id: string, group: string][]): KeeperWorld => {
      const world = paused(open, new KeeperWorld({ billing: fifo }));
      for (const [id, group] of members) world.billing.put(id, WINDOW + 1, { attributes: { MessageGroupId: group } });
      return world;
    };
    const four = () => groups(['m1', 'a'], ['m2', 'a'], ['m3', 'a'], ['m4', 'a'], ['n1', 'b']);
    const sent = (world: KeeperWorld) => world.billing.deadLetters.map(({ order }) => order?.deduplicationId);

    test('keeps the order of its group, however slow the first is', async () => {
      const world = four();
      let sends = 0;
      world.around = async (call, _target, act) => {
        if (call === 'sendDeadLetter' && ++sends === 1) await new Promise((resolve) => { setTimeout(resolve, 20); });
        return act();
      };
      await world.minute();
      expect(sent(world).filter((id) => id?.startsWith('m'))).toEqual(['m1', 'm2', 'm3', 'm4']);
      expect(sent(world)).toHaveLength(5);
    });

    test('waits behind one of its group that could not be moved, and others do not', async () => {
      const world = four();
      const order: (string | undefined)[] = [];
      let works = false;
      world.around = async (call, _target, act) => {
        if (call === 'sendDeadLetter' && !works && sent(world).includes('m1')) {
          works = sent(world).includes('n1');
          throw new AwsCallError('sqs SendMessage', 'timeout', 'ABORT_ERR');
        }
        return act();
      };
      world.billing.messages.unshift(...world.billing.messages.splice(4));
      await world.minute();
      order.push(...sent(world));
      expect(order).toEqual(['n1', 'm1']);
      expect(world.warnings).toEqual(['dead-letter-failed']);
      expect(world.metric('OldestUndelivered', 'billing')).toBeGreaterThan(WINDOW);
      await world.minutes(1);
      expect(sent(world)).toEqual(['n1', 'm1', 'm2', 'm3', 'm4']);
    });

    test('waits for the next minute where the time is over', async () => {
      const world = four();
      world.remainingMs = () => sent(world).length > 2 ? 15_000 : 55_000;
      await world.minute();
      expect(sent(world)).toEqual(['m1', 'n1', 'm2']);
      world.remainingMs = () => 55_000;
      await world.minutes(1);
      expect(sent(world)).toEqual(['m1', 'n1', 'm2', 'm3', 'm4']);
    });

    test('waits for the next minute where it may soon be visible again', async () => {
      const world = groups(['m1', 'a'], ['m2', 'a'], ['m3', 'a'], ['m4', 'a']);
      world.around = async (call, _target, act) => {
        if (call === 'sendDeadLetter') world.now += 8_000;
        return act();
      };
      await world.minute();
      expect(sent(world)).toEqual(['m1', 'm2', 'm3']);
      expect(world.metric('OldestUndelivered', 'billing')).toBeGreaterThan(WINDOW);
      await world.minutes(1);
      expect(sent(world)).toEqual(['m1', 'm2', 'm3', 'm4']);
    });
  });

  test('has no order in a standard queue, also where its message has a group', async () => {
    const world = paused();
    world.billing.put('m1', WINDOW + 1, { attributes: { MessageGroupId: 'abc' } });
    await world.minute();
    expect(world.billing.deadLetters[0]?.order).toBeUndefined();
  });

  test('is kept where the dead-letter queue does not take it, and moved in the next minute', async () => {
    const world = paused();
    world.billing.put('m1', WINDOW + 1);
    world.failing['sendDeadLetter'] = new AwsCallError('sqs SendMessage', 'unavailable', 'InternalError', 500);
    await world.minute();
    expect([world.billing.messages.length, world.calls, world.warnings]).toEqual([1, ['sendDeadLetter billing'], ['dead-letter-failed']]);
    delete world.failing['sendDeadLetter'];
    await world.minutes(1);
    expect([world.billing.messages.length, world.billing.deadLetters.length]).toEqual([0, 1]);
  });

  test('comes again where it could not be deleted', async () => {
    const world = paused();
    world.billing.put('m1', WINDOW + 1);
    world.failing['deleteMessage'] = new Error('denied');
    await world.minute();
    expect([world.billing.messages.length, world.billing.deadLetters.length, world.warnings]).toEqual([1, 1, ['delete-failed']]);
  });

  test('is found behind younger ones, as far as five batches', async () => {
    const world = paused();
    for (let index = 0; index < 49; index++) world.billing.put(`young ${index}`, 60);
    for (let index = 0; index < 15; index++) world.billing.put(`old ${index}`, WINDOW + 1);
    for (let index = 0; index < 60; index++) world.billing.put(`young, too ${index}`, 60);
    world.billing.put('too far behind', WINDOW + 1);
    await world.minute();
    expect(world.billing.deadLetters).toHaveLength(15);
  });

  test('is looked for every hour, and again in the next minute where the time was over', async () => {
    const world = paused();
    world.billing.put('m1', 60);
    await world.minutes(1);
    for (let index = 0; index < 25; index++) world.billing.put(`old ${index}`, WINDOW + 1);
    await world.minutes(59);
    expect(world.billing.deadLetters).toHaveLength(0);
    let receives = 0;
    world.remainingMs = () => receives++ > 3 ? 15_000 : 55_000;
    await world.minutes(1);
    expect(world.billing.deadLetters.length).toBeGreaterThan(0);
    expect(world.billing.deadLetters.length).toBeLessThan(25);
    world.remainingMs = () => 55_000;
    await world.minutes(1);
    expect(world.billing.deadLetters).toHaveLength(25);
  });
});

test('nothing is given up of a target that a person has resumed while others were looked after', async () => {
  const world = paused({ ...open, cause: 'person' });
  world.billing.put('m1', WINDOW + 1);
  world.around = async (call, _target, act) => {
    const result = await act();
    if (call === 'mappingState') world.billing.was({ phase: 'half-open', since: NOW });
    return result;
  };
  await world.minute();
  expect([world.billing.messages.length, world.billing.deadLetters]).toEqual([1, []]);
});

describe('what outlives the window though its mapping is on', () => {
  const longAgo: BreakerState = { phase: 'closed', since: NOW - 6 * DAY * 1_000, emptyAt: NOW - 6 * DAY * 1_000 };

  test('is moved once its last attempt is overdue', async () => {
    const world = new KeeperWorld();
    world.billing.was(longAgo).put('overdue', LAST_ATTEMPT_MS / 1_000 + 1).put('not yet', WINDOW + 1);
    await world.minute();
    expect(world.billing.messages.map(({ id }) => id)).toEqual(['not yet']);
    expect(world.billing.deadLetters[0]?.attributes['Detail']).toBe('not delivered within 345600 seconds, and for longer than its last attempt should have taken, '
      + 'though the event source mapping is enabled');
  });

  test('has another chance after the breaker closed', async () => {
    const world = new KeeperWorld();
    world.billing.was({ ...longAgo, since: NOW - HOUR_MS }).put('m1', LAST_ATTEMPT_MS / 1_000 + 1);
    await world.minute();
    expect(world.billing.deadLetters).toEqual([]);
    await world.minutes(180);
    expect(world.billing.deadLetters).toHaveLength(1);
  });

  test('is looked for every hour at most, because it hides events from the mapping', async () => {
    const world = new KeeperWorld();
    world.billing.was(longAgo).put('m1', 60);
    await world.minutes(120);
    expect(world.billing.messages).toMatchObject([{ receives: 2 }]);
  });
});

test('nothing is lost, and nothing given up before its time, whatever fails', async () => {
  const ages = fc.array(fc.integer({ min: 0, max: 2 * WINDOW }), { minLength: 1, maxLength: 40 });
  const plan = fc.array(fc.subarray(['receive', 'sendDeadLetter', 'deleteMessage', 'queue', 'tags', 'tag']), { maxLength: 6 });
  await fc.assert(fc.asyncProperty(ages, plan, async (seconds, failures) => {
    const world = paused();
    seconds.forEach((age, index) => world.billing.put(`m${index}`, age));
    for (const fails of failures) {
      fails.forEach((call) => { world.failing[call] = new AwsCallError(call, 'throttled', 'ThrottlingException', 400); });
      await world.minutes(1);
      fails.forEach((call) => { delete world.failing[call]; });
    }
    await world.minutes(70);
    const dead = new Set(world.billing.deadLetters.map(({ body }) => (JSON.parse(body) as { id: string }).id));
    const waiting = new Set(world.billing.messages.map(({ id }) => `evt_${id}`));
    for (const [index, age] of seconds.entries()) {
      expect(dead.has(`evt_m${index}`) || waiting.has(`evt_m${index}`)).toBe(true);
      if (age <= WINDOW - world.now / 1_000 + NOW / 1_000) expect(dead.has(`evt_m${index}`)).toBe(age > WINDOW);
      if (age > WINDOW) expect([dead.has(`evt_m${index}`), waiting.has(`evt_m${index}`)]).toEqual([true, false]);
    }
    expect(world.now - NOW).toBeGreaterThanOrEqual(70 * MINUTE_MS);
  }), { numRuns: 50 });
});
