import { execSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { version } from '../../package.json';
import { RUN_NOTE } from '../../cli/run-note';
import { CLI, CliProcess, runCli, type CliResult } from './fixtures/cli-process';

const APP = path.join(__dirname, '../../bin/app.ts');
// From any folder, and without the second that npx takes.
const RUN_APP = `"${process.execPath}" --import "${require.resolve('tsx')}" "${APP}"`;
const WHSEC = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

let folder: string;
let temporary: string;
let receiver: Server;
let target: string;
let dev: CliProcess;
let ready: Ready;
const arrivals: { readonly headers: { readonly [name: string]: unknown }; readonly body: Buffer }[] = [];

interface Ready {
  readonly apiUrl: string;
  readonly controlUrl: string;
  readonly awsEndpointUrl: string;
  readonly clock: { readonly mode: string; readonly now: string };
  readonly sources: { readonly [name: string]: string };
  readonly generatedSecrets: { readonly [name: string]: string };
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'dev test '));
  temporary = mkdtempSync(path.join(os.tmpdir(), 'dev-temporary-'));
  receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    arrivals.push({ headers: request.headers, body: Buffer.concat(chunks) });
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  target = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  const standard = { current: WHSEC, previous: 'whsec_b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xk' };
  writeFileSync(path.join(folder, 'secrets.json'), JSON.stringify({ 'my/standard': standard, 'not/used': 'x' }));
  const args = ['--clock', 'manual', '--secrets', 'secrets.json', '-c', `target=${target}`, '-c', 'standardSecret=my/standard'];
  dev = new CliProcess(['dev', '--json', '--app', RUN_APP, ...args], { cwd: folder, env: { TMPDIR: temporary } });
  ready = await dev.line({ event: 'ready' }) as unknown as Ready;
}, 60_000);

afterAll(async () => {
  dev.child.kill('SIGINT');
  await dev.exit;
  CliProcess.endAll();
  receiver.close();
  receiver.closeAllConnections();
  for (const each of [folder, temporary]) rmSync(each, { recursive: true });
});

function send(args: readonly string[]): Promise<CliResult> {
  return runCli(['send', '--json', ...args], { cwd: folder });
}

