import { BlockList } from 'node:net';
import fc from 'fast-check';
import { compileFilter } from '../../../../lambda/ingest/filter';
import { compileCidr } from '../../../../lambda/ingest/filter/cidr';
import { compileWildcard } from '../../../../lambda/ingest/filter/wildcard';
import { matchesValue, referenceMatch } from './reference';

const KEYS = ['a', 'b', 'c'];
const TEXTS = ['', 'x', 'X', 'xy', 'yx', 'xyx', 'x*y'];
const NUMBERS = [-1, 0, 0.5, 1, 2];

const text = fc.constantFrom(...TEXTS);
const number = fc.constantFrom(...NUMBERS);
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const some = <T>(item: fc.Arbitrary<T>, minLength = 1) => fc.array(item, { minLength, maxLength: 3 });

const wildcard = fc.array(fc.constantFrom('x', 'y', '*'), { minLength: 1, maxLength: 6 }).map((parts) => parts.join('').replace(/\*+/g, '*'));
const full = text.filter((value) => value !== '');
const matcher = fc.oneof(
  { weight: 4, arbitrary: scalar },
  fc.record({ prefix: fc.oneof(text, fc.record({ 'equals-ignore-case': text })) }),
  fc.record({ suffix: fc.oneof(text, fc.record({ 'equals-ignore-case': text })) }),
  fc.record({ 'equals-ignore-case': text }),
  fc.record({ wildcard }),
  fc.record({ exists: fc.constant(true) }),
  fc.record({
    'anything-but': fc.oneof(text, number, some(text), some(number), fc.record({ prefix: full }), fc.record({ suffix: some(full) }),
      fc.record({ 'equals-ignore-case': some(text) }), fc.record({ wildcard })),
  }),
  fc.record({ numeric: fc.oneof(fc.tuple(fc.constantFrom('=', '<', '<=', '>', '>='), number), fc.constantFrom(['>', 0, '<=', 1], ['>=', -1, '<', 2])) }),
);

const object = <T>(value: fc.Arbitrary<T>) => fc.dictionary(fc.constantFrom(...KEYS), value, { minKeys: 1, maxKeys: 3 });
const withOr = (pattern: fc.Arbitrary<object>) => fc.record({ $or: some(pattern, 2) });

/** `$or` stands for whole events in the reference and for one object in a filter: they are the same but for what must not exist. */
const positive = fc.letrec<{ pattern: object; field: object }>((tie) => ({
  field: fc.oneof({ maxDepth: 3, depthIdentifier: 'pattern' }, some(matcher), tie('pattern')),
  pattern: fc.oneof({ maxDepth: 3, depthIdentifier: 'pattern' }, { weight: 3, arbitrary: object(tie('field')) }, withOr(tie('pattern'))),
})).pattern;

const withAbsent = fc.letrec<{ pattern: object; field: object }>((tie) => ({
  field: fc.oneof({ maxDepth: 3, depthIdentifier: 'absent' }, some(matcher), some(matcher).map((matchers) => [{ exists: false }, ...matchers]
    .filter((one) => !(typeof one === 'object' && one !== null && 'exists' in one && one.exists === true))),
  fc.constant([{ exists: false }]), tie('pattern')),
  pattern: object(tie('field')),
})).pattern;

const event = fc.letrec<{ event: object; value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 4, depthIdentifier: 'event' }, { weight: 2, arbitrary: scalar }, fc.array(tie('value'), { maxLength: 3 }), tie('event')),
  event: fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 3 }),
})).event as fc.Arbitrary<object>;

describe('a filter does what the slow and obvious way does', () => {
  test.each([['with alternatives', positive], ['with fields that must not exist', withAbsent]])('%s', (_what, patterns) => {
    const seen = { true: 0, false: 0 };
    fc.assert(fc.property(patterns, event, (pattern, body) => {
      const matches = compileFilter({ body: pattern as { [field: string]: unknown } })({ body: () => body, headers: {}, metadata: {} });
      seen[`${matches}`]++;
      expect(matches).toBe(referenceMatch(pattern, body));
    }), { numRuns: 4_000 });
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(200);
  });

  test('with wildcards', () => {
    fc.assert(fc.property(wildcard, fc.string({ unit: fc.constantFrom('x', 'y', '\n'), maxLength: 12 }), (pattern, value) => {
      expect(compileWildcard(pattern, 'p')(value)).toBe(matchesValue({ wildcard: pattern }, value));
    }), { numRuns: 5_000 });
  });

  test.each([['ipv4', fc.ipV4(), 32], ['ipv6', fc.ipV6(), 128]] as const)('with networks of %s', (version, address, bits) => {
    fc.assert(fc.property(address, address, fc.nat(bits), (network, candidate, length) => {
      const isIn = compileCidr(`${network}/${length}`, 'p');
      const list = new BlockList();
      list.addSubnet(network, length, version);
      expect(isIn(candidate)).toBe(list.check(candidate, version));
      expect(isIn(network)).toBe(true);
    }), { numRuns: 2_000 });
  });
});
