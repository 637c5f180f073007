import { eventDocument } from '../../../../lambda/deliver/format/event-document';
import { readJson } from '../../../../lambda/deliver/format/read-json';

const event = {
  id: 'evt_abcdefghijklmnopqrstuvwxyz', source: 'shop', type: null, time: '2026-01-02T03:04:05.000Z', headers: { 'content-type': 'application/json' },
  body: Buffer.from('{ "a": 1.0 }'),
};
const parsed = (difference: object = {}) => JSON.parse(eventDocument({ ...event, ...difference })) as object;

describe('an event document', () => {
  test('has the event, its headers and the very text of its body', () => {
    expect(parsed()).toEqual({ ...event, body: '{ "a": 1.0 }' });
    expect(parsed({ providerId: 'o-7' })).toEqual({ ...event, providerId: 'o-7', body: '{ "a": 1.0 }' });
  });

  test.each(['', '\ufeffmark', '\u0000', '\u{1f680}'])('keeps the text %j', (text) => {
    expect(parsed({ body: Buffer.from(text) })).toMatchObject({ body: text });
  });

  test('has in base64 what is not text', () => {
    const { body: _none, ...others } = event;
    expect(parsed({ body: Buffer.from([0xff, 0x00]) })).toEqual({ ...others, bodyBase64: '/wA=' });
  });
});

describe('the text of a body', () => {
  test.each(['{"a":1}', ' [] ', 'null', '7', '"x"', '{"a":1,"a":2}'])('that is JSON is as it came: %j', (text) => {
    expect(readJson(Buffer.from(text))).toEqual({ text, value: JSON.parse(text) });
  });

  test.each(['', 'a=1', '{', '\ufeff{}', '{} {}', 'NaN'])('that is not JSON is none: %j', (text) => {
    expect(readJson(Buffer.from(text))).toBeUndefined();
  });

  test('that is not UTF-8 is none', () => {
    expect(readJson(Buffer.from([0x22, 0xff, 0x22]))).toBeUndefined();
  });

  test('of ten million brackets is none, in no time', () => {
    expect(readJson(Buffer.alloc(10_000_000, '['))).toBeUndefined();
  });
});