async function advance(seconds: number): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${ready.controlUrl}/clock`, { method: 'POST', headers, body: JSON.stringify({ advanceSeconds: seconds }) });
  expect(response.status).toBe(200);
}

test('ready says where everything is', () => {
  const origin = /^http:\/\/127\.0\.0\.1:\d+$/;
  expect(ready).toEqual({
    event: 'ready',
    time: ready.clock.now,
    version,
    apiUrl: expect.stringMatching(origin),
    controlUrl: expect.stringMatching(origin),
    awsEndpointUrl: expect.stringMatching(origin),
    consoleUrl: null,
    region: 'us-east-1',
    account: '000000000000',
    stacks: ['Webhooks'],
    clock: { mode: 'manual', now: expect.stringMatching(/^\d{4}-.*Z$/) },
    sources: { github: `${ready.apiUrl}/github`, stripe: `${ready.apiUrl}/stripe`, standard: `${ready.apiUrl}/standard` },
    targets: { receiver: { kind: 'http', url: target, queueUrl: expect.stringContaining(ready.awsEndpointUrl), deadLetterQueueUrl: expect.any(String) } },
    // GitHub's, Stripe's and the target's.
    generatedSecrets: expect.any(Object),
  });
  expect(Object.keys(ready.generatedSecrets)).toHaveLength(3);
});

test('a secret that nothing uses is a warning', async () => {
  expect(await dev.line({ event: 'warning', code: 'unused-secret' })).toMatchObject({ message: expect.stringContaining('"not/used"') });
});

test('an app is warned of on stderr, each text once, and of a console that there is not; stdout has JSON alone', async () => {
  const app = path.join(folder, 'warned.ts');
  writeFileSync(app, `
    import { Annotations, App } from ${JSON.stringify(require.resolve('aws-cdk-lib'))};
    import { WebhookSource, WebhookStack, WebhookTarget } from ${JSON.stringify(path.join(__dirname, '../../lib'))};
    const stack = new WebhookStack(new App(), 'Warned', {
      sources: { sensor: WebhookSource.unverified({ reason: 'it signs nothing' }) },
      targets: { receiver: WebhookTarget.http('http://127.0.0.1:9') },
    });
    for (const scope of [stack, stack.gateway]) Annotations.of(scope).addWarningV2('own:red', 'this is \\u001b[31m');
  `);
  const command = `"${process.execPath}" --import "${require.resolve('tsx')}" "${app}"`;
  const warned = new CliProcess(['dev', '--json', '--console-port', '0', '--app', command], { cwd: temporary });
  await warned.line({ event: 'ready' });
  warned.child.kill('SIGINT');
  await warned.exit;
  expect(warned.stderr).toContain('cdk-webhooks: there is no console yet, so --console-port does nothing\n');
  expect(warned.stderr.split('\n').filter((line) => line.includes('warning of the app: ')).sort()).toEqual([
    'cdk-webhooks: warning of the app: anybody who knows the URL of source "sensor" can post events: it signs nothing [ack: cdk-webhooks:unverified-source]',
    'cdk-webhooks: warning of the app: this is \\u001b[31m [ack: own:red]',
  ]);
  expect(warned.stderr).not.toContain('must not be deployed');
  expect(warned.stdout.trimEnd().split('\n')).toHaveLength(warned.lines.length);
});

test('the note of the run is for its owner', () => {
  expect(statSync(path.join(folder, RUN_NOTE)).mode & 0o777).toBe(0o600);
  expect(readFileSync(path.join(folder, RUN_NOTE), 'utf8')).not.toContain(WHSEC);
});

test.each(['github', 'stripe', 'standard'])('an event for %s goes all the way, with the id that send said', async (source) => {
  const from = dev.lines.length;
  const sent = await send([source]);
  expect(sent).toMatchObject({ exit: 0, lines: [{ event: 'sent', source, status: 200, url: ready.sources[source] }] });
  const { id } = sent.lines[0] as { id?: string };
  await dev.line({ event: 'accepted', id, source }, from);
  await dev.line({ event: 'delivered', id, source, target: 'receiver' }, from);
  expect(arrivals.at(-1)?.headers).toMatchObject({ 'webhook-id': id });
});

test('a body of one\'s own arrives byte for byte', async () => {
  const body = Buffer.from([0x7b, 0xff, 0x00, 0x0d, 0x0a]);
  writeFileSync(path.join(folder, 'body.bin'), body);
  const { exit, lines } = await send(['github', '--body', 'body.bin']);
  expect(exit).toBe(0);
  await dev.line({ event: 'delivered', id: lines[0]?.['id'] });
  expect(arrivals.at(-1)?.body).toEqual(body);
});

test('a curl line is taken as it is', async () => {
  const { stdout } = await runCli(['send', 'github', '--curl'], { cwd: folder });
  const signature = /x-hub-signature-256: (sha256=[0-9a-f]+)/.exec(stdout)?.[1] as string;
  const body = (/--data-raw '([^']*)'/.exec(stdout)?.[1] ?? '');
  const secrets = Object.values(ready.generatedSecrets);
  expect(secrets.map((secret) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`)).toContain(signature);
});

test('every line has event and time', () => {
  expect(dev.stdout.trimEnd().split('\n')).toHaveLength(dev.lines.length);
  for (const line of dev.lines) expect(Object.keys(line).slice(0, 2).sort()).toEqual(['event', 'time']);
});

test('what was just sent is found, though the clock stands still', async () => {
  const { lines: [sent] } = await send(['github', '--type', 'ping']);
  const { lines, exit } = await runCli(['events', 'list', '--type', 'ping', '--json'], { cwd: folder });
  expect(exit).toBe(0);
  expect(lines).toEqual([expect.objectContaining({ id: sent?.['id'], type: 'ping', time: ready.clock.now }), { event: 'page', next: null }]);
});

describe('a clock that is far ahead', () => {
  beforeAll(() => advance(3_600), 30_000);

  test('is the one that send signs at', async () => {
    expect(await send(['stripe'])).toMatchObject({ exit: 0, lines: [{ status: 200, time: expect.any(String) }] });
  });

  test('counts in a folder that has no note of the run, too', async () => {
    const elsewhere = { cwd: temporary };
    const from = new Date(Date.parse(ready.clock.now) + 3_600_000).toISOString();
    const sent = await runCli(['send', 'stripe', '--endpoint', ready.awsEndpointUrl, '--json'], elsewhere);
    expect(sent).toMatchObject({ exit: 0, lines: [{ status: 200, time: from }] });
    const listed = await runCli(['events', 'list', '--since', from, '--json'], { ...elsewhere, env: { AWS_ENDPOINT_URL: ready.awsEndpointUrl } });
    expect(listed.lines.map(({ id }) => id)).toContain(sent.lines[0]?.['id']);
  });
});

