import { execFileSync } from 'child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import * as os from 'os';
import * as path from 'path';
import { pathToFileURL } from 'url';
import { Aws, Lazy, Token } from 'aws-cdk-lib';
import { InvalidEventAction, WebhookSchema, WebhookSecret, WebhookSource, WebhookSourceOptions } from '../../../lib';
import { SCHEMAS_FILE } from '../../../lib/contract/config';
import { gateway, ingestConfig, target, valid, webhookStack } from '../fixture';

const ORDER = { type: 'object', required: ['id'], properties: { id: { type: 'string', format: 'uuid' }, note: { maxLength: 3 }, tags: { uniqueItems: true } } };
const order = (): WebhookSchema => WebhookSchema.fromObject(ORDER);
const source = (options: WebhookSourceOptions = {}): WebhookSource => WebhookSource.github({ secret: WebhookSecret.fromSecretName('github'), ...options });
const stackWith = (sources: { [name: string]: WebhookSource }) => webhookStack({ sources, targets: { billing: target() } });

function cyclic(): object {
  const node: { items?: object } = {};
  return Object.assign(node, { items: node });
}

let folder: string;
beforeAll(() => { folder = mkdtempSync(path.join(os.tmpdir(), 'schema-')); });
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(text: string): string {
  const file = path.join(folder, 'order.json');
  writeFileSync(file, text);
  return file;
}

