import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CliError, Exit } from '../../cli/cli-error';
import { synthesise, type Assembly, type SynthOptions } from '../../cli/dev/synth';

/** Stands in for a CDK app: writes what it was given into the assembly. The first argument says how it behaves. */
const APP = `
const fs = require('node:fs');
const outdir = process.env.CDK_OUTDIR;
const overflow = process.env.CONTEXT_OVERFLOW_LOCATION_ENV;
const context = { ...JSON.parse(process.env.CDK_CONTEXT_JSON), ...overflow ? JSON.parse(fs.readFileSync(overflow, 'utf8')) : {} };
const how = process.argv[2];
if (how === 'fail') { console.error('first line'); console.error('the reason'); process.exit(3); }
if (how === 'none') process.exit(0);
if (how === 'hang') { fs.writeFileSync('started', ''); setInterval(() => {}, 1000); return; }
fs.mkdirSync(outdir, { recursive: true });
const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region, CDK_VALIDATION: validation } = process.env;
fs.writeFileSync(outdir + '/manifest.json', JSON.stringify({ context, account, region, validation, built: fs.existsSync('built') }));
`;

let folder: string;
let home: string;
let stop: AbortController;
const made: Assembly[] = [];
const saved = { ...process.env };

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'synth test-'));
  home = mkdtempSync(path.join(os.tmpdir(), 'synth-home-'));
  writeFileSync(path.join(folder, 'app.js'), APP);
  stop = new AbortController();
  jest.spyOn(os, 'homedir').mockReturnValue(home);
  for (const name of ['CDK_DEFAULT_ACCOUNT', 'CDK_DEFAULT_REGION', 'CDK_CONTEXT_JSON']) delete process.env[name];
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterEach(() => {
  for (const assembly of made.splice(0)) assembly.remove();
  for (const each of [folder, home]) rmSync(each, { recursive: true });
  process.env = { ...saved };
  jest.restoreAllMocks();
});

async function synth(options: Partial<SynthOptions> = {}): Promise<Assembly> {
  const assembly = await synthesise({ context: {}, folder, onCommand: () => undefined, signal: stop.signal, ...options });
  made.push(assembly);
  return assembly;
}

async function seen(options: Partial<SynthOptions> = {}): Promise<{ context: { [key: string]: unknown }; [name: string]: unknown }> {
  return JSON.parse(readFileSync(path.join((await synth({ app: 'node app.js', ...options })).folder, 'manifest.json'), 'utf8'));
}

async function failure(options: Partial<SynthOptions>): Promise<CliError> {
  return synth(options).then(() => { throw new Error('it did not fail'); }, (error: CliError) => error);
}

function writeJson(name: string, value: unknown, where = folder): void {
  writeFileSync(path.join(where, name), JSON.stringify(value));
}

describe('the environment of the app', () => {
  test('says that the run is local and that no limit of CloudFormation binds', async () => {
    expect((await seen()).context).toMatchObject({
      'cdk-webhooks:local': true,
      '@aws-cdk/core:stackResourceLimit': 0,
      'aws:cdk:enable-path-metadata': true,
    });
  });

  test('has a dummy account and region, and no template validator', async () => {
    expect(await seen()).toMatchObject({ account: '000000000000', region: 'us-east-1', validation: 'false' });
  });

  test('keeps an account and region that are set', async () => {
    Object.assign(process.env, { CDK_DEFAULT_ACCOUNT: '123456789012', CDK_DEFAULT_REGION: 'eu-central-1' });
    expect(await seen()).toMatchObject({ account: '123456789012', region: 'eu-central-1' });
  });

  test('has all context, in the CDK CLI\'s order of precedence', async () => {
    writeJson('.cdk.json', { context: { home: 1, file: 1, project: 1, environment: 1, line: 1 } }, home);
    writeJson('cdk.context.json', { file: 2, project: 2, environment: 2, line: 2 });
    writeJson('cdk.json', { context: { project: 3, environment: 3, line: 3 } });
    process.env['CDK_CONTEXT_JSON'] = '{"environment": 4, "line": 4}';
    expect((await seen({ context: { line: '5' } })).context).toMatchObject({ home: 1, file: 2, project: 3, environment: 4, line: '5' });
  });

  test('cannot be told that the run is not local', async () => {
    writeJson('cdk.json', { context: { 'cdk-webhooks:local': false } });
    expect((await seen({ context: { 'cdk-webhooks:local': 'false' } })).context['cdk-webhooks:local']).toBe(true);
  });

  test('holds a context that is longer than a variable can be', async () => {
    writeJson('cdk.context.json', { long: 'x'.repeat(300_000) });
    expect((await seen()).context).toMatchObject({ 'long': 'x'.repeat(300_000), 'cdk-webhooks:local': true });
  });
});

