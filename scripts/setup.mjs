// What a fresh clone needs before anything runs, and nothing when it is all there: every step is skipped while the files it reads are the
// same as last time. Plain Node, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The command line as built. */
export const cli = path.join(root, 'assets/cli/cdk-webhooks.mjs');

const STAMPS = path.join(root, 'node_modules/.cache/cdk-webhooks/setup.json');

const STEPS = {
  install: {
    says: 'installing the packages of package-lock.json',
    reads: ['package-lock.json'],
    makes: ['node_modules/.package-lock.json'],
    // Somebody may have installed by hand, after which there is no stamp.
    isDone: () => modified('node_modules/.package-lock.json') >= modified('package-lock.json'),
    run: () => npm('ci', '--no-audit', '--no-fund'),
  },
  bundle: {
    says: 'bundling the functions and the command line',
    reads: ['lambda', 'local', 'cli', 'bin', 'lib/contract', 'package.json', 'package-lock.json'],
    makes: ['assets/cli/cdk-webhooks.mjs', 'node_modules/.bin/cdk-webhooks'],
    run: () => node('lambda/bundle.mjs') && linkCommand(),
  },
  jsii: {
    says: 'compiling the constructs',
    reads: ['lib', 'package.json', 'tsconfig.json', 'tsconfig.jsii.json', 'package-lock.json'],
    makes: ['dist/index.js', '.jsii'],
    run: () => npm('run', '--silent', 'jsii'),
  },
  typecheck: {
    says: 'checking types',
    reads: ['lib', 'lambda', 'local', 'cli', 'bin', 'test', 'examples', 'bench', 'tsconfig.json', 'package-lock.json'],
    makes: [],
    run: () => npm('run', '--silent', 'typecheck'),
  },
};

/** Carries out the named steps in turn. A step that fails ends the process with its exit code. */
export function setUp(names) {
  for (const name of names) {
    const step = STEPS[name];
    const hash = hashOf(step.reads);
    const stamps = readStamps();
    const made = step.makes.every((file) => existsSync(path.join(root, file)));
    if (made && (stamps[name] === hash || (stamps[name] === undefined && step.isDone?.()))) continue;
    // On stderr: stdout may be for a script.
    process.stderr.write(`${step.says} …\n`);
    if (!step.run()) process.exit(1);
    writeStamps({ ...readStamps(), [name]: hash });
  }
}

/** `npx cdk-webhooks` in this repository finds the command as it does in a project that has the package. */
function linkCommand() {
  const link = path.join(root, 'node_modules/.bin/cdk-webhooks');
  chmodSync(cli, 0o755);
  rmSync(link, { force: true });
  symlinkSync(path.relative(path.dirname(link), cli), link);
  return true;
}

function hashOf(entries) {
  const hash = createHash('sha256');
  for (const file of entries.flatMap(filesBelow).sort()) hash.update(`${file}\0`).update(readFileSync(path.join(root, file))).update('\0');
  return hash.digest('hex');
}

function filesBelow(entry) {
  const stats = statSync(path.join(root, entry), { throwIfNoEntry: false });
  if (!stats) return [];
  return stats.isDirectory() ? readdirSync(path.join(root, entry)).flatMap((name) => filesBelow(path.join(entry, name))) : [entry];
}

function modified(file) {
  return statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function readStamps() {
  try {
    return JSON.parse(readFileSync(STAMPS, 'utf8'));
  } catch {
    return {};
  }
}

function writeStamps(stamps) {
  mkdirSync(path.dirname(STAMPS), { recursive: true });
  writeFileSync(STAMPS, `${JSON.stringify(stamps, undefined, 2)}\n`);
}

/** npm as it was started, or the one on the path; what it prints goes to stderr. */
function npm(...args) {
  return process.env.npm_execpath ? node(process.env.npm_execpath, ...args) : run('npm', args);
}

function node(...args) {
  return run(process.execPath, args);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (error) process.stderr.write(`cannot run ${command}: ${error.message}\n`);
  return status === 0;
}
