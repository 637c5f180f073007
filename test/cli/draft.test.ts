import { draftEvent } from '../../cli/draft';
import { eventId } from '../../cli/event-id';
import { readField, readId } from '../../cli/fields';
import { WebhookRequest } from '../../lambda/ingest/request';
import { identify } from '../../lambda/ingest/identify';
import type { Scheme } from '../../lib/contract/scheme';
import { SCHEMES } from '../../lib/contract/schemes';

const URL_OF_SOURCE = new URL('https://hooks.example.com/in?keep=1');
const NOW = Date.parse('2026-01-02T03:04:05.678Z');
const GENERAL: Scheme = {
  name: 'hmac', kind: 'hmac', hash: 'sha256', key: 'utf8', encoding: 'hex', signed: '{body}', signature: { header: 'x-signature', format: 'plain' },
};

const SCHEMES_AND_MORE: { readonly [name: string]: Scheme } = {
  ...SCHEMES,
  'fields in the body': { ...GENERAL, id: [{ json: '$.event.id' }], type: [{ json: '$.event.type' }] },
  'fields in an array': { ...GENERAL, id: [{ json: '$.events[0].id' }], type: [{ json: "$.events[0]['the type']" }] },
  'fields in a form': { ...GENERAL, id: [{ form: 'id' }], type: [{ form: 'type' }] },
  'fields in headers': { ...GENERAL, id: [{ header: 'x-id' }], type: [{ header: 'x-type' }] },
  'fields in the query': { ...GENERAL, id: [{ query: 'id' }], type: [{ query: 'type' }] },
  'no fields': GENERAL,
};

describe.each(Object.entries(SCHEMES_AND_MORE))('a sample for %s', (_name, scheme) => {
  const draft = (type?: string): ReturnType<typeof draftEvent> => draftEvent(scheme, URL_OF_SOURCE, { now: NOW, type });
  const identified = (type?: string): ReturnType<typeof identify> & { readonly sent: ReturnType<typeof draftEvent> } => {
    const sent = draft(type);
    const request = new WebhookRequest('POST', sent.headers, sent.body, sent.url.search.slice(1), undefined);
    return { ...identify('orders', scheme, request, {}), sent };
  };

  test('has the type that was asked for, as the source reads it', () => {
    // Names of members are the types of some, and a module finds those of others.
    const own = scheme.type?.some((place) => 'memberOf' in place || 'verified' in place) ?? false;
    const { type, sent } = identified(own ? undefined : 'thing.made');
    if (!own) expect(type).toBe(scheme.type && scheme.type.length > 0 ? 'thing.made' : null);
    expect(readField(scheme, scheme.type, sent) ?? null).toBe(type);
  });

  test('has an id of its own every time, which makes the event id that the gateway makes', () => {
    const { id, providerId, sent } = identified();
    expect(readId(scheme, sent)).toBe(providerId);
    if (providerId !== undefined) expect(eventId('orders', providerId)).toBe(id);
    expect(identified().id).not.toBe(id);
  });

  test('leaves the query of the URL alone', () => {
    expect(draft().url.searchParams.get('keep')).toBe('1');
  });
});

test('a GitHub event has GitHub\'s headers', () => {
  const { headers } = draftEvent(SCHEMES.github, URL_OF_SOURCE, { now: NOW });
  expect(headers).toMatchObject({ 'x-github-event': 'push', 'content-type': 'application/json', 'user-agent': expect.stringMatching(/^GitHub-Hookshot\//) });
  expect(headers['x-github-delivery']).toMatch(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
});

describe('a body of one\'s own', () => {
  test('is sent as it is, with the provider\'s headers around it', () => {
    const body = Buffer.from('{ "a":1 }\r\n');
    const sent = draftEvent(SCHEMES.github, URL_OF_SOURCE, { now: NOW, body, type: 'ping' });
    expect(sent.body).toEqual(body);
    expect(sent.headers).toMatchObject({ 'x-github-event': 'ping', 'x-github-delivery': expect.any(String) });
  });

  test.each([
    ['{"a": 1}', 'application/json'],
    ['<a/>', 'application/xml'],
    ['a=1', 'application/x-www-form-urlencoded'],
    ['payload=%7B%7D&b', 'application/x-www-form-urlencoded'],
    ['a = 1', 'text/plain; charset=utf-8'],
    ['<a b="c"/>', 'application/xml'],
    ['hello', 'text/plain; charset=utf-8'],
    [Buffer.from([0xff, 0]), 'application/octet-stream'],
  ])('%j goes as %s', (body, contentType) => {
    expect(draftEvent(GENERAL, URL_OF_SOURCE, { now: NOW, body: Buffer.from(body) }).headers['content-type']).toBe(contentType);
  });

  test('keeps the id and type that are in it', () => {
    const sent = draftEvent(SCHEMES.stripe, URL_OF_SOURCE, { now: NOW, body: Buffer.from('{"id":"evt_1","type":"a.b"}') });
    expect([readField(SCHEMES.stripe, SCHEMES.stripe.id, sent), readField(SCHEMES.stripe, SCHEMES.stripe.type, sent)]).toEqual(['evt_1', 'a.b']);
  });

  test('gets no second id where it has one', () => {
    const scheme: Scheme = { ...GENERAL, id: [{ json: '$.id' }, { header: 'x-id' }] };
    const headers = (body: string): unknown => draftEvent(scheme, URL_OF_SOURCE, { now: NOW, body: Buffer.from(body) }).headers;
    expect(headers('{"id": "1"}')).not.toHaveProperty('x-id');
    expect(headers('{}')).toHaveProperty('x-id');
  });

  test('fails with a type that would have to be written into it', () => {
    expect(() => draftEvent(SCHEMES.stripe, URL_OF_SOURCE, { now: NOW, body: Buffer.from('{}'), type: 'a.b' })).toThrow('$.type');
  });
});
