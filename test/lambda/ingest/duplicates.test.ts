import type { LogLine } from '../../../lib/contract/log';
import type { Scheme } from '../../../lib/contract/scheme';
import { AwsCallError } from '../../../lambda/shared/aws-error';
import { githubPost, ingestConfig, NOW, source } from '../support/ingest';
import { noise, QUEUES, recorded, recordedConfig } from '../support/recorded';

const idOf = (lines: readonly LogLine[]): string => lines.flatMap((line) => line.event === 'accepted' ? [line.id] : [])[0]!;
const accepted = (lines: readonly LogLine[]) => lines.flatMap((line) => line.event === 'accepted' ? [[line.targets, line.duplicate]] : []);
const down = new AwsCallError('dynamodb GetItem', 'unavailable', 'InternalServerError', 500);

test('row 7: an event that comes again is accepted, and goes nowhere', async () => {
  const gateway = recorded();
  expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
  expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
  expect(gateway.taken).toEqual(QUEUES);
  expect(accepted(gateway.lines)).toEqual([[QUEUES, false], [[], true]]);
  expect(gateway.metrics.map(({ Accepted, Duplicates }) => [Accepted, Duplicates])).toEqual([[1, undefined], [undefined, 1]]);
});

test('row 7: a redelivery that counts its attempts in the body is the same event', async () => {
  const scheme: Scheme = { kind: 'open', name: 'open', id: [{ json: '$.id' }], volatile: ['$.attempt'] };
  const gateway = recorded({ config: { ...recordedConfig(), sources: { github: { ...source(scheme, 'github') } } } });
  for (const attempt of [1, 2, 3]) expect(await gateway.post(githubPost(JSON.stringify({ id: 'e1', attempt })))).toEqual({ statusCode: 200 });
  expect(accepted(gateway.lines)).toEqual([[QUEUES, false], [[], true], [[], true]]);
  expect(JSON.parse(gateway.bodies[0]!)).toMatchObject({ body: '{"id":"e1","attempt":1}' });
});

test('an event of a sender without ids is never looked up, and each one is an event of its own', async () => {
  const scheme = { kind: 'open', name: 'open' } as const;
  const gateway = recorded({ config: { ...recordedConfig(), sources: { github: { ...source(scheme, 'github') } } } });
  await gateway.post(githubPost());
  await gateway.post(githubPost());
  expect(gateway.taken).toEqual([...QUEUES, ...QUEUES]);
  expect(gateway.table.calls).toEqual(['update', 'update']);
  expect([...gateway.table.rows.values()].map(({ unverified }) => unverified)).toEqual([true, true]);
});

test('row 15, row 18: two requests at once are both answered 2xx, and cost one extra copy of the same id', async () => {
  const gateway = recorded();
  const answers = await Promise.all([gateway.post(githubPost()), gateway.post(githubPost())]);
  expect(answers).toEqual([{ statusCode: 200 }, { statusCode: 200 }]);
  expect(gateway.taken.sort()).toEqual([...QUEUES, ...QUEUES].sort());
  expect(new Set(gateway.bodies.map((body) => (JSON.parse(body) as { id: string }).id)).size).toBe(1);
  expect(gateway.table.rows.size).toBe(1);
  await gateway.post(githubPost());
  expect(gateway.taken).toHaveLength(2 * QUEUES.length);
});