describe('the app', () => {
  test('is the one of cdk.json when none is given, after its build', async () => {
    writeJson('cdk.json', { app: 'node app.js', build: 'echo > built' });
    expect(await seen({ app: undefined })).toMatchObject({ built: true });
  });

  test('may be a script that is not executable, as for the CDK CLI', async () => {
    expect(await seen({ app: 'app.js' })).toMatchObject({ validation: 'false' });
  });

  test('writes into a folder of its own, which is gone afterwards', async () => {
    const assembly = await synth({ app: 'node app.js' });
    expect(assembly.folder.startsWith(folder)).toBe(false);
    expect(readdirSync(folder)).toEqual(['app.js']);
    assembly.remove();
    expect(existsSync(path.dirname(assembly.folder))).toBe(false);
  });

  test('may be an assembly, which is taken as it is and stays', async () => {
    mkdirSync(path.join(folder, 'cdk.out'));
    writeJson('cdk.out/manifest.json', {});
    const assembly = await synth({ app: 'cdk.out' });
    assembly.remove();
    expect(readdirSync(assembly.folder)).toEqual(['manifest.json']);
  });
});

describe('fails', () => {
  test('with what the app said last', async () => {
    expect(await failure({ app: 'node app.js fail' })).toMatchObject({
      exit: Exit.FAILED, code: 'synth-failed', message: expect.stringContaining('exit code 3'), detail: 'first line\nthe reason',
    });
  });

  test('when the app is no command', async () => {
    expect(await failure({ app: 'no-such-command-here' })).toMatchObject({ exit: Exit.FAILED, code: 'synth-failed' });
  });

  test('with a sentence when there is no assembly', async () => {
    expect(await failure({ app: 'node app.js none' })).toMatchObject({
      exit: Exit.FAILED, code: 'synth-failed', message: expect.stringContaining('wrote no cloud assembly'),
    });
  });

  test.each([
    ['there is no app', () => undefined, undefined, '"app"'],
    ['the folder is no assembly', () => undefined, '.', 'manifest.json'],
    ['cdk.json is not JSON', () => writeFileSync(path.join(folder, 'cdk.json'), '{'), 'node app.js', 'cdk.json'],
    ['"app" is no command', () => writeJson('cdk.json', { app: 5 }), undefined, '5'],
  ])('with a usage error when %s', async (_what, prepare, app, message) => {
    prepare();
    expect(await failure({ app })).toMatchObject({ exit: Exit.USAGE, message: expect.stringContaining(message) });
  });

  test('when it is interrupted, and the app ends with it', async () => {
    const failed = failure({ app: 'node app.js hang & wait' });
    await expectSoon(() => existsSync(path.join(folder, 'started')));
    stop.abort();
    expect(await failed).toMatchObject({ exit: Exit.INTERRUPTED });
  });
});

/** Resolves when the file system shows it; fails after five seconds. */
async function expectSoon(shows: () => boolean): Promise<void> {
  for (const end = Date.now() + 5_000; !shows();) {
    if (Date.now() > end) throw new Error('it did not happen within five seconds');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
