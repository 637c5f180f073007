import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CliError, Exit } from '../../cli/cli-error';
import { readSecretsFile } from '../../cli/dev/secrets-file';

const folder = mkdtempSync(path.join(os.tmpdir(), 'secrets-file-'));
const file = path.join(folder, 'secrets.json');

afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string): unknown {
  writeFileSync(file, text);
  return readSecretsFile(file);
}

function failure(text: string): CliError {
  try {
    read(text);
  } catch (error) {
    return error as CliError;
  }
  throw new Error('it was taken');
}

test('a string is the current version', () => {
  expect(read('{"github": "s3cret"}')).toEqual({ github: { current: 's3cret' } });
});

test('an object has the current and the previous version', () => {
  expect(read('{"a/b": {"current": "new", "previous": "old"}, "c": {"current": "only"}}')).toEqual({
    'a/b': { current: 'new', previous: 'old' },
    'c': { current: 'only' },
  });
});

test('a byte order mark is no fault', () => {
  expect(read('\ufeff{"a": "b"}')).toEqual({ a: { current: 'b' } });
});

test('__proto__ is a name like any other', () => {
  expect(Object.entries(read('{"__proto__": "s3cret"}') as object)).toEqual([['__proto__', { current: 's3cret' }]]);
});

describe('fails with a usage error that names what is wrong and shows no value', () => {
  test.each([
    ['{"github": s3cret}', 'not valid JSON'],
    ['{"github": "s3cret"', 'not valid JSON'],
    ['["s3cret"]', 'an array'],
    ['"s3cret"', 'a string'],
    ['null', 'null'],
    ['{"github": 12345678}', '"github" is a number'],
    ['{"github": ["s3cret"]}', '"github" is an array'],
    ['{"github": null}', '"github" is null'],
    ['{"github": ""}', '"github" is an empty string'],
    ['{"": "s3cret"}', 'name is ""'],
    ['{"github": {"previous": "s3cret"}}', '"github.current" is missing'],
    ['{"github": {"current": "x", "previous": null}}', '"github.previous" is null'],
    ['{"github": {"current": "s3cret", "old": "s3cret"}}', '"old"'],
    [JSON.stringify({ github: 's3cret'.repeat(11_000) }), '65536'],
  ])('%.40s', (text, message) => {
    const error = failure(text);
    expect(error).toBeInstanceOf(CliError);
    expect(error.exit).toBe(Exit.USAGE);
    expect(error.message).toContain(message);
    expect(error.message).not.toMatch(/s3cret|1234/);
  });

  test('a file that is not there', () => {
    expect(() => readSecretsFile(path.join(folder, 'none.json'))).toThrow('ENOENT');
  });
});
