import { performance } from 'node:perf_hooks';
import { createValidate, type CompiledSchemas } from '../../../lambda/ingest/validate';
import { WebhookRequest } from '../../../lambda/ingest/request';
import { compile } from '../tools/compile';

const requestOf = (body: string | Buffer): WebhookRequest => new WebhookRequest('POST', {}, Buffer.from(body as string), '', undefined);
const never = (): never => { throw new Error('is not asked'); };

/** What a source with one schema for all says of a body. */
const objection = (schema: unknown, body: string | Buffer): string | undefined => (
  createValidate({ any: 's', onInvalid: 'quarantine' }, { s: compile(schema) })(requestOf(body), 'order.created'));

const DRAFT_7 = 'http://json-schema.org/draft-07/schema#';
type Case = [name: string, schema: object, valid: unknown[], invalid: unknown[]];

/** Alike in both drafts. */
const BOTH: Case[] = [
  ['type', { type: 'integer' }, [1, 1.0, -5], [1.5, '1', null, true]],
  ['several types', { type: ['string', 'null'] }, ['a', null], [1, {}]],
  ['enum', { enum: ['a', { b: [1] }, null] }, ['a', { b: [1] }, null], ['b', { b: [2] }, false]],
  ['const', { const: { a: 1, b: 2 } }, [{ b: 2, a: 1 }], [{ a: 1 }, 1]],
  ['const false is not 0', { const: false }, [false], [0, '']],
  ['a length is in characters, not in UTF-16 units', { minLength: 2, maxLength: 2 }, ['ab', '😀😀', 'é'.normalize('NFD')], ['a', '😀', '😀😀😀']],
  ['lengths are of texts only', { minLength: 5 }, [1, [], {}], ['a']],
  ['pattern finds anywhere', { pattern: 'b+' }, ['abc', 5], ['ac']],
  ['pattern with a class of Unicode', { pattern: '^\\p{Lu}.$' }, ['Äa', 'Ä😀'], ['äa', 'Ä']],
  ['minimum and maximum', { minimum: 1, maximum: 3 }, [1, 3], [0.99, 3.01]],
  ['exclusive bounds', { exclusiveMinimum: 1, exclusiveMaximum: 3 }, [2], [1, 3]],
  ['multipleOf with cents', { multipleOf: 0.01 }, [19.99, 0.07, 1.1, 4.35], [19.995, 0.001]],
  ['multipleOf of big numbers', { multipleOf: 5 }, [1e15, 0], [1e15 + 1]],
  ['required', { required: ['a', 'b'] }, [{ a: null, b: 0 }, 'no object'], [{ a: 1 }, {}]],
  ['a required name that every object inherits', { required: ['constructor', 'toString'] }, [{ constructor: 1, toString: 1 }], [{}]],
  ['a property that every object inherits', { properties: { valueOf: { type: 'string' } } }, [{}, { valueOf: 'a' }], [{ valueOf: 1 }]],
  ['properties', { properties: { a: { type: 'string' } } }, [{}, { a: 'x' }, { b: 1 }], [{ a: 1 }]],
  ['no other properties', { properties: { a: {} }, additionalProperties: false }, [{}, { a: 1 }], [{ b: 1 }]],
  ['other properties by a schema', { properties: { a: {} }, additionalProperties: { type: 'number' } }, [{ a: 'x', b: 1 }], [{ b: 'x' }]],
  ['patternProperties', { patternProperties: { '^x-': { type: 'string' } }, additionalProperties: false }, [{ 'x-a': 'b' }], [{ 'x-a': 1 }, { a: 'b' }]],
  ['propertyNames', { propertyNames: { maxLength: 2 } }, [{ ab: 1 }], [{ abc: 1 }]],
  ['number of properties', { minProperties: 1, maxProperties: 2 }, [{ a: 1 }], [{}, { a: 1, b: 1, c: 1 }]],
  ['items', { items: { type: 'number' } }, [[], [1, 2]], [[1, 'a']]],
  ['number of items', { minItems: 1, maxItems: 2 }, [[1]], [[], [1, 2, 3]]],
  ['contains', { contains: { const: 1 } }, [[0, 1]], [[], [0]]],
  ['uniqueItems', { uniqueItems: true }, [[1, '1', true], [[1], ['1']], []], [[1, 1.0], [{ a: 1, b: 2 }, { b: 2, a: 1 }], [null, null]]],
  ['uniqueItems of false', { uniqueItems: false }, [[1, 1]], []],
  ['allOf', { allOf: [{ minimum: 1 }, { maximum: 3 }] }, [2], [0, 4]],
  ['anyOf', { anyOf: [{ type: 'string' }, { minimum: 3 }] }, ['a', 3], [1]],
  ['oneOf', { oneOf: [{ multipleOf: 2 }, { multipleOf: 3 }] }, [2, 3], [6, 5]],
  ['not', { not: { type: 'null' } }, [1], [null]],
  ['if, then, else', { if: { properties: { k: { const: 'a' } }, required: ['k'] }, then: { required: ['x'] }, else: { required: ['y'] } },
    [{ k: 'a', x: 1 }, { k: 'b', y: 1 }], [{ k: 'a', y: 1 }, { x: 1 }]],
  ['a reference to a definition', { $ref: '#/definitions/n', definitions: { n: { type: 'number' } } }, [1], ['a']],
  ['a reference with escapes', { $ref: '#/definitions/a~1b%25', definitions: { 'a/b%': { type: 'number' } } }, [1], ['a']],
  ['a reference to itself', { properties: { child: { $ref: '#' } }, additionalProperties: false }, [{ child: { child: {} } }], [{ child: { x: 1 } }]],
  ['a reference by $id', { $id: 'https://example.com/a', $ref: 'https://example.com/a#/definitions/n', definitions: { n: { type: 'number' } } }, [1], ['a']],
  ['true and false as schemas', { properties: { a: true, b: false } }, [{ a: 1 }], [{ b: 1 }]],
  ['annotations say nothing', { title: 'a', default: 5, examples: [1], $comment: 'c', description: 'd', 'x-mine': 1 }, [1, 'a'], []],
  ['nullable, of OpenAPI', { type: 'string', nullable: true }, ['a', null], [1]],
  ['a pattern in a const is data', { const: { pattern: '^(a+)+$' } }, [{ pattern: '^(a+)+$' }], [{}]],
];

