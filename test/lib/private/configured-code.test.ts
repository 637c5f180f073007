import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'fs';
import * as path from 'path';
import { App, Lazy, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ConfiguredCode } from '../../../lib/private/configured-code';
import { temporaryFolder } from '../../temporary-folder';
import { resource } from '../fixture';

function folder(files: { [name: string]: string }): string {
  const directory = temporaryFolder('code-');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    writeFileSync(path.join(directory, name), content);
  }
  return directory;
}

function addFunction(scope: Construct, id: string, config: () => object, folders = [folder({ 'index.mjs': 'export {};' })]): Function {
  const code = new ConfiguredCode(() => folders, config);
  return new Function(scope, id, { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code, environment: { VALUES: code.values } });
}

const key = (stack: Stack, id: string): string => resource(Template.fromStack(stack), 'AWS::Lambda::Function', id).properties.Code.S3Key;
const assetOf = (app: App, s3Key: string): string => path.join(app.outdir, `asset.${s3Key.replace('.zip', '')}`);

test('the folder in the assembly is the bundle and the configuration, and the template and the manifest name its hash', () => {
  const app = new App();
  const stack = new Stack(app, 'Own');
  addFunction(stack, 'A', () => ({ name: 'a' }), [folder({ 'index.mjs': 'export {};', 'more/part.mjs': '1' }), folder({ 'sender.mjs': '2' })]);
  const s3Key = key(stack, 'A');
  const hash = s3Key.replace('.zip', '');
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(readdirSync(assetOf(app, s3Key), { recursive: true }).sort()).toEqual(['config.json', 'index.mjs', 'more', 'more/part.mjs', 'sender.mjs']);
  expect(readFileSync(path.join(assetOf(app, s3Key), 'config.json'), 'utf8')).toBe('{"name":"a"}');
  const manifest = JSON.parse(readFileSync(path.join(app.outdir, 'Own.assets.json'), 'utf8'));
  expect(manifest.files[hash].source).toEqual({ path: `asset.${hash}`, packaging: 'zip' });
});

test('two functions of the same bundle have their own configuration', () => {
  const app = new App();
  const stack = new Stack(app, 'Own');
  const bundle = [folder({ 'index.mjs': 'export {};' })];
  addFunction(stack, 'A', () => ({ name: 'a' }), bundle);
  addFunction(stack, 'B', () => ({ name: 'b' }), bundle);
  expect(key(stack, 'A')).not.toBe(key(stack, 'B'));
  expect(readFileSync(path.join(assetOf(app, key(stack, 'B')), 'config.json'), 'utf8')).toBe('{"name":"b"}');
});

test('the hash depends on names and contents and on nothing else', () => {
  const hash = (files: { [name: string]: string }, config: object): string => {
    const stack = new Stack(new App(), 'Own');
    addFunction(stack, 'A', () => config, [folder(files)]);
    return key(stack, 'A');
  };
  const base = hash({ 'index.mjs': '1', 'b.mjs': '2' }, { a: 1 });
  expect(hash({ 'b.mjs': '2', 'index.mjs': '1' }, { a: 1 })).toBe(base);
  expect(hash({ 'index.mjs': '1', 'c.mjs': '2' }, { a: 1 })).not.toBe(base);
  expect(hash({ 'index.mjs': '1', 'b.mjs': '3' }, { a: 1 })).not.toBe(base);
  expect(hash({ 'b.mjs': '2index.mjs1' }, { a: 1 })).not.toBe(base);
  expect(hash({ 'index.mjs': '1', 'b.mjs': '2' }, { a: 2 })).not.toBe(base);
});

test('a configuration that changes after it was resolved is written as it is at the end', () => {
  const app = new App();
  const stack = new Stack(app, 'Own');
  const names = ['a'];
  const created = addFunction(stack, 'A', () => ({ names }));
  const early = stack.resolve((created.node.defaultChild as any).code);
  names.push('b');
  const s3Key = key(stack, 'A');
  expect(early.s3Key).not.toBe(s3Key);
  expect(readFileSync(path.join(assetOf(app, s3Key), 'config.json'), 'utf8')).toBe('{"names":["a","b"]}');
});

test('files are readable to Lambda\'s user whatever the umask was', () => {
  const umask = process.umask(0o077);
  try {
    const app = new App();
    const stack = new Stack(app, 'Own');
    addFunction(stack, 'A', () => ({}), [folder({ 'index.mjs': '1', 'more/part.mjs': '2' })]);
    const asset = assetOf(app, key(stack, 'A'));
    const mode = (name: string): string => (statSync(path.join(asset, name)).mode & 0o777).toString(8);
    expect(['.', 'more', 'index.mjs', 'more/part.mjs', 'config.json'].map(mode)).toEqual(['755', '755', '644', '644', '644']);
  } finally {
    process.umask(umask);
  }
});

test('an interrupted synth leaves nothing under the final name', () => {
  const app = new App();
  const stack = new Stack(app, 'Own');
  addFunction(stack, 'A', () => ({}));
  key(stack, 'A');
  expect(readdirSync(app.outdir).filter((name) => name.startsWith('asset.'))).toEqual([expect.stringMatching(/^asset\.[0-9a-f]{64}$/)]);
});

