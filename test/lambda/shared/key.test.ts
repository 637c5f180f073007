import { KeyRing, toKey } from '../../../lambda/shared/key';

const base64 = (bytes: number, fill = 7) => Buffer.alloc(bytes, fill).toString('base64');

test.each([
  ['utf8', 'a', 'a'],
  ['utf8', 'ü', 'ü'],
  ['hex', '0aFF', Buffer.from([0x0a, 0xff])],
  ['base64', base64(1), Buffer.from([7])],
  ['base64', base64(4).replace(/=/g, ''), Buffer.alloc(4, 7)],
  ['whsec', `whsec_${base64(24)}`, Buffer.alloc(24, 7)],
  ['whsec', base64(24), Buffer.alloc(24, 7)],
  ['whsec', `whsec_${base64(64)}`, Buffer.alloc(64, 7)],
  // What Secrets Manager generates from letters and digits.
  ['whsec', 'Zm9v'.repeat(8), Buffer.from('foo'.repeat(8))],
  ['supabase', `v1,whsec_${base64(24)}`, Buffer.alloc(24, 7)],
  ['supabase', `whsec_${base64(24)}`, Buffer.alloc(24, 7)],
  // One character and the two that it is made of are the same key.
  ['nfkd', 'cl\u00e9', Buffer.from('cle\u0301')],
] as const)('%s %s is a key', (format, text, bytes) => {
  expect(toKey(text, format, 'id').export()).toEqual(Buffer.from(bytes));
});

test.each([
  ['utf8', '', 'it is empty'], ['utf8', ' \t\n', 'it is empty'], ['utf8', '\0\0', 'zero bytes only'],
  ['hex', 'abc', 'it is not hex'], ['hex', 'zz', 'it is not hex'], ['hex', '0000', 'zero bytes only'],
  ['base64', 'a', 'it is not base64'], ['base64', '%%%%', 'it is not base64'], ['base64', 'YW-_', 'it is not base64'], ['base64', 'AAAA', 'zero bytes only'],
  ['whsec', 'whsec_', 'it is not "whsec_" and base64 of 24 bytes or more'],
  ['whsec', `whsec_${base64(23)}`, 'it is not "whsec_"'],
  ['whsec', `whsec_whsec_${base64(24)}`, 'it is not "whsec_"'],
  ['whsec', `v1,whsec_${base64(24)}`, 'it is not "whsec_"'],
  ['whsec', `whsec_${base64(24, 0)}`, 'zero bytes only'],
  ['supabase', 'v1,whsec_', 'it is not "v1,whsec_"'],
  ['nfkd', '', 'it is empty'],
] as const)('%s %j is none', (format, text, explanation) => {
  const make = () => toKey(text, format, 'arn:secret');
  expect(make).toThrow(/^secret "arn:secret" is unusable: /);
  expect(make).toThrow(explanation);
});

test('a ring makes each key once, and leaves out previous ones that are none', () => {
  const ring = new KeyRing('utf8', 'id');
  const [first, second] = ring.keys(['a', 'b', '']);
  expect(ring.keys(['b', 'a'])).toEqual([second, first]);
  expect(ring.keys(['b', 'a'])[0]).toBe(second);
  expect(() => ring.keys(['', 'a'])).toThrow('unusable');
  expect(() => ring.keys([])).toThrow('unusable');
  for (let rotation = 0; rotation < 100; rotation++) ring.keys([`key ${rotation}`]);
  expect(ring.keys(['a'])[0]!.export().toString()).toBe('a');
});
