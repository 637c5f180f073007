import fc from 'fast-check';
import { AwsCallError } from '../../../lambda/shared/aws-error';
import { answers, DAY, HOUR_MS, type KeeperWorld, MINUTE_MS, NOW } from '../support/keeper';
import { conflict, failing, opened } from './worlds';

describe('an open breaker', () => {
  test('row 35: tries the target with different messages and puts them back', async () => {
    const world = opened();
    for (let index = 2; index < 6; index++) world.billing.put(`m${index}`, 60);
    await world.minute();
    const three = <Item>(item: Item): Item[] => [item, item, item];
    expect(world.calls).toEqual(['tag billing', ...three('probe billing'), ...three('changeVisibility billing')]);
    expect(world.tried).toEqual(['m1', 'm2', 'm3']);
    expect(world.billing.messages).toHaveLength(5);
    expect(world.billing.state).toEqual({ phase: 'open', since: NOW - HOUR_MS, cause: 'unavailable', probedAt: NOW, emptyAt: NOW - 2 * HOUR_MS });
    expect(world.lines).toMatchObject([
      { event: 'breaker', state: 'half-open' }, { event: 'breaker', state: 'open', detail: 'an attempt ended with status 503' },
    ]);
  });

  test('hands a message to the delivery function as Lambda does', async () => {
    const world = opened();
    world.billing.messages = [];
    world.billing.put('m1', 600, { attributes: { MessageGroupId: 'g', SenderId: 'AROAX' }, body: '{}' });
    const events: unknown[] = [];
    world.billing.answer = (event) => { events.push(event); return { batchItemFailures: [{ itemIdentifier: 'm1' }], attempts: [] }; };
    await world.minute();
    expect(events).toEqual([{
      probe: true,
      Records: [{
        messageId: 'm1', receiptHandle: 'm1 1', body: '{}', messageAttributes: {}, md5OfBody: '', eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:eu-west-1:1:billing', awsRegion: 'eu-west-1',
        attributes: { MessageGroupId: 'g', SenderId: 'AROAX', SentTimestamp: String(NOW - 600_000), ApproximateReceiveCount: '1' },
      }],
    }]);
  });

  test('closes when the target answers: the event is done with, the mapping is on', async () => {
    const world = opened();
    world.billing.answer = answers(200);
    world.billing.put('m2', 60);
    await world.minute();
    expect(world.billing.messages.map(({ id }) => id)).toEqual(['m2']);
    expect(world.billing.mapping).toBe('Enabled');
    expect(world.billing.state).toEqual({ phase: 'closed', since: NOW, emptyAt: NOW - 2 * HOUR_MS });
    expect(world.phases).toEqual(['half-open', 'closed']);
    expect(world.calls).toEqual(['tag billing', 'probe billing', 'deleteMessage billing', 'tag billing', 'setMapping billing', 'tag billing']);
    expect(world.metric('OpenBreakers')).toBe(0);
  });

  test('closes by an answer that is no success, and keeps the event', async () => {
    const world = opened();
    world.billing.answer = answers(404);
    await world.minute();
    expect(world.billing.messages).toMatchObject([{ id: 'm1', visibleAt: NOW }]);
    expect(world.billing.state?.phase).toBe('closed');
  });

  test.each<[string, unknown]>([
    ['nothing', undefined], ['null', null], ['success without a list', {}], ['a list of nothing known', { batchItemFailures: [], attempts: 'none' }],
  ])('keeps an event of which the delivery function answers %s', async (_what, answer) => {
    const world = opened();
    world.billing.answer = () => answer;
    await world.minute();
    expect(world.billing.messages).toHaveLength(1);
    expect(world.billing.state?.phase).toBe('open');
  });

  test('stays open where no attempt came of the probe', async () => {
    const world = opened();
    world.billing.answer = () => ({ batchItemFailures: [{ itemIdentifier: 'm1' }], attempts: [] });
    await world.minute();
    expect([world.billing.state?.phase, world.phases]).toEqual(['open', ['half-open', 'open']]);
  });

  test('leaves a message hidden that the delivery function may still be at', async () => {
    const world = opened();
    world.billing.answer = () => Promise.reject(new AwsCallError('lambda POST', 'timeout', 'ABORT_ERR'));
    await world.minute();
    expect(world.billing.messages).toMatchObject([{ id: 'm1', visibleAt: NOW + 180_000 }]);
    expect(world.billing.state?.phase).toBe('open');
  });

  test('waits with its probe where all events are in flight', async () => {
    const world = opened();
    world.billing.messages.forEach((message) => { message.visibleAt = NOW + HOUR_MS; });
    await world.minute();
    expect(world.calls).toEqual([]);
    expect(world.phases).toEqual([]);
  });

  test('closes where nothing is left to deliver', async () => {
    const world = opened();
    world.billing.messages = [];
    await world.minute();
    expect([world.billing.state?.phase, world.billing.mapping]).toEqual(['closed', 'Enabled']);
  });

  test('row 35: is kept by a new environment, from the tag alone', async () => {
    const world = failing();
    await world.minute();
    world.restart();
    await world.minutes(1);
    expect(world.billing.state).toMatchObject({ phase: 'open', since: NOW, probedAt: NOW + MINUTE_MS });
    world.restart();
    world.billing.answer = answers(204);
    await world.minutes(1);
    expect([world.billing.state?.phase, world.billing.mapping]).toEqual(['closed', 'Enabled']);
  });

  test('row 35: is put back after a deployment that enabled the mapping', async () => {
    const world = opened();
    world.billing.was({ ...world.billing.state!, probedAt: NOW });
    world.billing.mapping = 'Enabled';
    await world.minute();
    expect(world.calls).toEqual(['setMapping billing']);
    expect([world.billing.state?.phase, world.billing.mapping]).toEqual(['open', 'Disabled']);
    expect(world.lines).toMatchObject([{ event: 'breaker', state: 'open', detail: 'the event source mapping was enabled, and is paused' }]);
  });

  test('is taken up after a conflict, and not for a person\'s doing meanwhile', async () => {
    const world = opened();
    world.billing.answer = answers(200);
    world.failing['setMapping'] = conflict;
    await world.minutes(3);
    expect([world.billing.state?.phase, world.billing.mapping]).toEqual(['half-open', 'Disabled']);
    expect(world.calls.filter((call) => call.startsWith('probe'))).toHaveLength(1);
    expect(world.metric('OpenBreakers')).toBe(1);
    world.restart();
    delete world.failing['setMapping'];
    await world.minutes(1);
    expect([world.billing.state?.phase, world.billing.mapping]).toEqual(['closed', 'Enabled']);
    expect(new Set(world.warnings)).toEqual(new Set(['mapping-failed']));
  });

  test('asks Lambda anew where a mapping is being updated, by whomever', async () => {
    const world = opened();
    world.billing.was({ phase: 'half-open', since: NOW - MINUTE_MS });
    world.billing.mapping = 'Updating';
    await world.minute();
    expect(world.calls).toEqual(['setMapping billing', 'tag billing']);
    expect([world.billing.state?.phase, world.billing.mapping]).toEqual(['closed', 'Enabled']);
  });

  test('of a person is neither tried nor closed, and pauses the mapping', async () => {
    const world = opened();
    world.billing.was({ phase: 'open', since: NOW - HOUR_MS, cause: 'person' });
    world.billing.mapping = 'Enabled';
    await world.minutes(120);
    expect(world.calls.filter((call) => call.startsWith('probe'))).toEqual([]);
    expect([world.billing.state?.cause, world.billing.mapping]).toEqual(['person', 'Disabled']);
    expect(world.metric('OpenBreakers')).toBe(0);
    world.failing['tags'] = conflict;
    await world.minutes(1);
    expect(world.metric('OpenBreakers')).toBe(0);
  });

  test.each([['gone', 1], ['unavailable', 1], ['person', 0]] as const)('by cause %s counts %d in the metric of targets that fail', async (cause, count) => {
    const world = opened();
    world.billing.was({ ...world.billing.state!, cause, probedAt: NOW });
    await world.minute();
    expect(world.metric('OpenBreakers')).toBe(count);
  });

  describe('row 35: leaves what a person decides in the midst of it', () => {
    const by = (world: KeeperWorld, wanted: string, decide: () => void): void => {
      let left = Number(wanted.split(' ')[1] ?? 1);
      world.around = async (call, _target, act) => {
        const result = await act();
        if (call === wanted.split(' ')[0] && --left === 0) decide();
        return result;
      };
    };
    const paused = (world: KeeperWorld) => () => {
      world.billing.was({ phase: 'open', since: world.billing.state!.since, cause: 'person' });
      world.billing.mapping = 'Disabled';
    };

    test.each(['mappingState', 'receive', 'tag', 'probe', 'deleteMessage', 'tag 2', 'setMapping'])('a pause after its %s', async (call) => {
      const world = opened();
      world.billing.answer = answers(200);
      world.billing.put('m2', 60);
      by(world, call, paused(world));
      await world.minute();
      expect([world.billing.state, world.billing.mapping]).toEqual([{ phase: 'open', since: expect.any(Number), cause: 'person' }, 'Disabled']);
      expect(world.lines.at(-1)).toMatchObject({ event: 'breaker', state: 'open', cause: 'person', detail: expect.stringContaining('somebody else') });
      expect(world.metric('OpenBreakers')).toBe(0);
      await world.minutes(60);
      expect(world.billing.messages.length).toBeGreaterThan(0);
      expect([world.billing.state?.cause, world.billing.mapping]).toEqual(['person', 'Disabled']);
    });

    test('a pause while the mapping is to be enabled again', async () => {
      const world = opened();
      world.billing.was({ phase: 'half-open', since: NOW - MINUTE_MS });
      by(world, 'mappingState', paused(world));
      await world.minute();
      expect(world.calls).toEqual([]);
      expect(world.billing.state?.cause).toBe('person');
    });

    test('a pause of a target that was about to be paused', async () => {
      const world = failing();
      by(world, 'mappingState', () => { world.billing.was({ phase: 'open', since: NOW, cause: 'person' }); });
      await world.minute();
      expect(world.billing.state).toEqual({ phase: 'open', since: NOW, cause: 'person' });
      expect(world.billing.mapping).toBe('Disabled');
    });

    test.each([503, 410])('a resumption after a probe that ends with %d', async (status) => {
      const world = opened();
      world.billing.answer = answers(status);
      world.billing.put('m2', 5 * DAY);
      by(world, 'probe', () => {
        world.billing.was({ phase: 'half-open', since: NOW });
        world.billing.mapping = 'Enabled';
      });
      await world.minute();
      expect([world.billing.state, world.billing.mapping]).toEqual([{ phase: 'half-open', since: NOW }, 'Enabled']);
      expect(world.billing.deadLetters).toEqual([]);
      world.billing.answer = answers(200);
      await world.minutes(1);
      expect(world.billing.state?.phase).toBe('closed');
    });
  });

  test('always closes when the target answers, whatever goes wrong before', async () => {
    const calls = ['queue', 'tags', 'tag', 'receive', 'changeVisibility', 'deleteMessage', 'mappingState', 'setMapping', 'probe', 'metricData'];
    await fc.assert(fc.asyncProperty(fc.array(fc.subarray(calls), { maxLength: 8 }), fc.boolean(), async (plan, restart) => {
      const world = failing();
      await world.minute();
      world.billing.points = {};
      world.billing.answer = answers(200);
      for (const fails of plan) {
        fails.forEach((call) => { world.failing[call] = new AwsCallError(call, 'unavailable', 'InternalError', 500); });
        await world.minutes(1);
        fails.forEach((call) => { delete world.failing[call]; });
        if (restart) world.restart();
      }
      await world.minutes(40);
      expect([world.billing.state?.phase, world.billing.mapping]).toEqual(['closed', 'Enabled']);
    }), { numRuns: 60 });
  });
});
