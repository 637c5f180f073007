import { describe as describeError, timed, writeLine } from '../../../lambda/shared/log';

test('a line is one line of JSON, with event and time first', () => {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    timed(writeLine, () => 0)({ event: 'unrouted', id: 'evt_1', source: 'a\nb', type: '\u001b[31m', reason: 'r' });
    expect(write).toHaveBeenCalledTimes(1);
    expect(write).toHaveBeenCalledWith(
      '{"event":"unrouted","time":"1970-01-01T00:00:00.000Z","id":"evt_1","source":"a\\nb","type":"\\u001b[31m","reason":"r"}\n');
  } finally {
    write.mockRestore();
  }
});

test.each([
  [new TypeError('no'), 'TypeError: no'],
  [new Error('at https://x.example/a?token=1 and ?b'), 'Error: at https://x.example/a?… and ?…'],
  ['text', 'a value that is not an Error was thrown'],
  [undefined, 'a value that is not an Error was thrown'],
])('%s in words', (error, words) => {
  expect(describeError(error)).toBe(words);
});

test('words have an end', () => {
  expect(describeError(new Error('x'.repeat(10_000)))).toHaveLength(500);
});
