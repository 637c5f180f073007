import { spawnSync } from 'child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import * as path from 'path';
import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EventFormat, TransformOptions, WebhookTarget, WebhookTargetOptions, WebhookTransform } from '../../../lib';
import { deliverConfig, resource, valid, webhookStack } from '../fixture';

const made: string[] = [];
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true })));
afterEach(() => jest.restoreAllMocks());

function folder(files: { [name: string]: string }): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'transform-'));
  made.push(directory);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    writeFileSync(path.join(directory, name), text);
  }
  return directory;
}

const stackWith = (options: WebhookTargetOptions) => webhookStack({ ...valid(), targets: { billing: WebhookTarget.http('https://billing.example.com', options) } });
const file = (name: string, text: string, more: { [name: string]: string } = {}) => path.join(folder({ [name]: text, ...more }), name);
const fromFile = (name: string, text: string, more?: { [name: string]: string }) => WebhookTransform.fromFile(file(name, text, more));
const moduleOf = (transform: WebhookTransform): string => transform._bind('billing', new Stack()).module as string;

/** What the transform of a deployed function's folder makes of an event, in a process of its own. */
function runs(stack: Stack, event: object): unknown {
  const { directory } = deliverConfig(stack, 'billing');
  const script = `const loaded = await import(${JSON.stringify(path.join(directory, 'transform.mjs'))});`
    + `console.log(JSON.stringify(await (loaded.default ?? loaded.transform)(${JSON.stringify(event)})));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('a transform in a file', () => {
  test.each<[string, string, string, { [name: string]: string }]>([
    ['TypeScript', 'a.ts', 'export default (event: { id: string }): object => ({ body: event.id });', {}],
    ['TypeScript with a file of its own beside it', 'a.ts', 'import { id } from "./b"; export default (event: { id: string }) => ({ body: id(event) });',
      { 'b.ts': 'export const id = (event: { id: string }): string => event.id;' }],
    ['a named export', 'a.ts', 'export async function transform(event: { id: string }) { return { body: event.id }; }', {}],
    ['an export in a list', 'a.ts', 'const make = (event: { id: string }) => ({ body: event.id }); export { make as transform };', {}],
    ['CommonJS', 'a.js', 'module.exports = (event) => ({ body: event.id });', {}],
    ['a package in CommonJS that asks for a module of Node', 'a.ts', 'import id from "pkg"; export default (event: { id: string }) => ({ body: id(event) });',
      { 'node_modules/pkg/index.js': 'const { format } = require("util"); module.exports = (event) => format("%s", event.id);' }],
    ['a module that makes its own require', 'a.mjs', 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);'
      + 'export default (event) => ({ body: require("node:util").format("%s", event.id) });', {}],
    ['a module that needs nothing', 'a.mjs', 'import { format } from "node:util";\nexport default (event) => ({ body: format("%s", event.id) });\n', {}],
  ])('%s becomes one module beside the function\'s bundle, and runs', (_, name, text, more) => {
    const stack = stackWith({ transform: fromFile(name, text, more) });
    expect(deliverConfig(stack, 'billing').config.transform).toEqual({ kind: 'module', timeoutSeconds: 5 });
    expect(runs(stack, { id: 'evt_1' })).toEqual({ body: 'evt_1' });
  });

  test('a single module goes as it is', () => {
    const text = 'import { format } from "node:util";\n// Kept.\nexport default (event) => format("%s", event);\n';
    expect(moduleOf(fromFile('a.mjs', text))).toBe(text);
  });

  test('the same file in two folders gives the same text, so that the asset\'s hash does not depend on the machine', () => {
    const text = 'import { b } from "./b"; /** A comment. */ export default (): string => b;';
    const more = { 'b.ts': 'export const b: string = "ä";' };
    expect(moduleOf(fromFile('a.ts', text, more))).toBe(moduleOf(fromFile('a.ts', text, more)));
  });

  test('is bundled once for all of its targets', () => {
    const place = file('a.ts', 'export default () => ({ body: "one" });');
    const transform = WebhookTransform.fromFile(place);
    const first = moduleOf(transform);
    writeFileSync(place, 'export default () => ({ body: "two" });');
    expect(moduleOf(transform)).toBe(first);
  });

  test('its time is added to the function\'s, and without it there is none', () => {
    const timeout = (options: WebhookTargetOptions) => resource(
      Template.fromStack(stackWith(options)), 'AWS::Lambda::Function', 'GatewayTargetsbilling').properties.Timeout;
    const place = file('a.mjs', 'export default (event) => event;');
    expect(timeout({})).toBe(30);
    expect(timeout({ transform: WebhookTransform.fromFile(place) })).toBe(35);
    expect(timeout({ transform: WebhookTransform.fromFile(place, { timeout: Duration.seconds(10) }), timeout: Duration.seconds(30) })).toBe(55);
    expect(timeout({ transform: WebhookTransform.template({ a: 1 }) })).toBe(30);
  });

  test.each<[string, string, string, RegExp]>([
    ['a syntax error in TypeScript', 'a.ts', 'export default (e => 1;\n', /^transform ".*a\.ts" of target "billing" does not compile:\n.*Expected "\)" but found ";"\s+a\.ts:1:22:/s],
    ['an import of what is not there', 'a.ts', 'import b from "./b";\nexport default b;\n', /does not compile:\n.*Could not resolve "\.\/b"\s+a\.ts:1:14:/s],
    ['a syntax error in a single module', 'a.mjs', 'const a = 1;\nexport default (e) => e +;\n', /of target "billing" does not compile:\na\.mjs:2\n.*SyntaxError: Unexpected token ';'$/s],
    ['no export', 'a.ts', 'export const other = 1;', /^transform ".*a\.ts" of target "billing" exports no transform: export a function by default, or one named "transform"$/],
    ['no export in JavaScript', 'a.mjs', 'const transform = 1;', /exports no transform/],
  ])('fails for %s', (_, name, text, message) => {
    expect(() => stackWith({ transform: fromFile(name, text) })).toThrow(message);
  });

  test('fails for a file that is not there, before there is a stack', () => {
    expect(() => WebhookTransform.fromFile('nowhere/a.ts')).toThrow(`the transform "nowhere/a.ts" is not there: there is no file "${path.resolve('nowhere/a.ts')}"`);
  });

  test.each<[TransformOptions, string]>([
    [{ timeout: Duration.seconds(0) }, 'must be whole seconds from 1 second to 10 seconds'],
    [{ timeout: Duration.seconds(11) }, 'must be whole seconds from 1 second to 10 seconds'],
    [{ timeout: Duration.millis(1500) }, 'must be whole seconds'],
    [{ timeout: Duration.seconds(Lazy.number({ produce: () => 3 })) }, 'is known only at deployment'],
  ])('fails for the options %#', (options, message) => {
    expect(() => WebhookTransform.fromFile(file('a.mjs', 'export default 1'), options)).toThrow(message);
  });
});

describe('where the project has no esbuild', () => {
  const place = file('a.ts', 'export default (e: object) => e;');

  function withPath(value: string, work: () => void): void {
    const before = process.env['PATH'];
    jest.spyOn(process, 'cwd').mockReturnValue(path.dirname(place));
    process.env['PATH'] = value;
    try {
      work();
    } finally {
      process.env['PATH'] = before;
    }
  }

  test('the one on the PATH is taken', () => {
    const bin = folder({});
    symlinkSync(path.resolve('node_modules/esbuild/bin/esbuild'), path.join(bin, 'esbuild'));
    withPath(bin, () => expect(moduleOf(WebhookTransform.fromFile(place))).toContain('as default'));
  });

  test('fails with what to do about it', () => {
    withPath('', () => expect(() => moduleOf(WebhookTransform.fromFile(place)))
      .toThrow(/of target "billing" must be bundled, and there is no esbuild: run "npm install --save-dev esbuild"/));
  });

  test('a single module needs none', () => {
    withPath('', () => expect(moduleOf(fromFile('a.mjs', 'export default (e) => e;'))).toBe('export default (e) => e;'));
  });
});

describe('a template', () => {
  test('is in the function\'s file, with tokens of the deployment', () => {
    const stack = webhookStack();
    stack.gateway.addTarget('other', WebhookTarget.http('https://other.example.com', {
      transform: WebhookTransform.template({ text: 'in {$.body.order.id}', region: stack.region, deep: [{ id: '$.metadata.id' }] }),
    }));
    expect(deliverConfig(stack, 'other').config.transform).toEqual({
      kind: 'template', template: { text: 'in {$.body.order.id}', region: { $value: expect.any(Number) }, deep: [{ id: '$.metadata.id' }] },
    });
    expect(existsSync(path.join(deliverConfig(stack, 'other').directory, 'transform.mjs'))).toBe(false);
  });

  test.each<[string, object, RegExp]>([
    ['a place that begins with nothing that an event has', { a: '$.payload.id' }, /^transform of target "billing": template\.a has the place "\$\.payload\.id", which begins with none of body, headers and metadata/],
    ['a place that cannot be read', { a: ['{$.body.a[x]}'] }, /^transform of target "billing": template\.a\[0\] has the place/],
    ['a key that marks values', { a: { $value: 1 } }, /has a key "\$value"/],
  ])('fails for %s', (_, body, message) => {
    expect(() => stackWith({ transform: WebhookTransform.template(body) })).toThrow(message);
  });
});

describe('the format', () => {
  test.each<[EventFormat | undefined, string | undefined]>([
    [undefined, undefined], [EventFormat.ORIGINAL, undefined], [EventFormat.CLOUD_EVENTS, 'cloudevents'],
  ])('%s is %s in the function\'s file', (format, written) => {
    expect(deliverConfig(stackWith({ format }), 'billing').config.format).toBe(written);
  });
});

test('fails when a sender has a file that is named as the transform', () => {
  const directory = folder({ 'sender.mjs': readFileSync(path.join(__dirname, 'sender/sender.mjs'), 'utf8'), 'transform.mjs': 'export default 1;' });
  const stack = webhookStack({ ...valid(), targets: { own: { bind: () => ({ senderDirectory: directory, transform: fromFile('a.mjs', 'export default (e) => e;') }) } } });
  expect(() => Template.fromStack(stack)).toThrow('would replace the function\'s own "transform.mjs": rename it');
});
