import { fillIn } from '../../../lambda/shared/config';

test('values take the places of their references', () => {
  const config = { queueUrl: { $value: 1 }, list: [{ $value: 0 }, 'x'], deep: { er: { $value: 0 } }, n: 5, none: null };
  expect(fillIn(JSON.stringify(config), '["a","b"]')).toEqual({ queueUrl: 'b', list: ['a', 'x'], deep: { er: 'a' }, n: 5, none: null });
});

test.each([['{"$value":"0"}'], ['{"$value":0,"and":1}'], ['{"value":0}']])('%s is no reference', (text) => {
  expect(fillIn(text, '["a"]')).toEqual(JSON.parse(text));
});

test.each([
  ['{"a":{"$value":2}}', '["a","b"]', 'refers to value 2, but VALUES has 2'],
  ['{"a":{"$value":0}}', '[5]', 'refers to value 0'],
  ['{"a":{"$value":-1}}', '["a"]', 'refers to value -1'],
  ['{}', '{}', 'VALUES is not a JSON array'],
])('%s with %s fails', (config, values, message) => {
  expect(() => fillIn(config, values)).toThrow(message);
});
