import fc from 'fast-check';
import { cloudEvent, type Formatted } from '../../../../lambda/deliver/format/cloud-event';

const event: Formatted = {
  id: 'evt_abcdefghijklmnopqrstuvwxyz', source: 'shop', type: 'order.paid', time: '2026-01-02T03:04:05.000Z',
  headers: { 'content-type': 'application/json' }, body: Buffer.from('{"a":1}'),
};
const base64 = (text: string) => Buffer.from(text).toString('base64');
const of = (difference: Partial<Omit<Formatted, 'body'>> & { readonly body?: string | Uint8Array } = {}): string => {
  const { body = event.body, ...others } = difference;
  return cloudEvent({ ...event, ...others, body: typeof body === 'string' ? Buffer.from(body) : body }, 'Stack/Gateway');
};
const parsed = (difference?: Parameters<typeof of>[0]) => JSON.parse(of(difference)) as { [name: string]: unknown };

test('has the attributes of version 1.0', () => {
  expect(parsed()).toEqual({
    specversion: '1.0', id: 'evt_abcdefghijklmnopqrstuvwxyz', source: '/Stack/Gateway/shop', type: 'order.paid', time: '2026-01-02T03:04:05.000Z',
    datacontenttype: 'application/json', data: { a: 1 },
  });
});

test('has a URI reference as its source, whatever the names are', () => {
  const { source } = JSON.parse(cloudEvent({ ...event, source: 'a b' }, 'Prod/Web hooks/Gat\u00e9way')) as { source: string };
  expect(source).toBe('/Prod/Web%20hooks/Gat%C3%A9way/a%20b');
});

test.each([null, '', '\u0000'])('has a type also where the event has %j', (type) => {
  expect(parsed({ type })['type']).toBe(type === '\u0000' ? '\uFFFD' : 'webhook');
});

test('has no control characters, half characters or non-characters in its attributes', () => {
  const type = 'a\u0000b\u001fc\u007fd\u0085e\ud800f\ufffeg\ufdd0h\u00fc\u{1f680}';
  expect(parsed({ type })['type']).toBe('a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFDf\uFFFDg\uFFFDh\u00fc\u{1f680}');
});

describe('data', () => {
  test.each([
    ['{ "big": 12345678901234567890, "a": 1.0, "a": 2 }', 'application/json'],
    ['\n[1e400]\t', 'application/json; charset=utf-8'],
    ['null', 'application/vnd.github+json'],
    ['"\\u00e9"', 'Application/JSON'],
    ['7', undefined],
  ])('is JSON as it came, letter for letter: %j as %s', (body, type) => {
    const text = of({ body, headers: type === undefined ? {} : { 'content-type': type } });
    expect(text.endsWith(`,"data":${body}}`)).toBe(true);
    expect(JSON.parse(text)).toMatchObject({ datacontenttype: type ?? 'application/json' });
  });

  test.each<[string, string | Uint8Array, string | undefined, string]>([
    ['a form', 'a=1', 'application/x-www-form-urlencoded', 'application/x-www-form-urlencoded'],
    ['JSON that says it is text', '{"a":1}', 'text/plain; charset=UTF-8', 'text/plain; charset=UTF-8'],
    ['text that says it is JSON', 'a=1', 'application/json', 'application/json'],
    ['JSON with a byte order mark', '\ufeff{}', 'application/json', 'application/json'],
    ['bytes', Buffer.from([0xff, 0x00]), 'image/png', 'image/png'],
    ['bytes of no type', Buffer.from([0xff, 0x00]), undefined, 'application/octet-stream'],
    ['text of no type', 'a=1', undefined, 'application/octet-stream'],
    ['text of a type that is none', 'a=1', 'json', 'application/octet-stream'],
  ])('is in base64 for %s', (_what, body, type, datacontenttype) => {
    const event = parsed({ body, headers: type === undefined ? {} : { 'content-type': type } });
    expect(event).toMatchObject({ datacontenttype, data_base64: Buffer.from(body as string).toString('base64') });
    expect(event).not.toHaveProperty('data');
  });

  test('is not there for an empty body, and neither is its type', () => {
    expect(Object.keys(parsed({ body: '' }))).toEqual(['specversion', 'id', 'source', 'type', 'time']);
  });

  test('keeps the encoding that its bytes are in', () => {
    expect(parsed({ body: 'zipped', headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } }))
      .toMatchObject({ data_base64: base64('zipped'), datacontenttype: 'application/json', contentencoding: 'gzip' });
  });
});

test('is always one JSON object that gives the body back', () => {
  fc.assert(fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), fc.constantFrom('application/json', 'text/plain', undefined), (body, type) => {
    const event = parsed({ body, headers: type === undefined ? {} : { 'content-type': type } });
    if (body === '') expect(event).not.toHaveProperty('datacontenttype');
    else if ('data' in event) expect(event['data']).toEqual(JSON.parse(body));
    else expect(Buffer.from(event['data_base64'] as string, 'base64')).toEqual(Buffer.from(body));
  }));
});
