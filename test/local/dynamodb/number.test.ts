import fc from 'fast-check';
import { addNumbers, normalNumber, sortableNumber } from '../../../local/dynamodb/number';

test.each([
  ['0', '0'], ['-0', '0'], ['+7', '7'], ['007', '7'], ['1.50', '1.5'], ['.5', '0.5'], ['5.', '5'], ['1e3', '1000'], ['1.2E-3', '0.0012'], ['-12.340', '-12.34'],
  ['1e-130', `0.${'0'.repeat(129)}1`], ['9.99e125', `999${'0'.repeat(123)}`], ['100', '100'], ['0.000', '0'],
])('%s is %s', (text, expected) => {
  expect(normalNumber(text)).toBe(expected);
});

test.each([
  ['', 'cannot be converted'], ['x', 'cannot be converted'], ['1e', 'cannot be converted'], ['.', 'cannot be converted'], ['0x10', 'cannot be converted'],
  ['NaN', 'cannot be converted'], [' 1', 'cannot be converted'], ['1e126', 'overflow'], ['1e-131', 'underflow'], ['1'.repeat(39), '38 significant digits'],
])('%j is refused', (text, message) => {
  expect(() => normalNumber(text)).toThrow(expect.objectContaining({ name: 'ValidationException', message: expect.stringContaining(message) }));
});

test.each([
  ['1', '2', '3'], ['0.1', '0.2', '0.3'], ['5', '-5', '0'], ['-1.5', '0.25', '-1.25'], ['1e20', '1', '100000000000000000001'],
])('%s and %s are %s', (a, b, sum) => {
  expect(addNumbers(a, b)).toBe(sum);
  expect(addNumbers(sum, b, -1)).toBe(normalNumber(a));
});

test('a sum with more than 38 digits is refused', () => {
  expect(() => addNumbers('1e60', '1')).toThrow('38 significant digits');
});

test('sortable text has the order of the numbers', () => {
  const decimal = fc.tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: -8, max: 8 }));
  fc.assert(fc.property(decimal, decimal, ([a, x], [b, y]) => {
    const [first, second] = [`${a}e${x}`, `${b}e${y}`];
    // Whole numbers at the same scale, so that no floating point is asked.
    const difference = BigInt(a) * 10n ** BigInt(x + 8) - BigInt(b) * 10n ** BigInt(y + 8);
    const [p, q] = [sortableNumber(first), sortableNumber(second)];
    expect(Math.sign(Number(difference))).toBe(p === q ? 0 : p < q ? -1 : 1);
  }), { numRuns: 2000 });
});
