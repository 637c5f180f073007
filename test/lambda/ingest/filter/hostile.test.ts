import { compileFilter } from '../../../../lambda/ingest/filter';
import { FilterError } from '../../../../lambda/ingest/filter/filter-error';

/** Matches, counting how often a field of an object is looked up. */
function lookUps(pattern: { [field: string]: unknown }, body: (counted: (object: object) => object) => unknown) {
  let count = 0;
  const counted = (object: object) => new Proxy(object, {
    getOwnPropertyDescriptor: (target, key) => {
      count++;
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
  });
  const value = body(counted);
  return { matches: compileFilter({ body: pattern })({ body: () => value, headers: {}, metadata: {} }), count };
}

const match = (pattern: { [field: string]: unknown }, body: unknown) => (
  compileFilter({ body: pattern })({ body: () => body, headers: {}, metadata: {} }));

describe('a body that wants to cost much', () => {
  test('row 11: ten million brackets are no match', () => {
    const open = '['.repeat(10_000_000);
    expect(() => JSON.parse(open)).toThrow(SyntaxError);
    expect(match({ a: [{ exists: false }] }, JSON.parse('['.repeat(500_000) + ']'.repeat(500_000)))).toBe(false);
  });

  test('row 11: a hundred thousand lists in lists around a value hide it, and break nothing', () => {
    const deep = (depth: number) => JSON.parse(`{"a":${'['.repeat(depth)}"x"${']'.repeat(depth)}}`);
    expect(match({ a: ['x'] }, deep(64))).toBe(true);
    expect(match({ a: ['x'] }, deep(100_000))).toBe(false);
    expect(match({ a: [{ exists: false }] }, deep(100_000))).toBe(true);
  });

  test('row 11: a hundred thousand keys and a __proto__ are fields like others', () => {
    const keys = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index]));
    expect(match({ k99999: [99_999] }, keys)).toBe(true);
    expect(match({ polluted: [true] }, JSON.parse('{"__proto__":{"polluted":true}}'))).toBe(false);
    expect(match(JSON.parse('{"__proto__":{"polluted":[true]}}'), JSON.parse('{"__proto__":{"polluted":true}}'))).toBe(true);
  });

  test.each([
    ['a field that exists in none', { items: { gone: [{ exists: false }], a: ['never'] } }],
    ['a field that matches in none', { items: { a: ['never'] }, other: ['x'] }],
    ['alternatives', { items: { $or: [{ a: ['never'] }, { b: ['never'] }, { gone: [{ exists: false }], a: ['never'] }] } }],
  ])('every field of a long list is looked up once for each time the pattern names it: %s', (_what, pattern) => {
    const members = 5_000;
    const { matches, count } = lookUps(pattern, (counted) => ({ items: Array.from({ length: members }, () => counted({ a: 'x', b: 'y' })) }));
    expect(matches).toBe(false);
    // A look-up asks whether there is a field, then for it: twice at most for each of the four names.
    expect(count).toBeLessThanOrEqual(members * 8);
  });

  test('a text that almost fits a wildcard of many pieces ends', () => {
    const pattern = { a: [{ wildcard: `${'*a'.repeat(40)}*b` }] };
    expect(match(pattern, { a: 'a'.repeat(2_000_000) })).toBe(false);
    expect(match(pattern, { a: `${'a'.repeat(2_000_000)}b` })).toBe(true);
  });
});

describe('a filter that is too deep is refused and breaks nothing', () => {
  const nest = (depth: number, around: (inside: object) => object): { [field: string]: unknown } => {
    let pattern: object = { a: ['x'] };
    for (let level = 1; level < depth; level++) pattern = around(pattern);
    return pattern as { [field: string]: unknown };
  };

  test.each([
    ['objects', (inside: object) => ({ a: inside })],
    ['alternatives', (inside: object) => ({ $or: [inside, { b: ['y'] }] })],
  ])('%s', (_what, around) => {
    expect(() => compileFilter({ body: nest(32, around) })).not.toThrow();
    expect(() => compileFilter({ body: nest(33, around) })).toThrow('more than 32');
    expect(() => compileFilter({ body: nest(100_000, around) })).toThrow(FilterError);
  });

  test('and its message stays short', () => {
    const long = Array.from({ length: 10_000 }, (_, index) => index);
    expect(() => compileFilter({ body: { a: [{ prefix: long }] } })).toThrow(/^.{1,250}$/);
  });
});