const MODERN: Case[] = [
  ['prefixItems', { prefixItems: [{ type: 'string' }], items: { type: 'number' } }, [['a', 1], []], [[1], ['a', 'b']]],
  ['unevaluatedProperties through allOf', { allOf: [{ properties: { a: {} } }], properties: { b: {} }, unevaluatedProperties: false }, [{ a: 1, b: 1 }], [{ c: 1 }]],
  ['unevaluatedProperties by the branch that was taken', { anyOf: [{ properties: { a: { const: 1 } }, required: ['a'] }, { properties: { b: {} }, required: ['b'] }],
    unevaluatedProperties: false }, [{ a: 1 }, { b: 2 }], [{ a: 2, b: 2 }]],
  ['unevaluatedProperties through a reference', { $ref: '#/$defs/x', unevaluatedProperties: false, $defs: { x: { properties: { a: {} } } } }, [{ a: 1 }], [{ b: 1 }]],
  ['unevaluatedItems', { allOf: [{ prefixItems: [{}] }], unevaluatedItems: false }, [[], ['a']], [['a', 1]]],
  ['minContains and maxContains', { contains: { type: 'string' }, minContains: 2, maxContains: 2 }, [['a', 1, 'b']], [['a'], ['a', 'b', 'c']]],
  ['dependentRequired', { dependentRequired: { card: ['address'] } }, [{}, { card: 1, address: 1 }], [{ card: 1 }]],
  ['dependentSchemas', { dependentSchemas: { a: { required: ['b'] } } }, [{}, { a: 1, b: 1 }], [{ a: 1 }]],
  ['an anchor', { $ref: '#num', $defs: { n: { $anchor: 'num', type: 'number' } } }, [1], ['a']],
  ['a dynamic reference', { $dynamicAnchor: 'node', properties: { c: { $dynamicRef: '#node' } }, unevaluatedProperties: false }, [{ c: {} }], [{ c: { x: 1 } }]],
  ['its own meta-schema', { $ref: 'https://json-schema.org/draft/2020-12/schema' }, [{ type: 'string' }, true], [{ type: 'strin' }]],
  ['siblings of a reference', { $ref: '#/$defs/n', maximum: 3, $defs: { n: { type: 'number' } } }, [3], [4, 'a']],
];

const OLD: Case[] = [
  ['items as a list', { items: [{ type: 'string' }], additionalItems: { type: 'number' } }, [['a', 1]], [[1], ['a', 'b']]],
  ['dependencies', { dependencies: { a: ['b'], c: { required: ['d'] } } }, [{}, { a: 1, b: 1 }, { c: 1, d: 1 }], [{ a: 1 }, { c: 1 }]],
  ['prefixItems means nothing', { prefixItems: [{ type: 'string' }] }, [[1]], []],
  ['its own meta-schema', { $ref: DRAFT_7 }, [{ type: 'string' }], [{ type: 'strin' }]],
];

