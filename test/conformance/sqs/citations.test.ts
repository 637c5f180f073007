import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isApiPage, pageUrl } from './case';
import { allCases } from './cases';
import { DIFFERENCES } from './differences';

/** The SDK's types, which carry the API reference. */
function typesOfSdk(): string {
  const types = path.join(path.dirname(require.resolve('@aws-sdk/client-sqs/package.json')), 'dist-types');
  const files = ['commands', 'models'].flatMap((folder) => readdirSync(path.join(types, folder)).map((name) => path.join(types, folder, name)));
  return files.filter((file) => file.endsWith('.d.ts')).map((file) => readFileSync(file, 'utf8')).join('\n');
}

function plain(text: string): string {
  return text.replace(/^\s*\*/gm, ' ').replace(/<[^>]*>/g, '').replace(/\s+/g, ' ');
}

const types = typesOfSdk();
const reference = plain(types);
// Lists of values are code there, and the page of common errors is not in it.
const cited = allCases.filter(({ page, says }) => isApiPage(page) && page !== 'CommonErrors' && !says.startsWith('Valid Values:'));

test.each(cited.map(({ id, says }) => [id, says]))('%s quotes the API reference', (_id, says) => {
  expect(reference).toContain(plain(says));
});

test.each([...new Set(cited.map(({ page }) => page))])('%s is the page of an action or a type', (page) => {
  expect(types).toMatch(new RegExp(`(class ${page.slice('API_'.length)}Command|interface ${page.slice('API_'.length)}) `));
});

test.each(['id', 'title'] as const)('no two cases have the same %s', (key) => {
  const values = allCases.map((testCase) => testCase[key]);
  expect(values.filter((value, i) => values.indexOf(value) < i)).toEqual([]);
});

test('the cases of a group stand together', () => {
  const groups = allCases.map(({ id }) => id.split('/')[0]).filter((group, i, all) => group !== all[i - 1]);
  expect(new Set(groups).size).toBe(groups.length);
});

test('explanations are for cases that exist', () => {
  const ids = new Set(allCases.map(({ id }) => id));
  expect(Object.values(DIFFERENCES).flat().flatMap(({ cases }) => cases).filter((id) => !ids.has(id))).toEqual([]);
});

test('pages are those of the reference or of the guide', () => {
  expect(pageUrl('API_SendMessage')).toBe('https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html');
  expect(pageUrl('sqs-delay-queues')).toBe('https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html');
});
