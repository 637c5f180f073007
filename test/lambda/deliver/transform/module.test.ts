import type { TransformEvent } from '../../../../lib/contract/transform';
import { moduleTransform } from '../../../../lambda/deliver/transform/module';
import { BODY, contentWith, transformed } from './content';

const { headers: { 'content-encoding': _encoding, ...plainHeaders }, ...content } = contentWith();
const unchanged = { ...contentWith(), body: BODY };
const json = { ...plainHeaders, 'content-type': 'application/json' };

const of = (run: (event: TransformEvent) => unknown, timeoutSeconds = 5) => moduleTransform(async () => ({ default: run }), timeoutSeconds);

/** How an event fares with a transform. */
const after = async (run: (event: TransformEvent) => unknown, from = contentWith()) => transformed(await of(run), from);

describe('a transform', () => {
  test('gets the event', async () => {
    let seen: TransformEvent | undefined;
    await after((event) => { seen = event; });
    const { id, source, type, time, providerId, headers } = contentWith();
    expect(seen).toEqual({
      id, source, type, time, providerId, headers, body: Buffer.from(BODY), text: expect.any(Function), json: expect.any(Function),
    });
    expect(seen!.text()).toBe(BODY);
    expect(seen!.json()).toEqual(JSON.parse(BODY));
  });

  test('cannot change the event by changing what it got', async () => {
    expect(await after((event) => { (event.headers as { [name: string]: string })['x-shop'] = 'two'; return {}; })).toEqual(unchanged);
  });

  test.each([
    ['default', { default: () => ({ type: 'a' }), transform: () => ({ type: 'b' }) }, 'a'],
    ['transform', { transform: () => ({ type: 'b' }) }, 'b'],
  ])('is the export %s', async (_name, exports, type) => {
    expect(await transformed(await moduleTransform(async () => exports, 5))).toMatchObject({ type });
  });

  test.each([['nothing', undefined], ['null', null], ['a promise of nothing', Promise.resolve()]])('that returns %s drops the event', async (_what, result) => {
    expect(await after(() => result)).toEqual({ kind: 'dropped', reason: 'the transform returned nothing' });
  });
});

describe('what it returns', () => {
  test.each<[string, (event: TransformEvent) => unknown, object]>([
    ['nothing new', () => ({}), unchanged],
    ['the event', (event) => event, unchanged],
    ['a copy of the event', (event) => ({ ...event }), unchanged],
    ['text', () => ({ body: 'a=1 \u00fc' }), { ...content, headers: plainHeaders, body: 'a=1 \u00fc' }],
    ['no text', () => ({ body: '' }), { ...content, headers: plainHeaders, body: '' }],
    ['bytes', () => ({ body: new Uint8Array([104, 105]) }), { ...content, headers: plainHeaders, body: 'hi' }],
    ['an object', (event) => ({ body: { ...(event.json() as object), order: 8 } }), { ...content, headers: json, body: '{"order":8,"text":"h\u00e9"}' }],
    ['an object without a prototype', () => ({ body: Object.assign(Object.create(null), { a: 1 }) }), { ...content, headers: json, body: '{"a":1}' }],
    ['an array', () => ({ body: [1] }), { ...content, headers: json, body: '[1]' }],
    ['what knows its JSON', () => ({ body: new Date(0) }), { ...content, headers: json, body: '"1970-01-01T00:00:00.000Z"' }],
    ['a type', () => ({ type: 'order.sent' }), { ...unchanged, type: 'order.sent' }],
    ['no type', () => ({ type: null }), { ...unchanged, type: null }],
    ['a promise of a copy with a body', async (event) => ({ ...event, body: { a: 1 } }), { ...content, headers: json, body: '{"a":1}' }],
  ])('may be %s', async (_what, run, expected) => {
    expect(await after(run)).toEqual(expected);
  });

  test('has headers over the event\'s own, and null takes one away', async () => {
    expect(await after(() => ({ headers: { 'X-Tenant': 'a', 'x-shop': null, 'content-type': 'text/plain' } }))).toEqual({
      ...unchanged, headers: { 'content-type': 'text/plain', 'content-encoding': 'identity', 'x-tenant': 'a' }, transformHeaders: ['x-tenant', 'content-type'],
    });
  });

  test('may be the event with headers put into it', async () => {
    const run = (event: TransformEvent) => Object.assign(event, { headers: Object.assign(event.headers, { 'x-shop': 'two' }) });
    expect(await after(run)).toEqual({ ...unchanged, headers: { ...unchanged.headers, 'x-shop': 'two' }, transformHeaders: ['x-shop'] });
  });

  test('may repeat the event\'s own headers, which then yield to what a new body brings', async () => {
    const form = contentWith({ headers: { 'content-type': 'text/xml', 'content-encoding': 'gzip' }, body: '<a/>' });
    expect(await after(({ headers }) => ({ body: { a: 1 }, headers: { ...headers, 'x-tenant': 'a' } }), form)).toEqual({
      ...form, body: '{"a":1}', headers: { 'content-type': 'application/json', 'x-tenant': 'a' }, transformHeaders: ['x-tenant'],
    });
    expect(await after(() => ({ body: { a: 1 }, headers: { 'content-type': 'application/vnd.a+json' } }), form)).toMatchObject({ headers: { 'content-type': 'application/vnd.a+json' } });
  });

  test.each<[string, (event: TransformEvent) => unknown, string]>([
    ['a number', () => 7, 'it returned a number: return an object of body, headers and type, or nothing to drop the event'],
    ['false', () => false, 'it returned a boolean: return'],
    ['text', () => 'secret', 'it returned a string: return'],
    ['an array', () => [], 'it returned an array: return'],
    ['another name', () => ({ boby: {} }), 'it returned "boby", which is none of body, headers and type'],
    ['another id', (event) => ({ ...event, id: 'mine' }), 'it returned another id, which never changes: leave it out'],
    ['a number as body', () => ({ body: 7 }), 'it returned a number as body: give text, bytes, a plain object or an array, or leave it out to keep the body'],
    ['null as body', () => ({ body: null }), 'it returned null as body: give'],
    ['a promise as body', () => ({ body: Promise.resolve({}) }), 'it returned a Promise as body: give'],
    ['a map as body', () => ({ body: new Map() }), 'it returned a Map as body: give'],
    ['a form as body', () => ({ body: new URLSearchParams('a=1') }), 'it returned a URLSearchParams as body: give'],
    ['other bytes as body', () => ({ body: new Uint16Array(2) }), 'it returned a Uint16Array as body: give'],
    ['a circle as body', () => { const body: { [name: string]: unknown } = {}; body['a'] = body; return { body }; }, 'Converting circular structure to JSON'],
    ['an empty type', () => ({ type: '' }), 'it returned an empty text as type: give text, or null for none'],
    ['a number as type', () => ({ type: 7 }), 'it returned a number as type: give'],
    ['text as headers', () => ({ headers: 'a: b' }), 'it returned a string as headers: give an object of names and values'],
    ['a Headers', () => ({ headers: new Headers({ a: 'b' }) }), 'it returned a Headers as headers: give'],
    ['a header that is none', () => ({ headers: { 'a b': 'c' } }), 'it returned the header "a b", which is not the name of one'],
    ['a header of two lines', () => ({ headers: { a: 'b\r\nc: d' } }), 'it returned the header "a" with a value that cannot be sent: give one line of Latin-1 text, or null to take it away'],
    ['a header that is a number', () => ({ headers: { a: 7 } }), 'it returned the header "a" with a value that cannot be sent'],
  ])('is not %s', async (_what, run, detail) => {
    expect(await after(run)).toEqual({ kind: 'failed', detail: expect.stringContaining(`the transform failed: TypeError: ${detail}`) });
  });
});