describe('row 16: another body under the same id', () => {
  const other = githubPost('{"action":"closed"}');

  test('is an event of its own, which is delivered, kept and flagged', async () => {
    const gateway = recorded();
    await gateway.post(githubPost());
    expect(await gateway.post(other)).toEqual({ statusCode: 200 });
    expect(accepted(gateway.lines)).toEqual([[QUEUES, false], [QUEUES, false]]);
    const [first, second] = [...gateway.table.rows.values()];
    expect([first, second].map((row) => [row?.['sk'], String(row?.['body'])])).toEqual([['EVENT', githubPost().body], ['EVENT', other.body]]);
    expect(second).toMatchObject({ id: expect.stringMatching(/^evt_[a-z2-7]{26}$/), collidesWith: first?.['id'], providerId: first?.['providerId'] });
    // The receiver knows events by their ids.
    expect(gateway.bodies.map((message) => (JSON.parse(message) as { id: string }).id)).toEqual([...QUEUES.map(() => first?.['id']), ...QUEUES.map(() => second?.['id'])]);
    expect(second?.['id']).not.toBe(first?.['id']);
    expect(gateway.lines).toContainEqual(expect.objectContaining({ event: 'warning', code: 'id-collision' }));
    expect(gateway.metrics.map(({ Accepted, IdCollisions }) => [Accepted, IdCollisions])).toEqual([[1, undefined], [1, 1]]);
  });

  test('and comes again: it is a duplicate, too', async () => {
    const gateway = recorded();
    for (const post of [githubPost(), other, other, githubPost()]) await gateway.post(post);
    expect(accepted(gateway.lines)).toEqual([[QUEUES, false], [QUEUES, false], [[], true], [[], true]]);
    expect(gateway.lines.filter(({ event }) => event === 'warning')).toHaveLength(1);
  });

  test.each([
    ['at the same time as the first', async (gateway: ReturnType<typeof recorded>) => {
      await Promise.all([gateway.post(githubPost()), gateway.post(other)]);
    }],
    ['while the store cannot look it up', async (gateway: ReturnType<typeof recorded>) => {
      await gateway.post(githubPost());
      gateway.table.failing['get'] = down;
      await gateway.post(other);
    }],
  ])('%s goes out under an id of its own, too', async (_when, come) => {
    const gateway = recorded();
    await come(gateway);
    expect([...gateway.table.rows.values()].map(({ body, enqueued }) => [String(body), enqueued]))
      .toEqual([[githubPost().body, new Set(QUEUES)], [other.body, new Set(QUEUES)]]);
    const messages = gateway.bodies.map((message) => JSON.parse(message) as { id: string; body: string });
    for (const { id, body } of gateway.table.rows.values()) {
      expect(messages.filter((message) => message.id === id && message.body === String(body))).toHaveLength(QUEUES.length);
    }
    expect(gateway.lines.filter((line) => line.event === 'warning' && line.code === 'id-collision')).toHaveLength(1);
  });

  test.each([['nobody wants', {}], ['its schema refuses', QUEUES]])('that %s is kept under an id of its own', async (_what, targets) => {
    const config = recordedConfig();
    const objections = [undefined, 'no'];
    const github = { ...config.sources['github']!, schema: { any: 'order', onInvalid: 'quarantine' as const } };
    const gateway = recorded(targets === QUEUES
      ? { config: { ...config, sources: { ...config.sources, github } }, compileSchema: () => () => objections.shift() }
      : { config: { ...config, targets: {} } });
    await gateway.post(githubPost());
    expect(await gateway.post(other)).toEqual({ statusCode: 200 });
    const [first, second] = [...gateway.table.rows.values()];
    expect(second).toMatchObject({ sk: 'EVENT', collidesWith: first?.['id'], ...(targets === QUEUES ? { quarantined: 'no' } : { unrouted: true }) });
  });

  test('is another message to a FIFO queue, which would drop a second one of the same deduplication id', async () => {
    const config = recordedConfig();
    const ordered = Object.fromEntries(Object.entries(config.targets).map(([name, route]) => (
      [name, { ...route, orderingKey: { source: true as const } }])));
    const orders: (string | undefined)[] = [];
    const gateway = recorded({
      config: { ...config, targets: ordered }, send: async (_url, _message, order) => { orders.push(order?.deduplicationId); },
    });
    await gateway.post(githubPost());
    await gateway.post(other);
    // Without the look-up, too.
    Object.assign(gateway.table.failing, { get: down, update: down });
    await gateway.post(githubPost('{"action":"reopened"}'));
    expect(new Set(orders).size).toBe(3);
  });
});

describe('row 41: some queues fail for now', () => {
  test('the answer is 503, and the retry sends to the missing ones only', async () => {
    const queues = { crm: new AwsCallError('sqs SendMessage', 'throttled', 'ThrottlingException') as Error | undefined };
    const gateway = recorded({}, queues);
    expect(await gateway.post(githubPost())).toMatchObject({ statusCode: 503 });
    expect(gateway.lines.at(-1)).toMatchObject({ event: 'rejected', reason: 'enqueue', detail: expect.stringContaining('1 of 3 targets did not take it; crm:') });
    delete queues.crm;
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect(gateway.taken).toEqual(['audit', 'search', 'crm']);
    // What was refused was no event yet.
    expect(accepted(gateway.lines)).toEqual([[['crm'], false]]);
    expect(gateway.table.row(idOf(gateway.lines), 'EVENT')).toMatchObject({ enqueued: new Set(QUEUES), targets: QUEUES });
    expect(gateway.metrics.map((line) => [line['EnqueueFailures'], line['Rejected'], line['Accepted']])).toEqual([[1, 1, undefined], [undefined, undefined, 1]]);
  });

  test('with none that took it there is no row', async () => {
    const failure = new AwsCallError('sqs SendMessage', 'timeout', 'ABORT_ERR');
    const gateway = recorded({}, { audit: failure, crm: failure, search: failure });
    expect(await gateway.post(githubPost())).toMatchObject({ statusCode: 503 });
    expect(gateway.table.rows.size).toBe(0);
  });
});