test('a nested stack and a stage find the same folder', () => {
  const app = new App();
  const bundle = [folder({ 'index.mjs': '1' })];
  const parent = new Stack(app, 'Parent');
  const nested = new NestedStack(parent, 'Nested');
  addFunction(nested, 'A', () => ({ name: 'a' }), bundle);
  const stage = new Stage(app, 'Prod');
  const staged = new Stack(stage, 'Own');
  addFunction(staged, 'A', () => ({ name: 'a' }), bundle);
  const assembly = app.synth();
  const hash = key(nested, 'A').replace('.zip', '');
  const manifest = (file: string): any => JSON.parse(readFileSync(path.join(assembly.directory, file), 'utf8')).files[hash].source.path;
  expect(key(staged, 'A')).toBe(`${hash}.zip`);
  expect(manifest('Parent.assets.json')).toBe(`asset.${hash}`);
  expect(manifest('assembly-Prod/ProdOwn5B6A8D2F.assets.json'.replace(/Prod\w+\./, `${staged.artifactId}.`))).toBe(`../asset.${hash}`);
});

test('a token becomes the n-th value, and one value serves all its places', () => {
  const stack = new Stack(new App(), 'Own');
  addFunction(stack, 'A', () => ({ first: stack.region, again: { deep: [stack.region] }, second: `x-${stack.account}`, plain: 'y' }));
  const { properties } = resource(Template.fromStack(stack), 'AWS::Lambda::Function', 'A');
  const config = readFileSync(path.join(assetOf(App.of(stack) as App, properties.Code.S3Key), 'config.json'), 'utf8');
  expect(JSON.parse(config)).toEqual({ first: { $value: 0 }, again: { deep: [{ $value: 0 }] }, second: { $value: 1 }, plain: 'y' });
  expect(properties.Environment.Variables.VALUES).toEqual({
    'Fn::Join': ['', ['["', { Ref: 'AWS::Region' }, '","x-', { Ref: 'AWS::AccountId' }, '"]']],
  });
});

test('a token that synth knows is written as what it is', () => {
  const stack = new Stack(new App(), 'Own', { env: { region: 'eu-central-1' } });
  const pattern = Lazy.any({ produce: () => ({ total: [{ numeric: ['>', 100] }] }) });
  addFunction(stack, 'A', () => ({ region: stack.region, lazy: Lazy.string({ produce: () => 'known' }), pattern }));
  const { properties } = resource(Template.fromStack(stack), 'AWS::Lambda::Function', 'A');
  const config = readFileSync(path.join(assetOf(App.of(stack) as App, properties.Code.S3Key), 'config.json'), 'utf8');
  expect(JSON.parse(config)).toEqual({ region: 'eu-central-1', lazy: 'known', pattern: { total: [{ numeric: ['>', 100] }] } });
  expect(properties.Environment.Variables.VALUES).toBe('[]');
});

test('a key named Ref is data, unless it came out of a token', () => {
  const stack = new Stack(new App(), 'Own');
  addFunction(stack, 'A', () => ({ filter: { Ref: ['main'] }, token: Lazy.any({ produce: () => ({ url: { Ref: 'Queue' } }) }) }));
  const { properties } = resource(Template.fromStack(stack), 'AWS::Lambda::Function', 'A');
  const config = readFileSync(path.join(assetOf(App.of(stack) as App, properties.Code.S3Key), 'config.json'), 'utf8');
  expect(JSON.parse(config)).toEqual({ filter: { Ref: ['main'] }, token: { url: { $value: 0 } } });
  expect(properties.Environment.Variables.VALUES).toEqual({ 'Fn::Join': ['', ['["', { Ref: 'Queue' }, '"]']] });
});

test('a value of another stack reaches VALUES as an import', () => {
  const app = new App();
  const producer = new Stack(app, 'Producer');
  const other = addFunction(producer, 'Other', () => ({}));
  const stack = new Stack(app, 'Own');
  addFunction(stack, 'A', () => ({ arn: other.functionArn }));
  const { properties } = resource(Template.fromStack(stack), 'AWS::Lambda::Function', 'A');
  expect(JSON.stringify(properties.Environment.Variables.VALUES)).toContain('Fn::ImportValue');
});

test.each([
  ['a number that only the deployment knows', { deep: [{ limit: Lazy.number({ produce: () => 3 }) }] }, 'config.deep[0].limit is a number that only the deployment knows'],
  ['the marker itself', { settings: { $value: 1 } }, 'config.settings has a key "$value"'],
])('fails when the configuration holds %s', (_, config, message) => {
  const stack = new Stack(new App(), 'Own');
  addFunction(stack, 'A', () => config);
  expect(() => Template.fromStack(stack)).toThrow(message);
});

test.each(['index.mjs', 'config.json'])('fails when a second folder would replace %s', (name) => {
  const stack = new Stack(new App(), 'Own');
  addFunction(stack, 'A', () => ({}), [folder({ 'index.mjs': '1' }), folder({ [name]: '2' })]);
  expect(() => Template.fromStack(stack)).toThrow(`would replace the function's own ${JSON.stringify(name)}: rename it`);
});