describe('a transform that fails', () => {
  test.each<[string, () => unknown]>([
    ['throws', () => { throw new RangeError('no order at https://x.example/?key=1'); }],
    ['rejects', () => Promise.reject(new RangeError('no order at https://x.example/?key=1'))],
  ])('because it %s is told by name and message, without a stack or a query', async (_how, run) => {
    expect(await after(run)).toEqual({ kind: 'failed', detail: 'the transform failed: RangeError: no order at https://x.example/?…' });
  });

  test('because it throws what is no error says no more than that', async () => {
    expect(await after(() => { throw 'the secret'; })).toEqual({ kind: 'failed', detail: expect.not.stringContaining('secret') });
  });

  test('to parse says nothing of what it parsed', async () => {
    const body = 'the secret\nof a body';
    expect(await after((event) => event.json() as object, contentWith({ body }))).toEqual({ kind: 'failed', detail: 'the transform failed: Error: the body is not JSON' });
    expect(await after((event) => JSON.parse(event.text()), contentWith({ body }))).toEqual({
      kind: 'failed', detail: 'the transform failed: SyntaxError: what was parsed is not valid JSON',
    });
  });

  test('to end in time has failed, and what it does later is forgotten', async () => {
    jest.useFakeTimers();
    try {
      let fail: (error: Error) => void = () => undefined;
      const transform = await of(() => new Promise((_resolve, reject) => { fail = reject; }), 3);
      const result = transformed(transform);
      await jest.advanceTimersByTimeAsync(3_000);
      expect(await result).toEqual({ kind: 'failed', detail: 'the transform failed: TimeLimitError: it took more than 3 s' });
      fail(new Error('too late'));
    } finally {
      jest.useRealTimers();
    }
  });

  test('to end at all is ended, so that other events are sent', async () => {
    const endless = await of(() => { for (;;); }, 0.05);
    expect(await transformed(endless)).toEqual({ kind: 'failed', detail: 'the transform failed: TimeLimitError: it took more than 0.05 s' });
    expect(await after(() => ({ type: 'next' }))).toMatchObject({ type: 'next' });
  });

  test('leaves no timer behind when it is done', async () => {
    jest.useFakeTimers();
    try {
      await after(() => ({}));
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('a module', () => {
  const load = async (module: () => Promise<unknown>) => transformed(await moduleTransform(module, 5));

  test('that cannot be loaded fails every event with its message', async () => {
    const result = { kind: 'failed', detail: 'the transform could not be loaded: TypeError: no table' };
    expect(await load(() => Promise.reject(new TypeError('no table')))).toEqual(result);
    expect(await load(() => { throw new TypeError('no table'); })).toEqual(result);
  });

  test.each([{}, { default: 7 }, { other: () => undefined }])('that exports %j has no transform', async (exports) => {
    expect(await load(async () => exports)).toEqual({ kind: 'failed', detail: 'the transform is no function: export one from the module by default, or as transform' });
  });

  test('that is slow to load holds up neither the start nor, when it has come, an event', async () => {
    jest.useFakeTimers();
    try {
      let loaded: (module: object) => void = () => undefined;
      const starting = moduleTransform(() => new Promise((resolve) => { loaded = resolve; }), 3);
      await jest.advanceTimersByTimeAsync(5_000);
      const transform = await starting;
      const early = transformed(transform);
      await jest.advanceTimersByTimeAsync(3_000);
      expect(await early).toEqual({ kind: 'failed', detail: 'the transform failed: TimeLimitError: it took more than 3 s' });
      loaded({ default: () => ({ type: 'late' }) });
      expect(await transformed(transform)).toMatchObject({ type: 'late' });
    } finally {
      jest.useRealTimers();
    }
  });
});
