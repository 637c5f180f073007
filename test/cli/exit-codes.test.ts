import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { version } from '../../package.json';
import { CLI, runCli, type CliOptions } from './fixtures/cli-process';
import { FakeAws } from './fixtures/fake-aws';
import { SCHEMES } from '../../lib/contract/schemes';

let folder: string;
let aws: FakeAws;
let endpoint: string;
let receiver: Server;
let url: string;
let status = 200;
const received: { headers: { [name: string]: unknown }; body: Buffer }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'exit codes '));
  aws = new FakeAws();
  endpoint = await aws.start();
  receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push({ headers: request.headers, body: Buffer.concat(chunks) });
    response.writeHead(status, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});
afterAll(() => {
  aws.stop();
  receiver.close();
  receiver.closeAllConnections();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  status = 200;
  received.length = 0;
  aws.refuseWith = undefined;
  aws.secrets = { 'my/secret': 'octo-secret' };
  const source = { path: '/github', verifications: [{ scheme: SCHEMES.github, secret: { id: 'my/secret', key: 'utf8' } }], function: 'Ingest' };
  const gateway = { version: 1, gateway: 'Hooks/Gateway', api: 'Api', sources: { github: source }, targets: {} };
  aws.stacks = [{ name: 'Hooks', template: JSON.stringify({ Metadata: { 'cdk-webhooks:Hooks/Gateway': gateway } }), outputs: { GithubUrl: `${url}/github` } }];
});

function run(args: readonly string[], options: Partial<CliOptions> = {}): ReturnType<typeof runCli> {
  return runCli(args, { cwd: folder, ...options });
}

function send(args: readonly string[], options: Partial<CliOptions> = {}): ReturnType<typeof runCli> {
  return run(['send', 'github', '--endpoint', endpoint, '--url', `${url}/github`, ...args], options);
}

describe('0 done', () => {
  test('no help speaks of a console that there is not', async () => {
    expect((await run(['dev', '--help'])).stdout).not.toContain('console');
  });

  test.each([[['--help'], 'Usage: cdk-webhooks COMMAND'], [['dev', '--help'], '--secrets FILE'], [['send', '--help'], 'SOURCE'], [['--version'], version]])('%j', async (args, text) => {
    expect(await run(args)).toMatchObject({ exit: 0, stdout: expect.stringContaining(text), stderr: '' });
  });

  test('through a link in a folder with a space, as npx makes it', async () => {
    const bin = path.join(folder, 'node_modules/.bin');
    mkdirSync(bin, { recursive: true });
    symlinkSync(CLI, path.join(bin, 'cdk-webhooks'));
    expect(await run(['--version'], { script: path.join(bin, 'cdk-webhooks') })).toMatchObject({ exit: 0, stdout: `${version}\n` });
  });

  test('send posts a signed event and says so in one line of JSON', async () => {
    const { exit, lines, stderr } = await send(['--json', '--type', 'ping']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(lines).toEqual([{
      event: 'sent', time: expect.stringMatching(/Z$/), source: 'github', type: 'ping', url: `${url}/github`, status: 200,
      id: expect.stringMatching(/^evt_[a-z2-7]{26}$/), ms: expect.any(Number), providerId: received[0]?.headers['x-github-delivery'],
    }]);
    expect(received[0]?.headers).toMatchObject({ 'x-github-event': 'ping', 'x-hub-signature-256': expect.stringMatching(/^sha256=/) });
  });

  test('send --body posts the bytes of a file, or of stdin, as they are', async () => {
    const body = Buffer.from([0x7b, 0xff, 0x00, 0x0d, 0x0a]);
    writeFileSync(path.join(folder, 'body.bin'), body);
    expect((await send(['--body', 'body.bin'])).exit).toBe(0);
    expect((await send(['--body', '-'], { input: body })).exit).toBe(0);
    expect(received.map((each) => each.body)).toEqual([body, body]);
  });

  test('send --curl posts nothing', async () => {
    const { exit, stdout } = await send(['--curl', '--body', '-'], { input: '{"it\'s": "quoted"}' });
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^curl -i .* -H 'x-hub-signature-256: sha256=[0-9a-f]{64}' --data-raw '\{"it'\\''s": "quoted"\}'\n$/);
    expect(received).toEqual([]);
  });
});

describe('1 failed', () => {
  test.each([300, 301, 400, 401, 500, 503])('send answered %i', async (code) => {
    status = code;
    expect(await send(['--json'])).toMatchObject({ exit: 1, lines: [{ event: 'sent', status: code }] });
    expect(received).toHaveLength(1);
  });

  test.each([[[], 'synth-failed'], [['--clock', 'manual'], 'synth-failed']])('dev %j cannot synthesise', async (args, code) => {
    const { exit, lines } = await run(['dev', '--json', '--app', 'echo the reason >&2; exit 9', ...args]);
    expect({ exit, lines }).toEqual({ exit: 1, lines: [{ event: 'error', time: expect.any(String), code, message: expect.stringContaining('exit code 9: the reason') }] });
  });
});

const FULL = '/dev/full';
(existsSync(FULL) ? describe : describe.skip)('1 where the disk is full', () => {
  test.each([[['--version']], [['send', 'github', '--curl']], [['send', 'github', '--curl', '--json']]])('%j', (args) => {
    const full = openSync(FULL, 'w');
    const child = spawn(process.execPath, [CLI, ...args, ...args[0] === 'send' ? ['--endpoint', endpoint] : []], { cwd: folder, stdio: ['ignore', full, 'pipe'] });
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => { stderr += chunk.toString(); });
    return new Promise<void>((resolve) => child.once('close', (exit) => {
      closeSync(full);
      expect({ exit, stderr }).toEqual({ exit: 1, stderr: 'cdk-webhooks: cannot write the output: ENOSPC: no space left on device, write\n' });
      resolve();
    }));
  });
});

