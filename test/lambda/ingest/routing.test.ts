import type { IngestConfig, RouteConfig } from '../../../lib/contract/config';
import { SCHEMES } from '../../../lib/contract/schemes';
import { compileEventTypes } from '../../../lambda/ingest/event-types';
import { githubPost, ingest, ingestConfig, standardPost, stripePost } from '../support/ingest';

const url = (name: string) => `https://sqs.eu-west-1.amazonaws.com/123456789012/${name}`;

function gatewayWith(targets: { [name: string]: Omit<RouteConfig, 'queueUrl'> }, overrides: Parameters<typeof ingest>[0] = {}) {
  const config: IngestConfig = {
    ...ingestConfig(),
    targets: Object.fromEntries(Object.entries(targets).map(([name, route]) => [name, { queueUrl: url(name), ...route }])),
  };
  const gateway = ingest({ config, ...overrides });
  return { ...gateway, queues: () => gateway.sent.map(({ queueUrl }) => queueUrl.split('/').pop()) };
}

describe('event types', () => {
  test.each<[string[] | undefined, string | null, boolean]>([
    [undefined, 'invoice.paid', true],
    [undefined, null, true],
    [['invoice.paid'], 'invoice.paid', true],
    [['invoice.paid'], 'invoice.paid.late', false],
    [['invoice.paid'], 'Invoice.paid', false],
    [['invoice.paid'], null, false],
    [['invoice.*'], 'invoice.paid', true],
    [['invoice.*'], 'invoice.paid.late', true],
    [['invoice.*'], 'invoice.', true],
    [['invoice.*'], 'invoice', false],
    [['invoice.*'], 'invoices.paid', false],
    [['*.paid'], 'invoice.paid', true],
    [['*.paid'], 'invoice.line.paid', true],
    [['a*b*c'], 'a-b-b-c', true],
    [['a*b*c'], 'a-c-b', false],
    [['a*a'], 'a', false],
    [['push', 'issues'], 'issues', true],
    [['*'], 'anything', true],
    [['*'], null, true],
    [['push', '*'], null, true],
    [['**'], 'anything', true],
    [['a\\*'], 'a\\b', true],
    [['a.c'], 'abc', false],
  ])('%j and the type %j: %j', (names, type, expected) => expect(compileEventTypes(names)(type)).toBe(expected));
});

