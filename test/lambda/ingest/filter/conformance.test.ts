import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compileFilter, FilterError } from '../../../../lambda/ingest/filter';

interface Case {
  readonly from: string;
  readonly about: string;
  readonly pattern: { readonly [field: string]: unknown };
  readonly matches: unknown[];
  readonly differs: unknown[];
}

interface Refusal {
  readonly from: string;
  readonly about: string;
  readonly pattern: { readonly [field: string]: unknown };
  /** Of the message: where, and the value or the cure. */
  readonly says: string[];
}

const folder = path.resolve(__dirname, '../../../conformance/filter');
const read = <T>(file: string): T[] => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as T[];
const cases = read<Case>('cases.json');
const refusals = read<Refusal>('refused.json');

const matcher = (pattern: Case['pattern']) => {
  const filter = compileFilter({ body: pattern });
  return (body: unknown) => filter({ body: () => body, headers: {}, metadata: {} });
};

let checked = 0;

describe('event patterns as AWS and event-ruler document them', () => {
  test.each(cases)('$about', ({ pattern, matches, differs }) => {
    const isMatch = matcher(pattern);
    expect(matches.filter((event) => !isMatch(event))).toEqual([]);
    expect(differs.filter((event) => isMatch(event))).toEqual([]);
    checked += matches.length + differs.length;
  });

  test.each(refusals)('refused: $about', ({ pattern, says }) => {
    expect(() => matcher(pattern)).toThrow(FilterError);
    for (const words of says) expect(() => matcher(pattern)).toThrow(words);
    checked++;
  });

  test('every case says where it comes from', () => {
    expect([...cases, ...refusals].filter(({ from }) => !URL.canParse(from))).toEqual([]);
  });

  afterAll(() => process.stdout.write(`event patterns: ${checked} cases passed\n`));
});
