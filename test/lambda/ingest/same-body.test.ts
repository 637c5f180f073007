import { sampleFor } from '../../../cli/samples';
import { SCHEMES } from '../../../lib/contract/schemes';
import { sameBytes } from '../../../lambda/ingest/same-body';

const text = (body: string, volatile: readonly string[] | undefined) => Buffer.from(sameBytes(Buffer.from(body), volatile)).toString();

describe('a body', () => {
  test.each<[string, string, string[] | undefined, string]>([
    ['of a scheme without such members', '{ "a": 1 }', undefined, '{ "a": 1 }'],
    ['of an empty list of them', '{ "a": 1 }', [], '{ "a": 1 }'],
    ['that has none of them', '{ "a": 1 }', ['$.b', '$.a.b', '$.c[*].d'], '{ "a": 1 }'],
    ['without one', '{ "a": 1, "b": 2, "c": 3 }', ['$.b'], '{"a":1,"c":3}'],
    ['without several', '{"a":1,"b":2,"c":3}', ['$.c', '$.a'], '{"b":2}'],
    ['without a nested one', '{"a":{"b":1,"c":2}}', ['$.a.b'], '{"a":{"c":2}}'],
    ['without one of every item', '{"e":[{"x":1,"y":1},{"y":2},{"x":3}]}', ['$.e[*].x'], '{"e":[{"y":1},{"y":2},{}]}'],
    ['without one of every item of a list of lists', '{"e":[{"d":{"x":1}},{"d":2},{}]}', ['$.e[*].d.x'], '{"e":[{"d":{}},{"d":2},{}]}'],
    ['without one of every item of the body', '[{"x":1,"y":1},7,null,{"x":2}]', ['$[*].x'], '[{"y":1},7,null,{}]'],
    ['without one that is an object', '{"a":1,"s":{"t":1}}', ['$.s'], '{"a":1}'],
    ['without one in quotes', '{"a.b":1,"c":2}', ["$['a.b']"], '{"c":2}'],
    ['that is no JSON', 'a=1', ['$.a'], 'a=1'],
    ['that is empty', '', ['$.a'], ''],
    ['that is one value', '5', ['$.a'], '5'],
    ['in its own order', '{"z":1,"a":2,"v":3,"m":4}', ['$.v'], '{"z":1,"a":2,"m":4}'],
    ['with a name that is nobody\'s own', '{"a":1}', ['$.constructor', '$.__proto__.a'], '{"a":1}'],
  ])('%s', (_what, body, volatile, same) => {
    expect(text(body, volatile)).toBe(same);
  });

  test('that is not UTF-8 is itself', () => {
    const body = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]);
    expect(sameBytes(body, ['$.a'])).toBe(body);
  });

  test('that is a part of a larger buffer is read from its own place', () => {
    expect(Buffer.from(sameBytes(new Uint8Array(Buffer.from('xx{"a":1,"b":2}')).subarray(2), ['$.a'])).toString()).toBe('{"b":2}');
  });

  test('row 11: that is deeper than it can be written again is itself', () => {
    const body = Buffer.from(`{"a":1,"b":${'['.repeat(500_000)}${']'.repeat(500_000)}}`);
    expect(() => sameBytes(body, ['$.a'])).not.toThrow();
  });
});

const EVENT = { id: '7', type: 'a.b', time: new Date('2026-01-02T03:04:05Z') };

/** What a redelivery changes, by the scheme, in a sample of its event: each has another shape. */
const REDELIVERIES: { readonly [scheme: string]: (event: any) => void } = {
  'notion': (event) => { event.attempt_number++; },
  'line': (event) => { for (const each of event.events) each.deliveryContext.isRedelivery = true; },
  'coinbase-commerce': (event) => { event.attempt_number++; event.id++; event.scheduled_for = '2026-01-02T04:04:05Z'; },
  'hubspot': (event) => { event[0].attemptNumber++; },
  'hubspot-v1': (event) => { event[0].attemptNumber++; },
  'intercom': (event) => { event.delivery_attempts++; event.first_sent_at = 1_767_323_045; },
  'nylas': (event) => { event.webhook_delivery_attempt++; },
  'telnyx': (event) => { event.meta.attempt++; },
  'mailgun': (event) => { event.signature = { timestamp: '1', token: 't', signature: 's' }; },
  'gocardless': (event) => { event.meta = { webhook_id: 'WB124' }; },
  'paddle': (event) => { event.notification_id = 'ntf_2'; },
  'stripe': (event) => { event.pending_webhooks = 0; },
  'mux': (event) => { event.attempts.push({ response_status_code: 503 }); },
  'heroku': (event) => { event.webhook_metadata.attempt.id = 'another'; },
  'linear': (event) => { event.webhookTimestamp = 1_767_326_645_000; },
};

test('every scheme with such members has a redelivery here', () => {
  expect(Object.values(SCHEMES).filter(({ volatile }) => volatile).map(({ name }) => name).sort()).toEqual(Object.keys(REDELIVERIES).sort());
});

test.each(Object.entries(REDELIVERIES))('a redelivery of %s is the same body, and what it is about is not left out', (name, redeliver) => {
  const scheme = SCHEMES[name]!;
  const first = JSON.stringify(sampleFor(scheme).body(EVENT));
  const again = JSON.parse(first);
  redeliver(again);
  expect(JSON.stringify(again)).not.toBe(first);
  expect(text(JSON.stringify(again), scheme.volatile)).toBe(text(first, scheme.volatile));
  const other = JSON.parse(first);
  (Array.isArray(other) ? other[0] : other).more = 'a change';
  expect(text(JSON.stringify(other), scheme.volatile)).not.toBe(text(first, scheme.volatile));
});