const FORMATS: [format: string, valid: unknown[], invalid: unknown[]][] = [
  ['date-time', ['2026-01-02T03:04:05Z', '2026-01-02t03:04:05.123+02:00', '1998-12-31T23:59:60Z', '1998-12-31T15:59:60-08:00', 5],
    ['2026-01-02', '2026-01-02T03:04:05', '2026-13-02T03:04:05Z', '2026-01-02T24:00:00Z', '1998-12-31T22:59:60Z', '1998-12-31T03:04:05+24:00', '']],
  ['date', ['2024-02-29', '2000-02-29'], ['2026-02-29', '1900-02-29', '2026-1-2', '2026-00-01', '2026-04-31', ' 2026-04-30', '２026-04-30']],
  ['time', ['03:04:05Z', '03:04:05.5-01:30'], ['03:04:05', '3:04:05Z', '03:60:05Z']],
  ['duration', ['P1Y2M3DT4H5M6S', 'PT1H', 'P2W', 'P1M'], ['P', 'PT', 'P1', '1Y', 'P1W2D', 'P1YT']],
  ['email', ['a@example.com', 'a.b+c@x.example'], ['a', '@a.example', 'a@', 'a..b@example.com', '.a@example.com', 'a b@example.com', 'a@-x.example']],
  ['hostname', ['example.com', 'a', 'x-1.example'], ['-a.example', 'a_b', 'a..b', '', 'a'.repeat(64), `${'a.'.repeat(127)}aa`]],
  ['ipv4', ['192.0.2.1', '0.0.0.0'], ['256.0.0.1', '1.2.3', '01.2.3.4', '1.2.3.4.5', '1.2.3.4 ']],
  ['ipv6', ['::', '::1', '2001:db8::1', '1:2:3:4:5:6:7:8', '::ffff:192.0.2.1', '1::', '1:2:3:4:5:6:192.0.2.1'],
    ['1:2:3', ':::', '1::2::3', '12345::', '1:2:3:4:5:6:7:8:9', '::1%eth0', '192.0.2.1', '::192.0.2.1:1', ':1', '1:', '::256.0.2.1', '1:2:3:4:5:6:7::8']],
  ['uri', ['https://u:p@example.com:8080/a?b=c#d', 'urn:isbn:1', 'mailto:a@example.com', 'http://[::1]/x'],
    ['/a', 'a b:c', 'https://exa mple.com', 'https://example.com/%zz', 'https://example.com:port/', 'http://[::1', 'x:#a#b', 'http://a/[b]', 'http://é.example']],
  ['uri-reference', ['/a?b', '#x', '', '../a'], ['\\a', 'a b', '#a#b']],
  ['uuid', ['123e4567-e89b-12d3-a456-426614174000', '123E4567-E89B-12D3-A456-426614174000'], ['123e4567e89b12d3a456426614174000', '123e4567-e89b-12d3-a456-42661417400g']],
  ['json-pointer', ['', '/a/b~0~1', '/'], ['a', '/~2', '#/a']],
  ['relative-json-pointer', ['0', '1/a', '2#'], ['01', '/a', '1a', '-1', '1##']],
  ['regex', ['^a+$', '[a-z]'], ['(', '[z-a]', '\\-']],
  ['int32', [2147483647, -2147483648, 'a'], [2147483648, 1.5]],
  ['int64', [9007199254740991], [0.5]],
  ['byte', ['', 'YQ==', 'YWI='], ['YQ', 'Y===', 'Y Q=']],
];

const cases = (draft: string, all: Case[], head: object): [string, unknown, unknown, boolean][] => all.flatMap(([name, schema, valid, invalid]) => (
  [...valid.map((value) => [value, true] as const), ...invalid.map((value) => [value, false] as const)]
    .map(([value, expected]): [string, unknown, unknown, boolean] => [`${draft}, ${name}`, { ...head, ...schema }, value, expected])));

test.each([
  ...cases('2020-12', [...BOTH, ...MODERN], {}),
  ...cases('draft 7', [...BOTH, ...OLD], { $schema: DRAFT_7 }),
  ...cases('format', FORMATS.map(([format, valid, invalid]): Case => [format, { format }, valid, invalid]), {}),
])('%s: %j, %j is valid: %j', (_, schema, value, valid) => {
  expect(objection(schema, JSON.stringify(value)) === undefined).toBe(valid);
});

