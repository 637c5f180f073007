import { createPublicKey } from 'node:crypto';
import { KeyRing, toKey, toSigningKey } from '../../../lambda/shared/key';

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

describe('what Standard Webhooks signs with', () => {
  // The first test vector of RFC 8032, section 7.1.
  const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
  const point = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex');
  const whsk = (...parts: Buffer[]) => `whsk_${Buffer.concat(parts).toString('base64')}`;

  test.each([['its seed', whsk(seed)], ['its seed and public key', whsk(seed, point)]])('is a private key from %s', (_what, text) => {
    const key = toSigningKey(text, 'id');
    expect(key).toMatchObject({ type: 'private', asymmetricKeyType: 'ed25519' });
    expect(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32)).toEqual(point);
  });

  test('is a secret key from anything else', () => expect(toSigningKey(`whsec_${base64(24)}`, 'id')).toMatchObject({ type: 'secret' }));

  test.each([
    [whsk(seed, seed), 'its public key is not that of its private key'], [whsk(Buffer.alloc(32)), 'zero bytes only'], ['whsk_', 'it is not "whsk_"'],
    [whsk(seed.subarray(1)), 'it is not "whsk_"'], [`${whsk(seed)}!`, 'it is not "whsk_"'], ['whpk_AAAA', 'it is not "whsec_"'], ['', 'it is empty'],
  ])('is not %j', (text, explanation) => {
    expect(() => toSigningKey(text, 'arn:secret')).toThrow(/^secret "arn:secret" is unusable: /);
    expect(() => toSigningKey(text, 'arn:secret')).toThrow(explanation);
    expect(() => toSigningKey(text, 'arn:secret')).not.toThrow(seed.toString('base64').slice(0, 8));
  });

  test('is in a ring too', () => {
    const ring = new KeyRing(toSigningKey, 'id');
    expect(ring.keys([whsk(seed), `whsec_${base64(24)}`, 'whsk_no']).map(({ type }) => type)).toEqual(['private', 'secret']);
  });
});
