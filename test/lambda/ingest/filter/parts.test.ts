import { compileFilter, type FilterInput } from '../../../../lambda/ingest/filter';

const EVENT: FilterInput = {
  body: () => ({ total: 120 }),
  headers: { 'x-github-event': 'issues', 'user-agent': 'GitHub-Hookshot/1' },
  metadata: { id: 'evt_1', source: 'github', type: 'issues', time: '2026-01-02T03:04:05.000Z', providerId: 'p-1' },
};

const FILTER = {
  body: { total: [{ numeric: ['>', 100] }] },
  headers: { 'x-github-event': [{ prefix: 'iss' }] },
  metadata: { source: ['github'], time: [{ prefix: '2026-' }] },
};

describe('a filter', () => {
  test('matches when all of its parts do', () => expect(compileFilter(FILTER)(EVENT)).toBe(true));

  test.each([
    ['body', { body: () => ({ total: 100 }) }],
    ['headers', { headers: { 'x-github-event': 'push' } }],
    ['metadata', { metadata: { ...EVENT.metadata, source: 'stripe' } }],
  ])('does not match when the %s differs', (_part, spoilt) => expect(compileFilter(FILTER)({ ...EVENT, ...spoilt })).toBe(false));

  test('looks into the body last, and only when it has a pattern for it', () => {
    const body = jest.fn(() => ({ total: 120 }));
    expect(compileFilter({ headers: FILTER.headers, metadata: FILTER.metadata })({ ...EVENT, body })).toBe(true);
    expect(compileFilter(FILTER)({ ...EVENT, headers: {}, body })).toBe(false);
    expect(body).not.toHaveBeenCalled();
  });

  test.each([
    ['is not JSON', undefined], ['is null', null], ['is a text', 'x'], ['is an empty list', []], ['is a list of texts', ['x']],
  ])('row 9: for a body matches nothing that %s, also not what must not exist', (_what, body) => {
    expect(compileFilter({ body: { gone: [{ exists: false }] } })({ ...EVENT, body: () => body })).toBe(false);
    expect(compileFilter({ body: { gone: [{ exists: false }] } })({ ...EVENT, body: () => ({}) })).toBe(true);
  });

  test('looks at each event of a body that is a list of events', () => {
    const matches = compileFilter({ body: { event: ['bounce'], code: [{ exists: false }] } });
    expect(matches({ ...EVENT, body: () => [{ event: 'open', code: 5 }, { event: 'bounce' }] })).toBe(true);
    expect(matches({ ...EVENT, body: () => [{ event: 'open' }, { event: 'bounce', code: 5 }] })).toBe(false);
  });

  test('sees an event without a type and without a provider\'s id', () => {
    const event = { ...EVENT, metadata: { ...EVENT.metadata, type: null, providerId: undefined } };
    expect(compileFilter({ metadata: { type: [null], providerId: [{ exists: false }] } })(event)).toBe(true);
    expect(compileFilter({ metadata: { type: [null] } })(EVENT)).toBe(false);
  });

  test('has alternatives in headers and metadata as well', () => {
    const matches = compileFilter({ headers: { $or: [{ 'x-github-event': ['push'] }, { 'user-agent': [{ prefix: 'GitHub' }] }] } });
    expect(matches(EVENT)).toBe(true);
    expect(matches({ ...EVENT, headers: { 'x-github-event': 'issues' } })).toBe(false);
  });
});

describe('a filter is refused', () => {
  const refused = (change: object) => () => compileFilter({ ...FILTER, ...change } as never);

  test('only where something is wrong', () => expect(refused({})).not.toThrow());

  test.each<[string, object, string, string]>([
    ['for another part', { query: { a: ['x'] } }, '"query"', 'body, headers and metadata'],
    ['for a part that is no pattern', { body: ['x'] }, '"body" is ["x"]', 'an object'],
    ['for a part that is empty', { headers: {} }, '"headers" is an empty object', 'leave it out'],
    ['for a header in capitals', { headers: { 'X-Total': ['x'] } }, '"headers.X-Total"', '"x-total"'],
    ['for a header with a credential', { headers: { authorization: [{ exists: true }] } }, '"headers.authorization"', 'credential'],
    ['for a header with a signature', { headers: { 'x-hub-signature-256': [{ exists: true }] } }, 'x-hub-signature-256', 'signature'],
    ['for a header inside of an alternative', { headers: { $or: [{ 'x-a': ['x'] }, { cookie: ['x'] }] } }, '"headers.$or[1].cookie"', 'credential'],
    ['for a header compared as a number', { headers: { 'content-length': [{ numeric: ['>', 5] }] } }, '"headers.content-length"', 'only texts'],
    ['for a header that is a number', { headers: { 'x-a': [5] } }, '5, which no text is', 'compare texts'],
    ['for a header that is null', { headers: { 'x-a': [null] } }, 'null, which no text is', 'compare texts'],
    ['for what is inside of a header', { headers: { 'x-a': { b: ['x'] } } }, '"headers.x-a"', 'write a list'],
    ['for metadata that there is none', { metadata: { body: ['x'] } }, '"metadata.body"', 'id, source, type, time, providerId'],
    ['for metadata that every event has', { metadata: { id: [{ exists: false }] } }, '"metadata.id" must not exist', 'leave it out'],
    ['for a type that must not exist', { metadata: { type: [{ exists: false }] } }, '"metadata.type" must not exist', '[null]'],
    ['for an id that is null', { metadata: { id: [null] } }, 'null, which no text is', 'compare texts'],
    ['for metadata that is true', { metadata: { source: [true] } }, 'true, which no text is', 'compare texts'],
    ['for a bound that is not a number', { body: { a: [{ numeric: ['>', NaN] }] } }, 'numeric', '-5e9 to 5e9'],
    ['for a number that no JSON has', { body: { a: [Infinity] } }, 'Infinity', 'write a number'],
    ['for anything but what is not a number', { body: { a: [{ 'anything-but': NaN }] } }, '"anything-but"', 'one kind'],
    ['for undefined', { body: { a: [undefined] } }, 'undefined', 'write a text'],
  ])('%s', (_what, change, where, cure) => {
    expect(refused(change)).toThrow(where);
    expect(refused(change)).toThrow(cure);
  });

  test('for nothing at all', () => {
    expect(() => compileFilter({})).toThrow('is empty');
    expect(() => compileFilter(['x'] as never)).toThrow('is no object');
  });
});
