import fc from 'fast-check';
import { openEnvelope } from '../../../lambda/deliver/open';
import { envelope, withPayload } from '../support/deliver';

const open = (fields: object) => openEnvelope(JSON.stringify({ ...envelope, ...fields }));

test('an envelope opens to the very bytes', () => {
  expect(open({})).toEqual({ kind: 'event', envelope, body: Buffer.from('{"id":"evt_1"}') });
  expect(open({ body: '' })).toMatchObject({ kind: 'event', body: Buffer.alloc(0) });
  expect(open({ body: undefined, bodyBase64: '/wA=' })).toMatchObject({ kind: 'event', body: Buffer.from([0xff, 0]) });
  expect(open({ type: null, providerId: undefined, headers: {} })).toMatchObject({ kind: 'event' });
  expect(open({ unknown: 'field' })).toMatchObject({ kind: 'event' });
});

test.each([3, 4, 1_000])('row 60: version %d is of a newer function', (v) => {
  expect(open({ v, id: undefined })).toEqual({ kind: 'newer', version: v });
});

const { payload, ...head } = withPayload(Buffer.from('{}'));

test('from version 2 on a body may be elsewhere', () => {
  const reference = { ...head, payload };
  expect(openEnvelope(JSON.stringify(reference))).toEqual({ kind: 'elsewhere', envelope: reference, payload });
  expect(open({ v: 2 })).toMatchObject({ kind: 'event', body: Buffer.from('{"id":"evt_1"}') });
  expect(openEnvelope(JSON.stringify({ ...reference, v: 1 }))).toMatchObject({ kind: 'garbage' });
});

test.each<[string, unknown]>([
  ['no key', { ...payload, key: undefined }], ['an empty key', { ...payload, key: '' }], ['no length', { ...payload, bytes: undefined }],
  ['a negative length', { ...payload, bytes: -1 }], ['half a byte', { ...payload, bytes: 1.5 }], ['no hash', { ...payload, sha256: undefined }],
  ['a short hash', { ...payload, sha256: 'ab' }], ['a hash in capitals', { ...payload, sha256: payload.sha256.toUpperCase() }], ['null', null], ['a text', 'payloads/x'], ['a list', []],
])('a reference with %s is garbage', (_what, reference) => {
  expect(openEnvelope(JSON.stringify({ ...head, payload: reference }))).toMatchObject({ kind: 'garbage' });
});

test.each<[string, object]>([['a body', { body: '' }], ['a body in base64', { bodyBase64: '' }]])('a reference beside %s is garbage', (_what, more) => {
  expect(openEnvelope(JSON.stringify({ ...head, payload, ...more }))).toMatchObject({ kind: 'garbage', detail: expect.stringContaining('one of body, bodyBase64, payload') });
});

test.each([
  ['{'], ['null'], ['[]'], ['"text"'], ['5'], [''], ['{}'], ['not JSON'],
])('%j is garbage', (text) => {
  expect(openEnvelope(text)).toMatchObject({ kind: 'garbage', detail: expect.stringContaining('the message is not an envelope: ') });
});

test.each<[string, unknown]>([
  ['v', undefined], ['v', 0], ['v', -1], ['v', 1.5], ['v', '1'], ['id', undefined], ['id', ''], ['id', 5], ['source', null], ['source', ''], ['type', undefined],
  ['type', 5], ['time', undefined], ['headers', undefined], ['headers', null], ['headers', { a: 1 }], ['headers', 'x'], ['body', undefined], ['body', 5],
  ['body', null], ['bodyBase64', 'AAAA'], ['bodyBase64', '%'], ['providerId', 5],
])('an envelope with %s %j is garbage', (name, value) => {
  expect(open({ [name]: value })).toMatchObject({ kind: 'garbage' });
});

test('nothing makes it throw', () => {
  fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), (text) => { openEnvelope(text); }), { numRuns: 500 });
});
