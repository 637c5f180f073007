import { spawnSync } from 'child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import * as path from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { EveryTargetStack } from '../../examples/every-target/every-target-stack';
import { GatewayParts } from '../../lib/contract/parts';

const folder = mkdtempSync(path.join(tmpdir(), 'examples-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Synth {
  readonly parts: GatewayParts;
  readonly messages: string[];
  readonly outdir: string;
}

/** Runs an example as the CDK CLI does. */
function synth(example: string): Synth {
  const outdir = path.join(folder, example);
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', `examples/${example}/app.ts`], {
    encoding: 'utf8', env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: '{}' },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const read = (file: string): any => JSON.parse(readFileSync(path.join(outdir, file), 'utf8'));
  const [stack] = Object.values<any>(read('manifest.json').artifacts).filter(({ type }) => type === 'aws:cloudformation:stack');
  const metadata = stack.additionalMetadataFile ? read(stack.additionalMetadataFile) : stack.metadata ?? {};
  const messages = Object.values<any>(metadata).flat().filter(({ type }) => /^aws:cdk:(warning|error)$/.test(type)).map(({ data }) => data);
  const [[, parts]] = Object.entries<any>(read(stack.properties.templateFile).Metadata).filter(([key]) => key.startsWith('cdk-webhooks:')) as [[string, GatewayParts]];
  return { parts, messages, outdir };
}

const kinds = ({ targets }: GatewayParts) => Object.values(targets).map(({ kind }) => kind);

test('there is a test for each example', () => {
  expect(readdirSync('examples').sort()).toEqual(['custom-target', 'every-target', 'filters-and-transforms']);
});

test('every-target has one target of each of the nine kinds, and one of its own', () => {
  const { parts, messages } = synth('every-target');
  expect(kinds(parts).sort()).toEqual(
    ['bucket', 'chat', 'delivery-stream', 'event-bus', 'function', 'http', 'queue', 'state-machine', 'stream', 'topic'],
  );
  expect(messages).toEqual([]);
});

test('custom-target has its sender beside the delivery bundle', () => {
  const { parts, messages, outdir } = synth('custom-target');
  expect(kinds(parts)).toEqual(['chat']);
  expect(messages).toEqual([]);
  const senders = readdirSync(outdir).filter((name) => name.startsWith('asset.')).map((name) => path.join(outdir, name, 'sender.mjs'));
  expect(senders.map(contents)).toContain(readFileSync('examples/custom-target/sender/sender.mjs', 'utf8'));
});

test('filters-and-transforms has its transform beside the delivery bundle', () => {
  const { parts, messages, outdir } = synth('filters-and-transforms');
  expect(kinds(parts)).toEqual(['http', 'http', 'http', 'http']);
  expect(messages).toEqual([]);
  const transforms = readdirSync(outdir).filter((name) => name.startsWith('asset.')).map((name) => contents(path.join(outdir, name, 'transform.mjs')));
  expect(transforms.filter((text) => text !== undefined)).toEqual([expect.stringContaining('withoutCustomer')]);
});

function contents(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

describe('every-target', () => {
  const props = { receiver: 'https://receiver.example.com', chat: 'https://chat.example.com' };

  test.each([['AwsSolutionsChecks', AwsSolutionsChecks], ['ServerlessChecks', ServerlessChecks]])('passes %s', (_, Checks) => {
    const app = new App();
    new EveryTargetStack(app, 'EveryTarget', props);
    expect(new Checks(app).validateScope(app).violations).toEqual([]);
  });

  test('has neither warnings nor errors', () => {
    const stack: Stack = new EveryTargetStack(new App(), 'EveryTarget', props);
    Template.fromStack(stack);
    for (const find of ['findWarning', 'findError'] as const) expect(Annotations.fromStack(stack)[find]('*', Match.anyValue())).toEqual([]);
  });

  test('a chat that is not https is refused, but for a local run', () => {
    const add = (context: object) => () => new EveryTargetStack(new App({ context: { ...context } }), 'EveryTarget', { ...props, chat: 'http://127.0.0.1:3000' });
    expect(add({})).toThrow('target "chat" has the URL "http://127.0.0.1:3000": use https');
    expect(add({ 'cdk-webhooks:local': true })).not.toThrow();
  });
});