describe('an event that its sender was asked to send again', () => {
  const partly = async () => {
    const gateway = recorded({}, { crm: new AwsCallError('sqs SendMessage', 'throttled', 'ThrottlingException') });
    expect(await gateway.post(githubPost())).toMatchObject({ statusCode: 503 });
    return gateway.table;
  };

  test('goes to the queues it has not reached, although a schema refuses it by now', async () => {
    const config = recordedConfig();
    const github = { ...config.sources['github']!, schema: { any: 'order', onInvalid: 'quarantine' as const } };
    const later = recorded({ table: await partly(), config: { ...config, sources: { ...config.sources, github } }, compileSchema: () => () => 'no' });
    expect(await later.post(githubPost())).toEqual({ statusCode: 200 });
    expect(later.taken).toEqual(['crm']);
  });

  test.each([['nobody wants it', []], ['those want it that have it', ['audit', 'search']]])('is no event of a target that wants it no longer: %s', async (_who, names) => {
    const config = recordedConfig();
    const targets = Object.fromEntries(Object.entries(config.targets).filter(([name]) => names.includes(name)));
    const table = await partly();
    expect(await recorded({ table, config: { ...config, targets } }).post(githubPost())).toEqual({ statusCode: 200 });
    expect([...table.rows.values()]).toMatchObject([{ targets: ['audit', 'search'], enqueued: new Set(['audit', 'search']) }]);
  });

  test('goes once more to a target that had given up, however often the others fail', async () => {
    const gateway = recorded();
    await gateway.post(githubPost());
    const id = idOf(gateway.lines);
    gateway.table.apply({ pk: `E#${id}`, sk: 'EVENT', set: { enqueued: new Set(['audit', 'search']) } });
    gateway.table.apply({ pk: `E#${id}`, sk: 'T#audit', set: { target: 'audit', outcome: 'dead-lettered', at: new Date(NOW - 60_000).toISOString() } });
    gateway.queues['crm'] = new AwsCallError('sqs SendMessage', 'throttled', 'ThrottlingException');
    gateway.taken.length = 0;
    for (let tries = 0; tries < 5; tries++) expect(await gateway.post(githubPost())).toMatchObject({ statusCode: 503 });
    expect(gateway.taken).toEqual(['audit']);
  });
});

test('a queue that is gone puts an event into quarantine once, however often the event comes', async () => {
  const gateway = recorded({}, { crm: new AwsCallError('sqs SendMessage', 'missing', 'QueueDoesNotExist') });
  for (let times = 0; times < 4; times++) expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
  expect(gateway.lines.filter(({ event }) => event === 'quarantined')).toHaveLength(1);
});

describe('an event that its sender sends again on purpose', () => {
  const ended = (outcome: 'dead-lettered' | 'unavailable') => async () => {
    const gateway = recorded();
    await gateway.post(githubPost());
    const id = idOf(gateway.lines);
    const at = new Date(NOW - 60_000).toISOString();
    gateway.table.apply({ pk: `E#${id}`, sk: 'T#crm', set: { target: 'crm', outcome, at, reason: 'gone', gpk2: 'x', gsk2: 'y' } });
    gateway.table.apply({ pk: `E#${id}`, sk: 'T#audit', set: { target: 'audit', outcome: 'delivered', at } });
    gateway.taken.length = 0;
    return { gateway, id };
  };

  test.each(['dead-lettered', 'unavailable'] as const)('goes to the target for which it is %s', async (outcome) => {
    const { gateway, id } = await ended(outcome)();
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect(gateway.taken).toEqual(['crm']);
    expect(accepted(gateway.lines).at(-1)).toEqual([['crm'], true]);
    const row = gateway.table.row(id, 'T#crm')!;
    expect(row).toMatchObject({ outcome: 'waiting', gpk2: expect.stringContaining('T#crm#waiting#2026-01-02#') });
    expect(row).not.toHaveProperty('reason');
    // It waits in its queue now.
    await gateway.post(githubPost());
    expect(gateway.taken).toEqual(['crm']);
  });

  test.each(['delivered', 'dead-lettered'])('leaves alone what an attempt has written meanwhile: %s', async (outcome) => {
    const { gateway, id } = await ended('dead-lettered')();
    gateway.table.around = async (call, act) => {
      if (call === 'update') gateway.table.apply({ pk: `E#${id}`, sk: 'T#crm', set: { outcome, at: new Date(NOW).toISOString() } });
      return act();
    };
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect(gateway.table.row(id, 'T#crm')).toMatchObject({ outcome });
  });

  test('goes to a target that is new, with the time of the first request', async () => {
    const config = recordedConfig();
    const { crm: added, ...targets } = config.targets;
    let now = NOW;
    const first = recorded({ config: { ...config, targets }, now: () => now });
    await first.post(githubPost());
    now += 3_600_000;
    const later = recorded({ config, now: () => now, table: first.table });
    expect(added).toBeDefined();
    await later.post(githubPost());
    expect(later.taken).toEqual(['crm']);
    expect(JSON.parse(later.bodies[0]!)).toMatchObject({ time: new Date(NOW).toISOString() });
    expect(first.table.row(idOf(first.lines), 'EVENT')).toMatchObject({ targets: ['audit', 'search', 'crm'], enqueued: new Set(QUEUES), ttl: now / 1_000 + 30 * 86_400 });
  });
});

