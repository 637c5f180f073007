import fc from 'fast-check';
import { openEnvelope } from '../../../lambda/deliver/open';
import { envelope } from '../support/deliver';

const open = (fields: object) => openEnvelope(JSON.stringify({ ...envelope, ...fields }));

test('an envelope opens to the very bytes', () => {
  expect(open({})).toEqual({ kind: 'event', envelope, body: Buffer.from('{"id":"evt_1"}') });
  expect(open({ body: '' })).toMatchObject({ kind: 'event', body: Buffer.alloc(0) });
  expect(open({ body: undefined, bodyBase64: '/wA=' })).toMatchObject({ kind: 'event', body: Buffer.from([0xff, 0]) });
  expect(open({ type: null, providerId: undefined, headers: {} })).toMatchObject({ kind: 'event' });
  expect(open({ unknown: 'field' })).toMatchObject({ kind: 'event' });
});

test.each([2, 3, 1_000])('version %d is of a newer function', (v) => {
  expect(open({ v, id: undefined })).toEqual({ kind: 'newer', version: v });
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