describe('which schema', () => {
  const schemas: CompiledSchemas = { s: compile({ type: 'string' }), n: compile({ type: 'number' }) };
  const config = { any: 's', byType: { 'order.created': 'n' }, onInvalid: 'reject' } as const;

  test.each([
    ['the type has its own', config, 'order.created', '1', undefined],
    ['the type has its own, and the other does not count', config, 'order.created', '"a"', 'the body must be number'],
    ['another type', config, 'order.paid', '1', 'the body must be string'],
    ['a type that every object has', config, 'constructor', '1', 'the body must be string'],
    ['no type', config, null, '1', 'the body must be string'],
    ['no schema for the type', { ...config, any: undefined }, 'order.paid', 'not JSON', undefined],
    ['no schema without a type', { ...config, any: undefined }, null, 'not JSON', undefined],
  ])('%s', (_, given, type, body, expected) => {
    expect(createValidate({ ...given, any: given.any as string }, schemas)(requestOf(body), type)).toBe(expected);
  });

  test.each(['nope', 'constructor'])('row 57: %s is not in the file, and no event is judged by less than its schema', (name) => {
    expect(() => createValidate({ any: name, onInvalid: 'reject' }, schemas)).toThrow(`"${name}" is not beside the function; deploy the stack again`);
    expect(() => createValidate({ byType: { a: name }, onInvalid: 'reject' }, schemas)).toThrow('deploy the stack again');
  });
});

describe('what is said of an event', () => {
  test.each<[string, object, string, string]>([
    ['a missing member', { properties: { data: { required: ['id'] } } }, '{"data":{}}', "/data must have required property 'id'"],
    ['a value, without the value', { properties: { card: { type: 'string' } } }, '{"card":4111111111111111}', '/card must be string'],
    ['what is allowed', { enum: ['a', 'b'] }, '"secret"', 'the body must be equal to one of the allowed values: ["a","b"]'],
    ['a pattern', { pattern: '^a$' }, '"secret"', 'the body must match pattern "^a$"'],
    ['a name that is too much', { additionalProperties: false }, '{"b":1}', 'the body must NOT have additional properties: "b"'],
    ['a long name, cut', { additionalProperties: false }, `{"${'b'.repeat(100)}":1}`, `the body must NOT have additional properties: "${'b'.repeat(64)}…"`],
    ['what a terminal would obey', { additionalProperties: false }, '{"\\u001b[2J\\u009b\\u202e\\ud800":1}',
      'the body must NOT have additional properties: "\\u001b[2J\\u009b\\u202e\\ud800"'],
    ['a place with what a terminal would obey', { additionalProperties: { type: 'string' } }, '{"\\u001b]0;x\\u0007":1}', '/\\u001b]0;x\\u0007 must be string'],
    ['each alternative', { anyOf: [{ type: 'string' }, { type: 'boolean' }] }, '1', 'the body must be string; the body must be boolean'],
    ['five sentences at most', { anyOf: [1, 2, 3, 4, 5, 6].map((minimum) => ({ minimum })) }, '0',
      [1, 2, 3, 4, 5].map((minimum) => `the body must be >= ${minimum}`).join('; ')],
  ])('%s', (_, schema, body, expected) => {
    expect(objection(schema, body)).toBe(expected);
  });

  test('has a bound', () => {
    const deep = `${'{"'.concat('k'.repeat(150), '":').repeat(20)}1${'}'.repeat(20)}`;
    const schema = { $defs: { s: { additionalProperties: { anyOf: [1, 2, 3, 4, 5].map((count) => ({ type: 'object', minProperties: count + 1 })) } } }, $ref: '#/$defs/s' };
    expect(objection(schema, deep)!.length).toBeLessThanOrEqual(1_001);
    expect(objection({ additionalProperties: { type: 'string' } }, `{"${'k'.repeat(5_000)}":1}`)!.length).toBeLessThan(300);
  });
});

