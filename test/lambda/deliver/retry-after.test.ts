import { readRetryAfter } from '../../../lambda/deliver/retry-after';

const NOW = Date.parse('2026-01-02T03:04:05.500Z');

test.each<[string | undefined, number | undefined]>([
  ['120', 120],
  ['5', 5],
  ['0', 0],
  [' 7 ', 7],
  ['007', 7],
  ['99999999999', 99_999_999_999],
  ['Fri, 02 Jan 2026 03:05:05 GMT', 60],
  ['Fri, 02 Jan 2026 03:04:06 GMT', 1],
  ['Fri, 02 Jan 2026 03:00:00 GMT', 0],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  // The day's name is not checked: the target has said when.
  ['Mon, 02 Jan 2026 03:05:05 GMT', 60],
  [undefined, undefined],
  ['', undefined],
  [' ', undefined],
  ['-1', undefined],
  ['1e9', undefined],
  ['1.5', undefined],
  ['0x10', undefined],
  ['5s', undefined],
  ['120, 120', undefined],
  ['soon', undefined],
  ['2026-01-02T03:05:05Z', undefined],
  ['Fri, 02 Jan 2026 03:05:05', undefined],
  ['Friday, 02-Jan-26 03:05:05 GMT', undefined],
  ['Fri, 99 Jan 2026 03:05:05 GMT', undefined],
  ['Infinity', undefined],
])('row 30: %j asks for %j seconds', (value, seconds) => {
  expect(readRetryAfter(value, NOW)).toBe(seconds);
});
