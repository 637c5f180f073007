import { readOptions } from './options';

const ENDPOINT = ['--endpoint', 'http://127.0.0.1:4566'];

test('an endpoint is enough', () => {
  expect(readOptions(ENDPOINT)).toEqual({
    kind: 'run', endpoint: 'http://127.0.0.1:4566', scale: false, only: new RegExp('', 'i'), engine: 'http://127.0.0.1:4566', version: '',
  });
});

test('everything may be said', () => {
  const args = ['--control', 'http://127.0.0.1:1/', '--scale', '--only', 'fifo', '--skip', '^a', '--json', 'f', '--engine', 'e', '--engine-version', '1'];
  expect(readOptions([...ENDPOINT, ...args])).toEqual({
    kind: 'run', endpoint: 'http://127.0.0.1:4566', control: 'http://127.0.0.1:1', scale: true, only: /fifo/i, skip: /^a/i, json: 'f',
    engine: 'e', version: '1',
  });
});

test('--table takes the files', () => {
  expect(readOptions(['--table', 'a.json', 'b.json'])).toEqual({ kind: 'table', files: ['a.json', 'b.json'] });
});

test.each([
  [[], 'there is no endpoint: give --endpoint URL'],
  [['--endpoint', 'localhost:4566'], '--endpoint is "localhost:4566"; write a URL that starts with http:// or https://'],
  [[...ENDPOINT, '--control', '8080'], '--control is "8080"'],
  [[...ENDPOINT, '--only', '('], '--only is "(": Invalid regular expression'],
  [[...ENDPOINT, '--skip', '('], '--skip is "("'],
  [[...ENDPOINT, 'more'], '"more" is no option: see --help'],
  [[...ENDPOINT, '--nonsense'], 'Unknown option \'--nonsense\''],
  [['--table'], '--table has no files'],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
