import { type IntrinsicScope, NO_VALUE, resolve } from '../../../local/assembly/intrinsics';

const values: { [name: string]: unknown } = { 'Name': 'orders', 'List': ['a', 'b', 'c'], 'AWS::Region': 'eu-west-1', 'AWS::NoValue': NO_VALUE, 'Number': 3 };

const scope: IntrinsicScope = {
  stackName: 'Main',
  ref: (name) => {
    if (!(name in values)) throw new Error(`no ${name}`);
    return values[name];
  },
  getAtt: (logicalId, attribute) => `${logicalId}/${attribute}`,
  condition: (name) => name === 'Yes',
  findInMap: (...keys) => keys.join('.'),
  importValue: (name) => `imported ${name}`,
  stackOutput: (stack, output) => `${stack}:${output}`,
};

const at = (value: unknown, path = 'Resources/Q/Properties/P') => resolve(value, scope, path);

test.each<[string, unknown, unknown]>([
  ['Ref', { Ref: 'Name' }, 'orders'],
  ['Ref of a list', { Ref: 'List' }, ['a', 'b', 'c']],
  ['Fn::GetAtt', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue/Arn'],
  ['Fn::GetAtt in one string', { 'Fn::GetAtt': 'Nested.Outputs.Url' }, 'Nested/Outputs.Url'],
  ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Name' }, 1]] }, 'a-orders-1'],
  ['Fn::Join of a list by reference', { 'Fn::Join': ['', { Ref: 'List' }] }, 'abc'],
  ['Fn::Join with a part left out', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::NoValue' }, 'b']] }, 'a-b'],
  ['Fn::Split', { 'Fn::Split': ['||', '||key'] }, ['', 'key']],
  ['Fn::Select', { 'Fn::Select': ['1', { Ref: 'List' }] }, 'b'],
  ['Fn::Select of Fn::Split', { 'Fn::Select': [5, { 'Fn::Split': [':', 'arn:aws:sqs:eu-west-1:1:orders'] }] }, 'orders'],
  ['Fn::Sub', { 'Fn::Sub': '${Name}.${Queue.Arn}.${!Kept}.${AWS::Region}' }, 'orders.Queue/Arn.${Kept}.eu-west-1'],
  ['Fn::Sub with variables', { 'Fn::Sub': ['${a}/${Name}', { a: { Ref: 'Number' } }] }, '3/orders'],
  ['Fn::If, held', { 'Fn::If': ['Yes', { Ref: 'Name' }, 'no'] }, 'orders'],
  ['Fn::If, not held', { 'Fn::If': ['No', 'yes', { Ref: 'Name' }] }, 'orders'],
  ['Fn::FindInMap', { 'Fn::FindInMap': ['Map', { Ref: 'AWS::Region' }, 'k'] }, 'Map.eu-west-1.k'],
  ['Fn::ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': 'x-${Name}' } }, 'imported x-orders'],
  ['Fn::GetStackOutput', { 'Fn::GetStackOutput': { StackName: 'Other', OutputName: 'Url' } }, 'Other:Url'],
  ['Fn::Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
  ['Fn::GetAZs', { 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
  ['Fn::Length', { 'Fn::Length': { Ref: 'List' } }, 3],
  ['Fn::ToJsonString', { 'Fn::ToJsonString': { a: { Ref: 'Name' } } }, '{"a":"orders"}'],
  ['a value without functions', { a: [1, null, true, { b: 'c' }] }, { a: [1, null, true, { b: 'c' }] }],
  ['an object of more than one key', { Ref: 'Name', other: 1 }, { Ref: 'Name', other: 1 }],
  ['a property that is named like a member of all objects', { constructor: 'x' }, { constructor: 'x' }],
  ['the property Condition', { Condition: 'x' }, { Condition: 'x' }],
])('%s', (_name, value, expected) => {
  expect(at(value)).toEqual(expected);
});

test.each<[string, unknown, boolean]>([
  ['Fn::Equals', { 'Fn::Equals': [{ Ref: 'Number' }, '3'] }, true],
  ['Fn::Equals of others', { 'Fn::Equals': ['a', 'b'] }, false],
  ['Fn::And', { 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Equals': [1, 1] }] }, true],
  ['Fn::And with one that is false', { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] }, false],
  ['Fn::Or', { 'Fn::Or': [{ Condition: 'No' }, { Condition: 'Yes' }] }, true],
  ['Fn::Or with none that is true', { 'Fn::Or': [{ Condition: 'No' }, { Condition: 'No' }] }, false],
  ['Fn::Not', { 'Fn::Not': [{ Condition: 'No' }] }, true],
])('%s in a condition', (_name, value, expected) => {
  expect(at(value, 'Conditions/C')).toBe(expected);
});

test('AWS::NoValue leaves out a property and an element', () => {
  const none = { Ref: 'AWS::NoValue' };
  expect(at({ a: none, b: ['x', none, { 'Fn::If': ['No', 'y', none] }] })).toEqual({ b: ['x'] });
});

test.each<[string, unknown, RegExp]>([
  ['a function that is not known', { 'Fn::Cidr': ['10.0.0.0/16', 1, 8] }, /does not know Fn::Cidr/],
  ['a reference to nothing', { Ref: 'Gone' }, /"Ref":"Gone".*no Gone/],
  ['an element beyond the list', { 'Fn::Select': [3, { Ref: 'List' }] }, /no element 3 among 3/],
  ['a list where text is needed', { 'Fn::Sub': '${List}' }, /is no text/],
  ['text where a list is needed', { 'Fn::Join': ['', 'abc'] }, /"abc" is not a list/],
])('fails when there is %s, and names the place', (_name, value, message) => {
  expect(() => at({ deep: [value] })).toThrow(expect.objectContaining({ code: 'unresolvable', message: expect.stringMatching(message) }));
  expect(() => at({ deep: [value] })).toThrow(/at Resources\/Q\/Properties\/P\/deep\/0.* of stack "Main"/);
});

test('names the innermost function that fails', () => {
  expect(() => at({ 'Fn::Join': ['', [{ 'Fn::Sub': '${Gone}' }]] })).toThrow(/^cannot resolve {"Fn::Sub":"\$\{Gone\}"} at \S+\/Fn::Join\/0 of/);
});
