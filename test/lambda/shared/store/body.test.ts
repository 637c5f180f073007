import { inflateRawSync } from 'node:zlib';
import { MAX_ROW_BODY_BYTES } from '../../../../lib/contract/store';
import { rowBody } from '../../../../lambda/shared/store/body';
import { noise } from '../../support/recorded';

const REST = 400;
const zeros = (bytes: number) => Buffer.alloc(bytes);

const kindOf = (body: Buffer, most?: number): string => {
  const found = rowBody(body, REST, most);
  if (found.kind === 'elsewhere') return 'elsewhere';
  return Object.keys(found.attributes)[0] ?? 'nothing';
};

test.each<[string, Buffer, string]>([
  ['empty', zeros(0), 'nothing'],
  ['in the first write unit', zeros(600), 'body'],
  ['one byte into the second, and smaller compressed', zeros(625), 'bodyDeflated'],
  ['one byte into the second, and not smaller compressed', noise(625), 'body'],
  ['compressed, and in as many units as before', Buffer.concat([noise(2_600), zeros(20)]), 'body'],
  ['as big as a row takes', noise(MAX_ROW_BODY_BYTES), 'body'],
  ['one byte bigger', noise(MAX_ROW_BODY_BYTES + 1), 'elsewhere'],
  ['bigger, and smaller compressed', zeros(MAX_ROW_BODY_BYTES + 1), 'bodyDeflated'],
  ['so big that compressing it is not tried', zeros(8 * MAX_ROW_BODY_BYTES + 1), 'elsewhere'],
])('a body that is %s is where it costs least', (_what, body, kind) => {
  expect(kindOf(body)).toBe(kind);
});

test('without a payload bucket a row takes more', () => {
  expect(kindOf(noise(100_000), 350 * 1_024)).toBe('body');
  expect(kindOf(noise(400_000), 350 * 1_024)).toBe('elsewhere');
});

test('a compressed body is the same once it is inflated', () => {
  const body = Buffer.from(JSON.stringify(Array.from({ length: 200 }, (_none, index) => ({ index, state: 'open' }))));
  const found = rowBody(body, REST);
  expect(found.kind === 'inside' && inflateRawSync(found.attributes.bodyDeflated!)).toEqual(body);
});