describe('an event goes', () => {
  test('to the targets whose source, types and filter fit, and to no other', async () => {
    const gateway = gatewayWith({
      all: {},
      source: { sources: ['github'] },
      other: { sources: ['stripe'] },
      type: { eventTypes: ['iss*'] },
      otherType: { eventTypes: ['push'] },
      body: { filter: { body: { issue: { number: [{ numeric: ['<', 5] }] } } } },
      otherBody: { filter: { body: { issue: { number: [{ numeric: ['>', 5] }] } } } },
      header: { filter: { headers: { 'user-agent': [{ prefix: 'GitHub-' }] } } },
      otherHeader: { filter: { headers: { 'user-agent': [{ prefix: 'Stripe' }] } } },
      metadata: { filter: { metadata: { source: ['github'], type: ['issues'], time: ['2026-01-02T03:04:05.000Z'] } } },
      provider: { filter: { metadata: { providerId: ['72d3162e-cc78-11e3-81ab-4c9367dc0958'] } } },
      both: { eventTypes: ['issues'], filter: { body: { action: ['opened'] } } },
      typeOnly: { eventTypes: ['issues'], filter: { body: { action: ['closed'] } } },
    });
    const takers = ['all', 'source', 'type', 'body', 'header', 'metadata', 'provider', 'both'];
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect(gateway.queues()).toEqual(takers);
    expect(gateway.lines).toMatchObject([{ event: 'accepted', source: 'github', type: 'issues', targets: takers }]);
  });

  test('to ten targets with one send each, all on their way before one has answered', async () => {
    const arrived: (() => void)[] = [];
    const names = Array.from({ length: 10 }, (_, index) => `t${index}`);
    const send = () => new Promise<void>((resolve) => { arrived.push(resolve); });
    const gateway = gatewayWith(Object.fromEntries(names.map((name) => [name, {}])), { send });
    const answer = gateway.post(githubPost());
    await new Promise(setImmediate);
    expect(arrived).toHaveLength(10);
    for (const resolve of arrived) resolve();
    expect((await answer).statusCode).toBe(200);
    expect(gateway.lines).toMatchObject([{ event: 'accepted', targets: names }]);
  });

  test('with the identical message to each of ten targets, and only to those of ten that want it', async () => {
    const gateway = gatewayWith(Object.fromEntries(Array.from({ length: 10 }, (_, index) => [
      `t${index}`, { filter: { body: { issue: { number: [{ numeric: ['<=', index] }] } } } },
    ])));
    await gateway.post(githubPost('{"issue":{"number":3}}'));
    expect(gateway.queues()).toEqual(['t3', 't4', 't5', 't6', 't7', 't8', 't9']);
    expect(new Set(gateway.sent.map(({ message }) => message)).size).toBe(1);
  });

  test('row 9: nowhere by a body filter when it is not JSON, and to those without one', async () => {
    const gateway = gatewayWith({ body: { filter: { body: { a: [{ exists: false }] } } }, all: {} });
    for (const body of ['hello', 'payload=%7B%7D', '']) expect((await gateway.post(githubPost(body))).statusCode).toBe(200);
    expect(gateway.queues()).toEqual(['all', 'all', 'all']);
  });

  test('in a message that is as long as the number of those who want it allows', async () => {
    // 200 KB travel inside for two queues and apart for three; a third that does not want it does not count.
    const put = jest.fn(async () => undefined);
    const targets = { one: {}, two: {}, third: { eventTypes: ['push'] } };
    await gatewayWith(targets, { putPayload: put }).post(githubPost(`{"a":"${'x'.repeat(200_000)}"}`));
    expect(put).not.toHaveBeenCalled();
    await gatewayWith({ ...targets, third: {} }, { putPayload: put }).post(githubPost(`{"a":"${'x'.repeat(200_000)}"}`));
    expect(put).toHaveBeenCalledTimes(1);
  });
});

describe('what no target wants', () => {
  const targets = { billing: { sources: ['github'], eventTypes: ['invoice.*'] }, big: { filter: { body: { total: [{ numeric: ['>', 100] }] } } } };

  test('is acknowledged, sent nowhere, and logged as unrouted with the reasons', async () => {
    const gateway = gatewayWith(targets);
    expect(await gateway.post(githubPost())).toEqual({ statusCode: 200 });
    expect(gateway.sent).toEqual([]);
    expect(gateway.lines).toEqual([{
      time: '2026-01-02T03:04:05.000Z', event: 'unrouted', id: expect.stringMatching(/^evt_[a-z2-7]{26}$/), source: 'github', type: 'issues',
      reason: 'no target wants it: billing by its eventTypes, big by its filter',
    }]);
  });

  test('is acknowledged as the source\'s own response says', async () => {
    const { sources } = ingestConfig();
    const config = { ...ingestConfig(), sources: { ...sources, github: { ...sources.github!, response: { status: 202, body: 'ok' } } },
      targets: { push: { queueUrl: url('push'), eventTypes: ['push'] } } };
    expect(await ingest({ config }).post(githubPost())).toMatchObject({ statusCode: 202, body: 'ok' });
  });

  test('is refused for now where the source has no target at all', async () => {
    const gateway = gatewayWith({ billing: { sources: ['stripe'] } });
    expect((await gateway.post(githubPost())).statusCode).toBe(503);
    expect(gateway.lines).toMatchObject([{ event: 'unrouted', source: 'github' }, { event: 'rejected', reason: 'store', status: 503 }]);
  });

  test('must be authentic all the same', async () => {
    const gateway = gatewayWith(targets);
    expect((await gateway.post(githubPost('{}', 'another key'))).statusCode).toBe(401);
    expect(gateway.lines).toMatchObject([{ event: 'rejected', reason: 'signature' }]);
  });
});

