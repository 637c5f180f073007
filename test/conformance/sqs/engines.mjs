// Holds this project's engine and others to the conformance suite, and docs/sqs-conformance.md to what they do.
//
//   node test/conformance/sqs/engines.mjs [--write]
//
// CHECK_PYTHON   a Python that has ministack and moto[server]
// ELASTICMQ_JARS a folder with the jars of elasticmq-server and all it needs; java must be on the path
//
// An engine that is not there is left out, and then the page is not compared. Fails when this project's engine fails a case, when differences.ts
// does not fit an engine, and when the page differs; --write makes it anew.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { cli, root, setUp } from '../../../scripts/setup.mjs';

const PAGE = path.join(root, 'docs/sqs-conformance.md');
const TSX = path.join(root, 'node_modules/tsx/dist/cli.mjs');
const MAIN = path.join(root, 'test/conformance/sqs/main.ts');
const START_MS = 60_000;

const folder = mkdtempSync(path.join(tmpdir(), 'sqs-engines-'));
const children = new Set();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

/** Each gives how it is run, or the sentence that says why it is left out. In the order of the page's columns. */
const ENGINES = {
  'cdk-webhooks': () => ({ version: 'this commit', start: startOurs, args: ['--scale'] }),
  'MiniStack': () => python('ministack', (port) => ({
    args: ['-m', 'ministack'],
    env: { BIND_HOST: '127.0.0.1', GATEWAY_PORT: String(port), LAMBDA_EXECUTOR: 'local', SFTP_ENABLED: '0', IOT_MTLS_ENABLED: '0' },
  })),
  'moto': () => python('moto', (port) => ({ args: ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)] })),
  'ElasticMQ': elasticMq,
};

setUp(['install', 'bundle']);
const started = performance.now();
const runs = await Promise.all(Object.entries(ENGINES).map(([name, describe]) => runEngine(name, describe())));
const ran = runs.filter((run) => run !== undefined);
console.log(`the engines took ${Math.round((performance.now() - started) / 1000)} s`);
process.exitCode = verdict();

/** Runs the suite against one engine; undefined when it is left out. */
async function runEngine(name, engine) {
  if (typeof engine === 'string') {
    console.log(`${name} is left out: ${engine}`);
    return undefined;
  }
  const { url, controlUrl, child } = await engine.start(name);
  const file = path.join(folder, `${name}.json`);
  const args = ['--endpoint', url, '--json', file, '--engine', name, '--engine-version', engine.version, ...engine.args];
  const { code, output } = await run(process.execPath, [TSX, MAIN, ...args, ...(controlUrl ? ['--control', controlUrl] : [])]);
  child.kill();
  console.log(`${name} ${engine.version}: ${output.trim().split('\n').at(-1)}`);
  if (!existsSync(file)) throw new Error(`${name} could not be run:\n${output}`);
  return { name, file, code, output };
}

function verdict() {
  const ours = ran.find(({ name }) => name === 'cdk-webhooks');
  if (ours.code !== 0) console.error(ours.output.split('\n').filter((line) => /^(FAIL| {8})/.test(line)).join('\n'));
  const table = spawnSync(process.execPath, [TSX, MAIN, '--table', ...ran.map(({ file }) => file)], { encoding: 'utf8' });
  if (table.status !== 0) console.error(table.stderr);
  return ours.code === 0 && table.status === 0 && pageIs(table.stdout) ? 0 : 1;
}

function pageIs(text) {
  if (ran.length < runs.length) {
    console.log('docs/sqs-conformance.md is not compared: that takes all engines');
    return true;
  }
  if (process.argv.includes('--write')) {
    mkdirSync(path.dirname(PAGE), { recursive: true });
    writeFileSync(PAGE, text);
  }
  if (existsSync(PAGE) && readFileSync(PAGE, 'utf8') === text) return true;
  console.error('docs/sqs-conformance.md is not what these engines do: make it anew with --write and look at what has changed');
  return false;
}

/** A local run of the demo stack, on a clock that can be moved. */
async function startOurs() {
  const app = [process.execPath, TSX, path.join(root, 'bin/app.ts')].map((part) => JSON.stringify(part)).join(' ');
  const args = [cli, 'dev', '--app', app, '--context', 'target=https://receiver.example.com/hooks', '--clock', 'manual', '--json'];
  const child = start(process.execPath, args, { cwd: folder });
  for await (const line of createInterface({ input: child.stdout })) {
    const { event, awsEndpointUrl: url, controlUrl } = JSON.parse(line);
    if (event === 'ready') return { url, controlUrl, child };
  }
  throw new Error(`the local run has ended before it was ready:\n${child.errors()}`);
}

function python(module, command) {
  const interpreter = process.env.CHECK_PYTHON;
  if (!interpreter) return 'CHECK_PYTHON names no Python';
  const { status, stdout } = spawnSync(interpreter, ['-c', `from importlib.metadata import version; print(version('${module}'))`], { encoding: 'utf8' });
  if (status !== 0) return `the Python at CHECK_PYTHON has no ${module}`;
  return {
    version: stdout.trim(),
    args: ['--skip', '^in-flight/'],
    start: async (name) => {
      const port = await freePort();
      const { args, env } = command(port);
      return answering(name, port, start(interpreter, args, { env: { ...process.env, ...env } }));
    },
  };
}

function elasticMq() {
  const jars = process.env.ELASTICMQ_JARS;
  if (!jars) return 'ELASTICMQ_JARS names no folder';
  const version = readdirSync(jars).map((jar) => /^elasticmq-server_[\d.]+-(.+)\.jar$/.exec(jar)?.[1]).find(Boolean);
  if (!version) return `there is no elasticmq-server in ${jars}`;
  if (spawnSync('java', ['-version']).status !== 0) return 'there is no java on the path';
  return {
    version,
    args: ['--scale', '--skip', '^in-flight/fifo$'],
    start: async (name) => {
      const port = await freePort();
      const config = path.join(folder, 'elasticmq.conf');
      writeFileSync(config, `include classpath("application.conf")
        node-address { protocol = http, host = "127.0.0.1", port = ${port}, context-path = "" }
        rest-sqs { enabled = true, bind-port = ${port}, bind-hostname = "127.0.0.1", sqs-limits = strict }
        rest-stats { enabled = false }`);
      const args = ['-Xmx512m', `-Dconfig.file=${config}`, '-cp', path.join(jars, '*'), 'org.elasticmq.server.Main'];
      return answering(name, port, start('java', args));
    },
  };
}

function start(command, args, options = {}) {
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors = `${errors}${chunk}`.slice(-4000);
  });
  child.errors = () => errors;
  children.add(child);
  child.once('close', () => children.delete(child));
  return child;
}

/** Waits until it answers anything at all. */
async function answering(name, port, child) {
  child.stdout.resume();
  const url = `http://127.0.0.1:${port}`;
  for (const begun = performance.now(); performance.now() - begun < START_MS; await sleep(200)) {
    if (child.exitCode !== null) break;
    if (await fetch(url).then(() => true, () => false)) return { url, child };
  }
  throw new Error(`${name} does not start:\n${child.errors()}`);
}

async function run(command, args) {
  const child = start(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, output: output + child.errors() };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