describe('2 wrong usage or input', () => {
  test.each([
    [[], 'Usage'],
    [['snd'], 'did you mean "send"?'],
    [['--quiet'], '"--quiet"'],
    [['dev', '--secret', 'x'], 'did you mean --secrets?'],
    [['dev', 'extra'], '"extra"'],
    [['dev', '--port', '65536'], '--port'],
    [['dev', '--port', '1.5'], '--port'],
    [['dev', '--console-port', 'x'], '--console-port'],
    [['dev', '--clock', 'fast'], 'real or manual'],
    [['dev', '--target', 'receiver'], 'NAME=URL'],
    [['dev', '--target', 'receiver=example.com'], 'absolute URL'],
    [['dev', '--secrets', 'none.json'], 'ENOENT'],
    [['dev', '--context', 'x'], 'KEY=VALUE'],
    [['dev'], 'there is no app'],
    [['dev', '--app', '.'], 'manifest.json'],
    [['send'], 'SOURCE is missing'],
    [['send', 'github', '--url', 'here'], '--url'],
    [['send', 'github', '--body', 'none'], 'ENOENT'],
    [['send', 'github', '--endpoint', 'here'], '--endpoint'],
  ])('%j', async (args, message) => {
    expect(await run(args)).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining(message) });
  });

  test.each([['a\nb', 'U+000A'], ['\u202e', 'U+202E']])('send --type %j, which the sender\'s header cannot carry', async (type, character) => {
    for (const more of [[], ['--curl']]) {
      expect(await send(['--type', type, ...more])).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringMatching(/^cdk-webhooks: the header "x-github-event" [^\n]*\n$/) });
      expect((await send(['--type', type, ...more])).stderr).toContain(character);
    }
    expect(received).toEqual([]);
  });

  test('with --json a script is told too', async () => {
    expect((await run(['dev', '--json', '--prot', '1'])).lines).toEqual([
      { event: 'error', time: expect.any(String), code: 'usage', message: expect.stringContaining('did you mean --port?') },
    ]);
  });
});

describe('3 nothing matches', () => {
  test.each([
    [['send', 'gitlab'], '"gitlab"; there are github'],
    [['send', 'github', '--stack', 'None'], '"None"'],
    [['send', 'github', '--secret', 'none'], 'secret "none"'],
  ])('%j', async (args, message) => {
    expect(await run([...args, '--endpoint', endpoint])).toMatchObject({ exit: 3, stderr: expect.stringContaining(message) });
  });
});

describe('4 no access', () => {
  test('the endpoint does not answer', async () => {
    expect(await run(['send', 'github'], { env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' } })).toMatchObject({ exit: 4, stderr: expect.stringContaining('ECONNREFUSED') });
  });

  test('the permission is missing', async () => {
    aws.refuseWith = 'AccessDenied';
    expect(await send([])).toMatchObject({ exit: 4, stderr: expect.stringContaining('no access') });
  });

  test('there are no credentials', async () => {
    expect(await run(['send', 'github'], { env: { AWS_REGION: 'eu-west-1' } })).toMatchObject({ exit: 4, stderr: expect.stringContaining('redentials') });
  });

  test('there is no region', async () => {
    expect(await run(['send', 'github'])).toMatchObject({ exit: 4, stderr: expect.stringContaining('AWS_REGION') });
  });

  test('the URL does not answer', async () => {
    expect(await send(['--url', 'http://127.0.0.1:9/x'])).toMatchObject({ exit: 4, stderr: expect.stringContaining('ECONNREFUSED') });
  });
});
