// Usage: MINISTACK_PYTHON=PYTHON node test/deploy/ministack.mjs -- COMMAND [ARGUMENT…]
// Runs a command beside a MiniStack of its own, with AWS_ENDPOINT_URL and credentials set, and ends with the command's exit code.
//
// MiniStack checks signatures and permissions (AUTH) and speaks TLS (USE_SSL), as AWS does: it refuses what no policy allows, and
// what the policies of queues and buckets deny without TLS. It listens on 127.0.0.1 only, also at port 443 where that is free and allowed.
import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setUp } from '../../scripts/setup.mjs';

const READY_WITHIN_MS = 30_000;
const STOPPED_WITHIN_MS = 5_000;
const LOG_LINES = 40;

const command = process.argv.slice(process.argv[2] === '--' ? 3 : 2);
const python = process.env.MINISTACK_PYTHON || 'python3';

if (command.length === 0) fail('no command to run: write node test/deploy/ministack.mjs -- npm run test:deploy', 2);
const version = installedVersion();
setUp(['install']);
const folder = mkdtempSync(path.join(tmpdir(), 'ministack-'));
const log = path.join(folder, 'ministack.log');
const children = new Set();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => children.forEach((child) => child.kill(signal)));
try {
  process.exitCode = await run(await freePort());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run(port) {
  const origin = `https://127.0.0.1:${port}`;
  const certificate = await writeCertificate();
  const server = start(python, ['-m', 'ministack'], { cwd: folder, env: serverEnvironment(port, certificate), stdio: ['ignore', 'pipe', 'pipe'] });
  const output = createWriteStream(log);
  server.child.stdout.pipe(output);
  server.child.stderr.pipe(output);
  try {
    await untilReady(origin, certificate.text, server);
    const code = await start(command[0], command.slice(1), { env: commandEnvironment(origin, certificate), stdio: 'inherit' }).ended;
    if (code !== 0) process.stderr.write(`the last lines of MiniStack:\n${readFileSync(log, 'utf8').trim().split('\n').slice(-LOG_LINES).join('\n')}\n`);
    return code;
  } finally {
    await stop(server);
  }
}

function installedVersion() {
  const { status, stdout } = spawnSync(python, ['-c', 'from importlib.metadata import version; print(version("ministack"))'], { encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  return fail(`the Python ${JSON.stringify(python)} has no package "ministack": set MINISTACK_PYTHON to one that has .ci/requirements.txt installed`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function writeCertificate() {
  const { tsImport } = await import('tsx/esm/api');
  const { selfSigned } = await tsImport('../lambda/support/certificate.ts', import.meta.url);
  const { key, cert } = selfSigned({ hosts: ['localhost', '*.execute-api.localhost'] });
  const files = { key: path.join(folder, 'server.key'), cert: path.join(folder, 'server.pem') };
  writeFileSync(files.key, key, { mode: 0o600 });
  writeFileSync(files.cert, cert);
  return { ...files, text: cert };
}

/** What is set here for AWS or for a network elsewhere would reach the functions through MiniStack's environment. */
function ownEnvironment() {
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS|MINISTACK|CDK|NODE)_|_PROXY$|_proxy$/.test(name));
  return { ...Object.fromEntries(own), PATH: [path.dirname(process.execPath), process.env.PATH].join(path.delimiter) };
}

function serverEnvironment(port, { key, cert }) {
  return {
    ...ownEnvironment(),
    TMPDIR: folder,
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    AUTH: 'true',
    USE_SSL: '1',
    MINISTACK_SSL_CERT: cert,
    MINISTACK_SSL_KEY: key,
    NODE_EXTRA_CA_CERTS: cert,
    LAMBDA_EXECUTOR: 'local',
    // Both would listen on every interface.
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
  };
}

function commandEnvironment(origin, { cert }) {
  return {
    ...ownEnvironment(),
    AWS_ENDPOINT_URL: origin,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    // The CDK command line reads the one, the SDK's clients the other.
    AWS_CA_BUNDLE: cert,
    NODE_EXTRA_CA_CERTS: cert,
    EMULATOR: `MiniStack ${version}`,
  };
}

function start(file, args, options) {
  const child = spawn(file, args, options);
  children.add(child);
  const ended = new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`cannot run ${file}: ${error.message}\n`);
      resolve(1);
    });
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  }).finally(() => children.delete(child));
  return { child, ended };
}

async function untilReady(origin, ca, { ended }) {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!await isReady(origin, ca)) {
    const gone = await Promise.race([ended.then(() => true), new Promise((resolve) => setTimeout(resolve, 100))]);
    if (gone || Date.now() > deadline) throw new Error(`MiniStack ${gone ? 'ended' : 'is not ready'}; its log:\n${readFileSync(log, 'utf8')}`);
  }
}

function isReady(origin, ca) {
  return new Promise((resolve) => {
    get(`${origin}/_ministack/ready`, { ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).once('error', () => resolve(false));
  });
}

async function stop({ child, ended }) {
  child.kill();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}

function fail(message, code = 1) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
