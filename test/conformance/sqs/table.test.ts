import type { ConformanceCase } from './case';
import type { Differences } from './differences';
import type { CaseStatus, EngineResults } from './results';
import { conformanceTable } from './table';

const testCase = (id: string, needs?: ConformanceCase['needs']): ConformanceCase => ({
  id, title: `the title of ${id}`, says: 'So it is.', page: 'API_SendMessage', ...(needs && { needs }), run: () => Promise.resolve(),
});
const CASES = [testCase('sending/a'), testCase('sending/b'), testCase('fifo/c', 'clock'), testCase('in-flight/d', 'scale')];

const results = (engine: string, ...statuses: CaseStatus[]): EngineResults => ({
  engine, version: '1.0', cases: CASES.map(({ id }, i) => ({ id, status: statuses[i] as CaseStatus })),
});
const OURS = results('ours', 'passed', 'passed', 'passed', 'passed');
const OTHER = results('other', 'passed', 'failed', 'not testable', 'not testable');
const EXPLAINED: Differences = { other: [{ cases: ['in-flight/d'], says: 'It is slow.' }, { cases: ['sending/b'], says: 'It refuses b.' }] };

test('has a row for each case, a column for each engine, and the number of an explanation where an engine differs', () => {
  const table = conformanceTable(CASES, [OURS, OTHER], EXPLAINED);
  expect(table).toContain('| ours | 1.0 | 4 | 0 | 0 |\n| other | 1.0 | 1 | 1 | 2 |\n');
  expect(table).toContain('## Sending\n\n| behaviour | ours | other |\n| --- | --- | --- |\n'
    + '| [the title of sending/a][API_SendMessage] | ✓ | ✓ |\n| [the title of sending/b][API_SendMessage] | ✓ | ✗ 2 |\n');
  expect(table).toContain('| [the title of fifo/c][API_SendMessage] | ✓ | – |\n');
  expect(table).toContain('## What differs in other 1.0\n\n1. It is slow.\n2. It refuses b.\n');
  expect(table.match(/^\[API_SendMessage\]: https:.*$/gm)).toHaveLength(1);
});

test('refuses a difference without an explanation', () => {
  expect(() => conformanceTable(CASES, [OURS, OTHER], { other: EXPLAINED['other']!.slice(1) }))
    .toThrow('differences.ts does not fit other 1.0:\n  in-flight/d differs and is not explained');
});

test('refuses an explanation without a difference', () => {
  expect(() => conformanceTable(CASES, [OURS, OTHER], { ...EXPLAINED, ours: [{ cases: ['sending/a'], says: 'No.' }] }))
    .toThrow('differences.ts does not fit ours 1.0:\n  sending/a is explained and does not differ');
});

test('refuses two explanations of one difference', () => {
  expect(() => conformanceTable(CASES, [OTHER], { other: [...EXPLAINED['other']!, { cases: ['sending/b'], says: 'Twice.' }] }))
    .toThrow('sending/b is explained twice');
});

test('what only needs a clock needs no explanation, and what is left out for other reasons does', () => {
  const left = results('other', 'not testable', 'passed', 'not testable', 'passed');
  expect(() => conformanceTable(CASES, [left], {})).toThrow(/^differences.ts does not fit other 1.0:\n {2}sending\/a differs and is not explained$/);
});

test('refuses results of a part of the suite', () => {
  expect(() => conformanceTable(CASES, [{ ...OURS, cases: OURS.cases.slice(1) }], {})).toThrow('the results of ours have no case sending/a');
});

test('brackets and bars in a title do not break the row', () => {
  const table = conformanceTable([{ ...testCase('sending/a'), title: 'a|b [c]' }], [OURS], {});
  expect(table).toContain('| [a\\|b \\[c\\]][API_SendMessage] | ✓ |');
});
