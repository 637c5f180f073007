import { searchGrowth } from '../../../lambda/tools/schema/pattern';
import { parsePattern, type Node } from '../../../lambda/tools/schema/pattern/parse';

const LINEAR = [
  '', 'foo', '^foo$', '[a-z]+', '^[a-z]+$', '^.*$', '\\d+', '^x-', '^[^@]+@[^@]+$', '^\\p{L}+$', '^[\\p{L}\\p{N} ]{1,100}$', '^[😀-😎]+x$',
  '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', '^\\+?[1-9]\\d{1,14}$', '^-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?$', '^(\\w+\\s)+$',
  '^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(?:-((?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?$',
  '^(?=.*[A-Z])(?=.*\\d).+$', '^(?:(?!x).)*$', '^([\\w-]+\\.)+[\\w-]+$', '^(\\d{3}){1,20}$', '^[A-Z]{64}[A-Z0-9]{64}$', '^(?<year>\\d{4})-\\d\\d$', '(?<=a)b',
  '^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,}$', '^(a?b?c?)*$', '^\\u{61}+\\x62+\\u0063+\\cJ+$', '^[\\]\\-\\\\a]+\\[$',
];
const QUADRATIC = [
  '^.*@.*$', '^a*a*$', '[a-z]+@', '\\s+$', '.*foo', '.*a.*', '^https?://.+\\..+$', '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$', '^(?:(?=.*x).)*$', '^[😀a]+[😀b]+$',
  '^\\d+\\p{N}+$', '^[\\u0000-\\uffff]*[^a]*$',
];
const CUBIC = ['^(.*)/(.*)/(.*)$', '^\\d+\\d+\\d+$', '.*.*x'];
const EXPONENTIAL = [
  '^(a+)+$', '(a|a)*$', '^(a|aa)+$', '^(\\w+\\s?)+$', '^([a-z]+)*x$', '(.*a){20}', '^(a*)*$', '^(([a-z])+.)+[A-Z]([a-z])+$', '^(a|b|ab)*c',
  '^(x+x+)+y', '^((a|bc)*|d)*$', '^(\\d{1,3},?){1,20}$', '^(?:(?:ab|a)(?:b|))*$', '(?!(a+)+b)', '^(\\s|\\u0020)*$', '^(?:.|\\n|\\w)*z',
];

test.each([
  ...LINEAR.map((pattern) => [pattern, 'linear']),
  ...QUADRATIC.map((pattern) => [pattern, 'quadratic']),
  ...CUBIC.map((pattern) => [pattern, 'cubic']),
  ...EXPONENTIAL.map((pattern) => [pattern, 'exponential']),
  // No loop, and yet 2^30 and 2^16 ways.
  ['^(a?){30}a{30}$', 'many'],
  [`^${'a?'.repeat(16)}b$`, 'many'],
  [`^${'(?:a|a)'.repeat(20)}b$`, 'many'],
])('%s is %s', (pattern, growth) => {
  expect(searchGrowth(pattern)).toBe(growth);
});

test.each([
  ['it refers back', '^(a)\\1$'], ['it refers back', '^(?<n>a)\\k<n>$'], ['it looks back without an end', 'x(?<=a+)'],
  ['it has more than 600 characters', '(a?){700}'], ['its time cannot be told', '(){4294967295}'], ['it is too long', `${'(|)'.repeat(2_000)}x`],
])('cannot be told: %s', (reason, pattern) => {
  expect(() => searchGrowth(pattern)).toThrow(reason);
});

/** An engine that goes back, as those of JavaScript do: how many characters it asks for until a search ends. */
function steps(pattern: string, text: string, limit: number): number {
  const characters = [...text];
  let count = 0;
  type Next = (at: number) => boolean;
  const match = (node: Node, at: number, next: Next): boolean => {
    if (count > limit) return true;
    switch (node.kind) {
      case 'chars': {
        count++;
        const point = characters[at]?.codePointAt(0);
        return point !== undefined && node.set.some(([from, to]) => point >= from && point <= to) && next(at + 1);
      }
      case 'sequence': return node.nodes.reduceRight<Next>((rest, part) => (place) => match(part, place, rest), next)(at);
      case 'choice': return node.nodes.some((part) => match(part, at, next));
      case 'repeat': return rounds(node, 0, at, next);
      case 'look': return match(node.node, at, () => true) && next(at);
      case 'start': return at === 0 && next(at);
      // Only `$` is among those of this test.
      default: return at === characters.length && next(at);
    }
  };
  const rounds = (node: Extract<Node, { kind: 'repeat' }>, done: number, at: number, next: Next): boolean => {
    if (done < node.max && match(node.node, at, (to) => (to > at || done < node.min) && rounds(node, done + 1, to, next))) return true;
    return done >= node.min && next(at);
  };
  const tree = parsePattern(pattern);
  for (let start = 0; start <= characters.length && !match(tree, start, () => true); start++);
  return count;
}

const PARTS = ['a', 'b', '[ab]', 'a*', 'b+', '[ab]*', 'a?', '(?:a|b)', '(?:a|ab)', '(?:a*b)*', '(?:ab?)*', '(?:a|b?a)+', '(?:ba)*', 'c', '(?:a{2,3})*', '.*'];

/** Pseudo-random and the same each time. */
function randomOf(seed: number): (count: number) => number {
  let state = seed;
  return (count) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor(state / 65_536) % count;
  };
}

test('what is called linear or quadratic is no slower in an engine that goes back, over texts that repeat', () => {
  const random = randomOf(7);
  const texts = ['a', 'b', 'ab', 'ba', 'aab', 'abb'].flatMap((unit) => [`${unit.repeat(Math.ceil(60 / unit.length))}d`]);
  let judged = 0;
  for (let i = 0; i < 1_500; i++) {
    const parts = Array.from({ length: 1 + random(4) }, () => PARTS[random(PARTS.length)]).join('');
    const pattern = [`^${parts}$`, parts, `^(?:${parts})*c$`, `(?:${parts})+$`][random(4)] as string;
    const growth = searchGrowth(pattern);
    if (growth !== 'linear' && growth !== 'quadratic') continue;
    judged++;
    for (const text of texts) {
      const size = text.length * pattern.length;
      const limit = growth === 'linear' ? size * 4 : size * text.length;
      expect([pattern, text, steps(pattern, text, limit) <= limit]).toEqual([pattern, text, true]);
    }
  }
  expect(judged).toBeGreaterThan(400);
});