describe('filters', () => {
  const parses = async (routes: { [name: string]: Omit<RouteConfig, 'queueUrl'> }) => {
    const gateway = gatewayWith(routes);
    const parse = jest.spyOn(JSON, 'parse');
    try {
      await gateway.post(githubPost());
      return parse.mock.calls.length;
    } finally {
      parse.mockRestore();
    }
  };
  const body = { body: { action: ['closed'] } };

  test('parse the body once for all targets', async () => expect(await parses({ a: { filter: body }, b: { filter: body }, c: {} })).toBe(1));

  test.each<[string, Omit<RouteConfig, 'queueUrl'>]>([
    ['no filter', {}],
    ['a filter of headers and metadata', { filter: { headers: { 'user-agent': [{ exists: true }] }, metadata: { source: ['github'] } } }],
    ['a body filter behind types that differ', { eventTypes: ['push'], filter: body }],
    ['a body filter behind metadata that differs', { filter: { ...body, metadata: { source: ['stripe'] } } }],
    ['a body filter of another source', { sources: ['stripe'], filter: body }],
  ])('parse nothing for %s', async (_what, route) => expect(await parses({ route, all: {} })).toBe(0));

  test('see headers that travel only for them, which no target gets', async () => {
    const gateway = gatewayWith({ tenant: { filter: { headers: { 'x-tenant': ['acme'] } } } });
    const post = githubPost();
    await gateway.post({ ...post, headers: { ...post.headers, 'x-tenant': 'acme' } });
    await gateway.post({ ...post, headers: { ...post.headers, 'x-tenant': 'other' } });
    expect(gateway.queues()).toEqual(['tenant']);
    expect(gateway.envelopes()[0]?.headers).not.toHaveProperty('x-tenant');
  });

  test('do not see the token that proves the sender', async () => {
    const { sources } = ingestConfig();
    const config: IngestConfig = {
      ...ingestConfig(),
      sources: { ...sources, gitlab: { verifications: [{ scheme: SCHEMES['gitlab-token']!, secret: { id: 'github' }, previousSecretOverlapSeconds: 0 }] } },
      targets: { seen: { queueUrl: url('seen'), filter: { headers: { 'x-gitlab-token': [{ exists: true }] } } }, all: { queueUrl: url('all') } },
    };
    const gateway = ingest({ config });
    const headers = { 'content-type': 'application/json', 'x-gitlab-token': gateway.secrets.github![0]!, 'x-gitlab-event': 'Push Hook' };
    expect((await gateway.post({ path: '/gitlab', method: 'POST', headers, body: '{}' })).statusCode).toBe(200);
    expect(gateway.sent.map(({ queueUrl }) => queueUrl)).toEqual([url('all')]);
  });

  test('that the function cannot read ask the senders of their own sources to come again, and no others', async () => {
    const gateway = gatewayWith({ broken: { sources: ['github'], filter: { body: { a: [{ contains: 'x' }] } } }, all: {} });
    expect((await gateway.post(githubPost())).statusCode).toBe(503);
    expect(gateway.sent).toEqual([]);
    expect(gateway.lines).toMatchObject([{ event: 'rejected', reason: 'internal', detail: expect.stringContaining('target broken: filter at "body.a"') }]);
    expect((await gateway.post(stripePost())).statusCode).toBe(200);
    expect((await gateway.post(standardPost())).statusCode).toBe(200);
  });
});

test('a filter whose code is not beside the function has the senders of its sources come again', async () => {
  const config = ingestConfig();
  const gateway = ingest({ config: { ...config, targets: { ...config.targets, audit: { queueUrl: 'audit', filter: { metadata: { type: ['push'] } } } } }, filters: undefined });
  expect(await gateway.post(githubPost())).toMatchObject({ statusCode: 503 });
  expect(gateway.lines).toMatchObject([{ event: 'rejected', reason: 'internal', detail: expect.stringContaining('filter.mjs is not beside the function') }]);
});