/** What a file of compiled schemas says of values, in a process of its own. */
function judge(directory: string, values: { [name: string]: unknown }): unknown {
  const script = `
    const schemas = await import(${JSON.stringify(pathToFileURL(path.join(directory, SCHEMAS_FILE)).href)});
    const values = Object.entries(${JSON.stringify(values)});
    console.log(JSON.stringify({ exports: Object.keys(schemas), said: values.map(([name, value]) => schemas[name](value)) }));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }));
}

describe('what a function gets', () => {
  test('a file of code that imports nothing, and the name of its export', () => {
    const { config, directory } = ingestConfig(stackWith({ github: source({ schema: order() }) }));
    expect(config.sources.github!.schema).toEqual({ any: 'schema1', onInvalid: 'quarantine' });
    expect(readFileSync(path.join(directory, SCHEMAS_FILE), 'utf8')).not.toMatch(/\bimport\b|\brequire\("(?!ajv\/dist\/runtime)/);
    expect(judge(directory, { schema1: { id: '123e4567-e89b-12d3-a456-426614174000', note: '😀😀😀', tags: [1, '1'] } })).toEqual({ exports: ['schema1'], said: [[]] });
    expect(judge(directory, { schema1: { id: 'a' } })).toEqual({ exports: ['schema1'], said: [['/id must match format "uuid"']] });
  });

  test('schemas by type, each schema once however often it is used', () => {
    const { config, directory } = ingestConfig(stackWith({
      github: source({ schema: order(), schemasByEventType: { push: order(), ping: WebhookSchema.fromObject({ type: 'string' }) } }),
      other: source({ schemasByEventType: { ping: WebhookSchema.fromObject({ type: 'string' }) }, onInvalid: InvalidEventAction.REJECT }),
    }));
    expect(config.sources.github!.schema).toEqual({ any: 'schema1', byType: { push: 'schema1', ping: 'schema2' }, onInvalid: 'quarantine' });
    expect(config.sources.other!.schema).toEqual({ byType: { ping: 'schema2' }, onInvalid: 'reject' });
    expect(judge(directory, { schema1: {}, schema2: 1 })).toEqual({
      exports: ['schema1', 'schema2'], said: [["the body must have required property 'id'"], ['the body must be string']],
    });
  });

  test('a schema of a source that is added late', () => {
    const stack = webhookStack();
    stack.gateway.addSource('late', source({ schema: order() }));
    expect(readdirSync(ingestConfig(stack).directory)).toContain(SCHEMAS_FILE);
  });

  test('nothing where no source has a schema', () => {
    const { config, directory } = ingestConfig(webhookStack());
    expect(config.sources.github).not.toHaveProperty('schema');
    expect(readdirSync(directory)).not.toContain(SCHEMAS_FILE);
  });

  test('another asset when the schema changes, and the same one when it does not', () => {
    const directory = (schema: WebhookSchema) => path.basename(ingestConfig(stackWith({ github: source({ schema }) })).directory);
    expect(directory(order())).toBe(directory(WebhookSchema.fromFile(fileWith(JSON.stringify(ORDER, undefined, 2)))));
    expect(directory(order())).not.toBe(directory(WebhookSchema.fromObject({ ...ORDER, minProperties: 2 })));
  });

  test('a file that begins with a byte order mark', () => {
    expect(() => WebhookSchema.fromFile(fileWith(`\uFEFF${JSON.stringify(ORDER)}`))).not.toThrow();
  });
});

describe('what is refused', () => {
  const refusal = (schema: object): string => {
    try {
      WebhookSchema.fromObject({ ...ORDER, ...schema });
      return 'taken';
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each<[string, string, string]>([
    ['YAML', 'type: object', 'this is no JSON: '],
    ['a list', '[]', 'this is no JSON Schema: it must be an object'],
    ['true', 'true', 'this is no JSON Schema: it must be an object'],
    ['nothing', '', 'this is no JSON: '],
  ])('a file with %s', (_, text, problem) => {
    const file = fileWith(text);
    expect(() => WebhookSchema.fromFile(file)).toThrow(`schema ${JSON.stringify(file)}: ${problem}`);
  });

  test('a file that is not there', () => {
    expect(() => WebhookSchema.fromFile('schemas/nope.json')).toThrow('the schema "schemas/nope.json" cannot be read: ENOENT');
  });

  test.each<[string, object, string]>([
    ['what is no schema', { properties: { a: { type: 'strin' } } }, 'schema: at /properties/a/type: this is no JSON Schema: it must be equal to one of the allowed values'],
    ['a bound that is no number', { minProperties: { $data: '/n' } }, 'schema: at /minProperties: this is no JSON Schema: it must be integer'],
    ['a slip', { requred: ['a'] }, 'schema: "requred" is no keyword of JSON Schema and would be passed over: did you mean "required"?'],
    ['letters that changed places', { properties: { a: { patetrn: 'a' } } }, 'at /properties/a: "patetrn" is no keyword'],
    ['another dialect', { $schema: 'http://json-schema.org/draft-04/schema#' }, 'at /$schema: "http://json-schema.org/draft-04/schema#" is a dialect that is not known'],
    ['two dialects', { $defs: { a: { $schema: 'http://json-schema.org/draft-07/schema#' } } }, 'at /$defs/a/$schema: "http://json-schema.org/draft-07/schema#" is another'],
    ['row 57: a remote reference', { items: { $ref: 'https://example.com/a.json' } }, 'the reference "https://example.com/a.json" leads out of the schema'],
    ['a file beside it', { items: { $ref: 'address.json#/a' } }, 'copy what it means into $defs and refer to it as "#/$defs/NAME"'],
    ['a reference to nothing', { items: { $ref: '#/$defs/a' } }, 'at /items: the reference "#/$defs/a" leads to no schema: put it into $defs'],
    ['a reference to what is no place of schemas', { items: { $ref: '#/parts/a' }, parts: { a: { pattern: '^(a+)+$' } } }, 'the reference "#/parts/a" leads to no schema'],
    ['the same with an absolute reference', { $id: 'https://a.example/', items: { $ref: 'https://a.example/#/parts/a' }, parts: { a: { pattern: '^(a+)+$' } } },
      'the pattern "^(a+)+$" takes time that doubles'],
    ['an anchor that is not there', { items: { $ref: '#a' } }, 'the reference "#a" leads out of the schema, or to nothing in it'],
    ['a schema that is itself', { allOf: [{ $ref: '#' }] }, 'the schema leads back to itself with the same value, and would never end'],
    ['two that are each other', { $defs: { a: { anyOf: [{ $ref: '#/$defs/b' }] }, b: { $anchor: 'b', not: { $ref: '#/$defs/a' } } } }, 'leads back to itself'],
    ['a format that nobody knows', { properties: { a: { format: 'datetime' } } }, 'at /properties/a/format: "datetime" is a format that is not known: use date-time, date,'],
    ['row 57: a pattern that can blow up', { properties: { a: { pattern: '^(\\w+\\s?)*$' } } },
      'at /properties/a: the pattern "^(\\\\w+\\\\s?)*$" takes time that doubles with each character of some texts'],
    ['row 57: a name pattern that can blow up', { patternProperties: { '^(a|a)*$': {} } }, 'the pattern "^(a|a)*$" takes time that doubles'],
    ['a cubic pattern', { items: { pattern: '^(.*)/(.*)/(.*)$' } }, 'takes time that grows with the cube of the text or faster'],
    ['a pattern that refers back', { items: { pattern: '^(a*)\\1$' } }, 'cannot be used, because it refers back to what a group has matched'],
    ['a pattern that is none', { items: { pattern: '(' } }, 'the pattern "(" is no regular expression'],
    ['a pattern that only loose engines take', { items: { pattern: '^a\\-b$' } }, 'Invalid escape'],
    ['a long pattern', { items: { pattern: 'a'.repeat(2_001) } }, 'has 2001 characters, and 2000 are allowed'],
    ['a schema that waits', { $async: true }, '$async'],
    ['an $id that ends a comment', { $id: 'https://a.example/*/' }, 'at /$id: "https://a.example/*/" is no URI reference'],
    ['schemas too deep in each other', Array.from({ length: 100 }).reduce<object>((inner) => ({ items: inner }), {}), 'schemas in schemas are 100 deep and deeper'],
    ['a schema too big', { enum: Array.from({ length: 60_000 }, (_, index) => `value ${index}`) }, 'bytes as JSON, and 524288 are allowed'],
    ['a part that is a token', { title: `in ${Aws.REGION}` }, 'a part of it is known only at deployment'],
    ['a number that JSON has not', { minimum: 1n }, 'it has the BigInt 1, which JSON has not: write a number'],
    ['an object that holds itself', cyclic(), 'an object in it holds itself, which JSON cannot write'],
    ['a number that is a token', { minProperties: Token.asNumber(Lazy.any({ produce: () => 1 })) }, 'a part of it is known only at deployment'],
  ])('%s', (_, schema, problem) => {
    expect(refusal(schema)).toContain(problem);
  });

  test.each([['example'], ['x-order'], ['units'], ['itemsCount']])('%s is a keyword of somebody else', (keyword) => {
    expect(refusal({ [keyword]: 1 })).toBe('taken');
  });

  test.each<[string, WebhookSourceOptions, string]>([
    ['an action without a schema', { onInvalid: InvalidEventAction.REJECT }, 'source "github" has onInvalid, but no schema that an event could fail'],
    ['an action that there is not', { schema: order(), onInvalid: 'drop' as InvalidEventAction }, 'onInvalid of source "github" "drop" is not allowed: use one of "quarantine", "reject"'],
    ['no types', { schemasByEventType: {} }, 'schemasByEventType of source "github" is empty'],
    ['a type with *', { schemasByEventType: { 'order.*': order() } }, '"order.*", but names of types have no "*" here'],
    ['an empty type', { schemasByEventType: { '': order() } }, 'has "", which is no event\'s type'],
    ['a long type', { schemasByEventType: { ['a'.repeat(257)]: order() } }, 'a type has 1 to 256 characters'],
  ])('%s', (_, options, problem) => {
    expect(() => gateway({ ...valid(), sources: { github: source(options) } })).toThrow(problem);
  });

  test.each<[string, WebhookSourceOptions]>([
    ['schema', { schema: order() }], ['schemasByEventType', { schemasByEventType: { a: order() } }], ['onInvalid', { onInvalid: InvalidEventAction.REJECT }],
  ])('%s of one of several sources', (option, options) => {
    expect(() => WebhookSource.anyOf([source(), source(options)])).toThrow(`anyOf got a source with ${option} of its own: give ${option} to anyOf`);
  });
});