describe('row 44: the event store fails', () => {
  test.each(['get', 'update'])('at %s: what the queues hold is accepted, and the failure counted', async (call) => {
    const gateway = recorded();
    gateway.table.failing[call] = down;
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect(gateway.taken).toEqual(QUEUES);
    expect(gateway.lines).toContainEqual(expect.objectContaining({ event: 'warning', code: 'store-failed', source: 'github' }));
    expect(gateway.metrics[0]).toMatchObject({ Accepted: 1, StoreFailures: 1 });
  });

  test('at the question what became of a duplicate: its queues have had it', async () => {
    const gateway = recorded();
    await gateway.post(githubPost());
    gateway.table.failing['query'] = down;
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect(accepted(gateway.lines).at(-1)).toEqual([[], true]);
  });

  test('at the payload bucket: there is no row that points at nothing', async () => {
    const gateway = recorded({ putPayload: async () => { throw new AwsCallError('s3 PUT', 'unavailable', 'InternalError', 500); } });
    expect(await gateway.post(githubPost(noise(9_000)))).toEqual({ statusCode: 200 });
    expect(gateway.taken).toEqual(QUEUES);
    expect(gateway.table.rows.size).toBe(0);
    expect(gateway.metrics[0]).toMatchObject({ Accepted: 1, StoreFailures: 1 });
  });

  test.each(['get', 'update'])('at %s: an event that nobody wants is refused with 503', async (call) => {
    const gateway = recorded({ config: { ...recordedConfig(), targets: {} } });
    gateway.table.failing[call] = down;
    expect(await gateway.post(githubPost())).toMatchObject({ statusCode: 503, headers: { 'retry-after': '60' } });
    expect(gateway.lines.at(-1)).toMatchObject({ event: 'rejected', reason: 'store' });
    delete gateway.table.failing[call];
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect([...gateway.table.rows.values()]).toMatchObject([{ unrouted: true }]);
  });

  test('with a row of a newer version: it is not touched', async () => {
    const gateway = recorded();
    await gateway.post(githubPost());
    gateway.table.apply({ pk: `E#${idOf(gateway.lines)}`, sk: 'EVENT', set: { v: 2 } });
    const before = JSON.stringify([...gateway.table.rows]);
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect(JSON.stringify([...gateway.table.rows])).toBe(before);
    expect(gateway.lines.at(-2)).toMatchObject({ code: 'store-failed', message: expect.stringContaining('version 2') });
  });
});

test('an event that no target wants is on record once, and answered 2xx', async () => {
  const gateway = recorded({ config: { ...recordedConfig(), targets: {} } });
  expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
  expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
  expect([...gateway.table.rows.values()]).toMatchObject([{ sk: 'EVENT', unrouted: true, targets: [] }]);
  expect(gateway.metrics.map(({ Accepted, Duplicates }) => [Accepted, Duplicates])).toEqual([[1, undefined], [undefined, 1]]);
  // Somebody wants it since then.
  const later = recorded({ table: gateway.table });
  await later.post(githubPost());
  expect(later.taken).toEqual(QUEUES);
  expect([...gateway.table.rows.values()]).toEqual([expect.not.objectContaining({ unrouted: true })]);
});

test('without an event store nothing is looked up and nothing kept', async () => {
  const gateway = recorded({ config: { ...ingestConfig(), targets: recordedConfig().targets } });
  await gateway.post(githubPost());
  await gateway.post(githubPost());
  expect(gateway.taken).toEqual([...QUEUES, ...QUEUES]);
  expect(gateway.table.calls).toEqual([]);
});
