import { execFileSync, spawn, type ChildProcess } from 'child_process';
import { createHmac } from 'crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import http from 'http';
import type { AddressInfo } from 'net';
import { tmpdir } from 'os';
import path from 'path';
import { createInterface } from 'readline';

const root = path.resolve(__dirname, '../..');
const { version, devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const SECRET = 'a webhook secret of a test';
const BODY = '{"zen":"Keep it logically awesome.","price":1.10}';

let project: string;
let tarball: string;

function run(command: string, args: string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, CI: '1' } });
}

/** Another project, in another folder, that has installed what `npm pack` makes. */
beforeAll(() => {
  run('npm', ['run', '--silent', 'build'], root);
  project = mkdtempSync(path.join(tmpdir(), 'a project with spaces '));
  tarball = path.join(project, run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', project], root).trim());
  writeFileSync(path.join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  writeFileSync(path.join(project, 'cdk.json'), JSON.stringify({ app: 'node app.js' }));
  writeFileSync(path.join(project, 'app.js'), `
const { App } = require('aws-cdk-lib');
const { WebhookSecret, WebhookSource, WebhookStack, WebhookTarget } = require('cdk-webhooks');
new WebhookStack(new App(), 'Webhooks', {
  sources: { github: WebhookSource.github({ secret: WebhookSecret.fromSecretName('webhooks/github') }) },
  targets: { ci: WebhookTarget.http('https://ci.example.com/hooks') },
});
`);
  run('npm', ['install', '--no-audit', '--no-fund', tarball, `aws-cdk-lib@${devDependencies['aws-cdk-lib']}`,
    `constructs@${devDependencies.constructs}`], project);
}, 300_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

test('the package holds the constructs, the bundles and the command, and nothing else', () => {
  const packed = JSON.parse(run('npm', ['pack', '--ignore-scripts', '--dry-run', '--json'], root)) as [{ files: { path: string }[] }];
  const names = packed[0].files.map((file) => file.path);
  expect(names).toEqual(expect.arrayContaining([
    '.jsii', 'LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'assets/ingest/index.mjs', 'assets/deliver/index.mjs', 'assets/keeper/index.mjs',
    'assets/senders/http/sender.mjs', 'assets/local/bootstrap.mjs', 'assets/cli/cdk-webhooks.mjs',
  ]));
  const wanted = new RegExp(`^(${[
    '\\.jsii', 'LICENSE', 'README\\.md', 'package\\.json', 'dist/.*\\.(js|d\\.ts)', 'assets/.*\\.mjs', 'assets/tools/[\\w-]+\\.c?js',
    'assets/THIRD-PARTY-LICENCES\\.txt',
  ].join('|')})$`);
  expect(names.filter((name) => !wanted.test(name))).toEqual([]);
  // What an earlier layout of lib/ has left in dist/ would be found before what is there now: remove dist/ and build again.
  const sources = names.filter((name) => /^dist\/.*\.js$/.test(name)).map((name) => name.replace('dist/', 'lib/').replace('.js', '.ts'));
  expect(sources.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
});

test('its types hold in a strict project', () => {
  writeFileSync(path.join(project, 'typed.ts'), `
import { Duration } from 'aws-cdk-lib';
import { WebhookSecret, WebhookSource, WebhookTarget } from 'cdk-webhooks';
export const sources: { [name: string]: WebhookSource } = { github: WebhookSource.github({ secret: WebhookSecret.generate() }) };
// @ts-expect-error a secret is required
export const open = WebhookSource.github({});
// @ts-expect-error a timeout is a Duration
export const target = WebhookTarget.http('https://a.example.com', { timeout: 15 });
export const good = WebhookTarget.http('https://a.example.com', { timeout: Duration.seconds(15) });
`);
  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: true, target: 'es2022', module: 'node20', types: [] };
  writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.ts'] }));
  run(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'], project);
}, 120_000);

test('its command says its version', () => {
  expect(run('npx', ['cdk-webhooks', '--version'], project).trim()).toContain(version);
});

test('dev --json runs the project\'s stack, and a signed webhook goes through', async () => {
  const received: { headers: http.IncomingHttpHeaders; body: string }[] = [];
  const receiver = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const target = `ci=http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`;
  writeFileSync(path.join(project, 'secrets.json'), JSON.stringify({ 'webhooks/github': SECRET }));
  const dev = spawn(path.join(project, 'node_modules/.bin/cdk-webhooks'),
    ['dev', '--json', '--port', '0', '--secrets', 'secrets.json', '--target', target], { cwd: project, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const lines = eventsOf(dev);
    const ready = await lines('ready');
    const signature = `sha256=${createHmac('sha256', SECRET).update(BODY).digest('hex')}`;
    const answer = await fetch((ready['sources'] as { github: string }).github, {
      method: 'POST', body: BODY,
      headers: { 'content-type': 'application/json', 'x-github-event': 'ping', 'x-github-delivery': 'd-1', 'x-hub-signature-256': signature },
    });
    expect(answer.status).toBe(200);
    await lines('delivered');
    expect(received).toEqual([expect.objectContaining({ body: BODY })]);
  } finally {
    dev.kill('SIGINT');
    await new Promise((resolve) => dev.once('exit', resolve));
    receiver.close();
  }
}, 60_000);

/** Waits for lines by their event; fails when the process ends first. */
function eventsOf(child: ChildProcess): (event: string) => Promise<{ [field: string]: unknown }> {
  const seen: { [field: string]: unknown }[] = [];
  let wake = (): void => undefined;
  let ended = false;
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => { seen.push(JSON.parse(line)); wake(); })
    .on('close', () => { ended = true; wake(); });
  return async (event) => {
    for (;;) {
      const found = seen.find((line) => line['event'] === event);
      if (found) return found;
      if (ended) throw new Error(`the command ended without ${event}: ${JSON.stringify(seen)}`);
      await new Promise<void>((resolve) => { wake = resolve; });
    }
  };
}