describe('hostile bodies', () => {
  const anything = { type: ['array', 'object', 'string', 'number'] };

  test.each<[string, string | Buffer, string | undefined]>([
    ['an empty body', '', 'the body is empty, and the schema asks for JSON'],
    ['a form', 'a=1&b=2', 'the body is not JSON'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'the body is not JSON'],
    ['JSON after a byte order mark', '\uFEFF{}', undefined],
    ['64 deep', `${'['.repeat(64)}${']'.repeat(64)}`, undefined],
    ['65 deep', `${'['.repeat(65)}${']'.repeat(65)}`, 'the body has arrays and objects more than 64 deep in each other'],
    ['row 11: 4.5 MB of brackets', '['.repeat(4_500_000), 'the body has arrays and objects more than 64 deep in each other'],
    ['brackets in a text', JSON.stringify('[{"'.repeat(1_000)), undefined],
    ['brackets after a text that ends in a backslash', `{"a":"\\\\","b":${'['.repeat(65)}`, 'the body has arrays and objects more than 64 deep in each other'],
    ['a text without an end', `"${'a'.repeat(1_000)}`, 'the body is not JSON'],
    ['a text that ends in the middle of an escape', '"\\', 'the body is not JSON'],
    ['many that close', ']'.repeat(1_000), 'the body is not JSON'],
    ['row 11: a name twice', '{"a":1,"a":2}', undefined],
  ])('%s', (_, body, expected) => {
    expect(objection(anything, body)).toBe(expected);
  });

  test('row 11: __proto__ is a name like any other', () => {
    const schema = { properties: { isAdmin: { const: false } }, required: ['isAdmin'] };
    expect(objection(schema, '{"__proto__":{"isAdmin":false}}')).toBe("the body must have required property 'isAdmin'");
    expect(objection({ additionalProperties: false }, '{"__proto__":1}')).toContain('"__proto__"');
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  test('row 11: 100,000 names are looked at once each', () => {
    const body = JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index])));
    expect(objection({ additionalProperties: { type: 'number' }, maxProperties: 100_000 }, body)).toBeUndefined();
  });

  test('items are compared in one pass', () => {
    const items = Array.from({ length: 200_000 }, (_, index) => ({ index }));
    expect(objection({ uniqueItems: true }, JSON.stringify(items))).toBeUndefined();
    expect(objection({ uniqueItems: true }, JSON.stringify([...items, { index: 0 }]))).toBe('the body must NOT have duplicate items');
  });

  test('a pattern whose time grows with the square of a text is asked of short ones, and neither fits nor fails long ones', () => {
    const reason = 'a text of 4097 characters is too long for the pattern "^.*@.*$", which takes 4096';
    expect(objection({ pattern: '^.*@.*$' }, JSON.stringify(`${'a'.repeat(4_095)}@`))).toBeUndefined();
    expect(objection({ pattern: '^.*@.*$' }, JSON.stringify('a'.repeat(4_097)))).toBe(reason);
    expect(objection({ not: { pattern: '^.*@.*$' } }, JSON.stringify('a'.repeat(4_097)))).toBe(reason);
    expect(objection({ pattern: '^[^@]*@[^@]*$' }, JSON.stringify(`${'a'.repeat(4_097)}@`))).toBeUndefined();
  });

  test('many texts for a pattern end after a second, too', () => {
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now += 10);
    const texts = (count: number): string => JSON.stringify(Array.from({ length: count }, () => '@'.repeat(1_000)));
    expect(objection({ items: { pattern: '^.*@.*$' } }, texts(90))).toBeUndefined();
    expect(objection({ items: { pattern: '^.*@.*$' } }, texts(110))).toBe('the body takes more than 1 s to judge');
    clock.mockRestore();
  });

  test('what is asked twice at each level ends after a second', () => {
    const kinds = ['a', 'b'].map((kind) => ({ properties: { x: { $ref: '#/$defs/n' }, kind: { const: kind } }, required: ['x'] }));
    const schema = { $defs: { n: { type: 'object', anyOf: kinds } }, $ref: '#/$defs/n' };
    const body = `${'{"x":'.repeat(63)}1${'}'.repeat(63)}`;
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now += 10);
    expect(objection(schema, body)).toBe('the body takes more than 1 s to judge');
    clock.mockRestore();
  });

  test('failures of alternatives do not add up', () => {
    const failures: number[] = [];
    const schema = compile({ $defs: { n: { type: 'object', anyOf: ['a', 'b', 'c'].map((kind) => ({ properties: { x: { $ref: '#/$defs/n' }, kind: { const: kind } } })) } }, $ref: '#/$defs/n' });
    const slice = jest.spyOn(Array.prototype, 'slice').mockImplementation(function (this: unknown[], from = 0, to = this.length) {
      failures.push(this.length);
      return this.filter((_, index) => index >= from && index < to);
    });
    const value = JSON.parse(`${'{"x":'.repeat(8)}1${'}'.repeat(8)}`);
    schema(value);
    slice.mockRestore();
    expect(Math.max(...failures)).toBeLessThan(50);
  });

  test('what else goes wrong is thrown', () => {
    expect(() => createValidate({ any: 's', onInvalid: 'reject' }, { s: never })(requestOf('1'), null)).toThrow('is not asked');
  });
});