describe('other runs', () => {
  let assembly: string;

  beforeAll(() => {
    assembly = path.join(temporary, 'cdk.out');
    const context = JSON.stringify({ target, 'cdk-webhooks:local': true });
    execSync(RUN_APP, { env: { ...process.env, CDK_OUTDIR: assembly, CDK_CONTEXT_JSON: context, CDK_VALIDATION: 'false' }, stdio: 'ignore' });
  }, 30_000);
  afterAll(() => rmSync(assembly, { recursive: true }));

  function runAssembly(args: readonly string[] = []): CliProcess {
    return new CliProcess(['dev', '--json', '--app', assembly, ...args], { cwd: temporary });
  }

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends a run with 130, and leaves the assembly it was given', async (signal) => {
    const run = runAssembly();
    await run.line({ event: 'ready' });
    run.child.kill(signal);
    expect(await run.exit).toBe(130);
    expect(run.stderr).toBe('');
    expect(existsSync(path.join(assembly, 'manifest.json'))).toBe(true);
  });

  test('a second run of a folder says so, and gives the folder\'s commands back', async () => {
    const first = runAssembly();
    const { awsEndpointUrl } = await first.line({ event: 'ready' });
    const second = runAssembly();
    const { message } = await second.line({ event: 'warning', code: 'second-run' });
    expect(message).toContain(`--endpoint ${String(awsEndpointUrl)}`);
    await second.line({ event: 'ready' });
    second.child.kill('SIGINT');
    await second.exit;
    expect(JSON.parse(readFileSync(path.join(temporary, RUN_NOTE), 'utf8'))).toMatchObject({ pid: first.child.pid, awsEndpointUrl });
    first.child.kill('SIGINT');
    await first.exit;
    expect(existsSync(path.join(temporary, RUN_NOTE))).toBe(false);
  });

  test('a run ends when nobody reads its lines any more', async () => {
    const run = runAssembly();
    const { apiUrl } = await run.line({ event: 'ready' });
    run.child.stdout?.destroy();
    await fetch(`${String(apiUrl)}/nowhere`);
    expect(await run.exit).toBe(130);
  });

  test('a run that npm started ends with the shell that npm started it in', async () => {
    const quoted = [process.execPath, CLI, 'dev', '--json', '--app', assembly].map((word) => `'${word}'`).join(' ');
    const shell = spawn('sh', ['-c', `${quoted} & wait`], { cwd: temporary, env: { PATH: process.env['PATH'], npm_command: 'exec' } });
    const closed = new Promise((resolve) => shell.once('close', resolve));
    await new Promise((resolve) => shell.stdout.once('data', resolve));
    shell.kill('SIGKILL');
    // Its stdout is the run's too, so it closes when the run has ended.
    await closed;
    expect(existsSync(path.join(temporary, RUN_NOTE))).toBe(false);
  });

  test('a port that is taken is an error that names it', async () => {
    const { port } = new URL(ready.apiUrl);
    const run = runAssembly(['--port', port]);
    expect(await run.exit).toBe(1);
    expect(run.lines.at(-1)).toMatchObject({ event: 'error', code: 'port-taken', message: expect.stringContaining(port), time: expect.any(String) });
  });

  test('a target that does not exist is wrong input', async () => {
    const run = runAssembly(['--target', 'nowhere=http://127.0.0.1:9']);
    expect(await run.exit).toBe(2);
    expect(run.lines.at(-1)).toMatchObject({ event: 'error', code: 'unknown-target', message: expect.stringContaining('nowhere') });
  });
});

test('Ctrl-C ends everything it started', async () => {
  dev.child.kill('SIGINT');
  expect(await dev.exit).toBe(130);
  expect(existsSync(path.join(folder, RUN_NOTE))).toBe(false);
  expect(readdirSync(temporary).filter((name) => name.startsWith('cdk-webhooks-'))).toEqual([]);
  for (const url of [ready.apiUrl, ready.controlUrl, ready.awsEndpointUrl]) await expect(fetch(url)).rejects.toThrow();
  expect(await send(['github', '--endpoint', ready.awsEndpointUrl])).toMatchObject({ exit: 4 });
});
