import { spawnSync, SpawnSyncReturns } from 'child_process';
import { closeSync, openSync, readFileSync, readSync } from 'fs';
import * as path from 'path';

/** Text of the command's output that is read at most. */
const MAX_BUNDLE_BYTES = 64 * 1024 * 1024;

/** What stands in a bundle with packages in CommonJS that ask for modules of Node by `require`, which a module does not have. */
const ASKS_FOR_REQUIRE = 'Dynamic require of "';
const REQUIRE = 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);\n';

const OPTIONS = [
  // A local run starts the functions on Node 20.
  '--bundle', '--platform=node', '--format=esm', '--target=node20', '--main-fields=module,main',
  // Comments with the paths of modules differ from one machine to the next, and so would the asset's hash.
  '--minify-whitespace', '--legal-comments=none', '--charset=utf8',
  '--log-level=warning', '--color=false',
];

/**
 * The text of a user's module as one file. In a process of its own, as `NodejsFunction` does it too: esbuild cannot run inside of
 * jest, where people test their stacks.
 *
 * @param what names it in errors
 */
export function bundleModule(file: string, what: string): string {
  const text = readFileSync(file, 'utf8');
  const module = standsAlone(file, text) ? checked(file, text, what) : bundled(file, what);
  if (hasTransform(module)) return module;
  throw new Error(`${what} exports no transform: export a function by default, or one named "transform"`);
}

/** JavaScript in the form of a module that needs nothing but Node. */
function standsAlone(file: string, text: string): boolean {
  if (!/\.m?js$/.test(file) || !hasTransform(text) || /\brequire\s*\(|\bimport\s*\(/.test(text)) return false;
  return [...text.matchAll(/\b(?:from|import)\s*(['"])(.+?)\1/g)].every(([, , name]) => name?.startsWith('node:'));
}

const DEFAULT_EXPORT = /\bexport\s+default\b/;
const NAMED_EXPORT = /\bexport\s+(?:async\s+)?(?:function|const|let|var|class)\s+transform\b/;
const EXPORT_LIST = /\bexport\s*\{[^}]*\b(?:default|transform)\b[^}]*\}/;

function hasTransform(text: string): boolean {
  return [DEFAULT_EXPORT, NAMED_EXPORT, EXPORT_LIST].some((pattern) => pattern.test(text));
}

function checked(file: string, text: string, what: string): string {
  const { status, stderr } = spawnSync(process.execPath, ['--check', '--input-type=module', '-'], { input: text, encoding: 'utf8', env: plainEnvironment() });
  if (status === 0) return text;
  const [message = ''] = stderr.replace('[stdin]', path.basename(file)).split('\n    at ');
  throw new Error(`${what} does not compile:\n${message.trim()}`);
}

function bundled(file: string, what: string): string {
  const folder = path.dirname(file);
  const { error, status, signal, stdout, stderr } = run([...OPTIONS, `./${path.basename(file)}`], folder, what);
  if (error) throw new Error(`${what} could not be bundled, esbuild did not run: ${error.message}`);
  if (status !== 0) throw new Error(`${what} does not compile:\n${stderr.trim() || `esbuild ended with ${signal ?? status}`}`);
  if (stderr.trim()) process.stderr.write(`${what}:\n${stderr}`);
  return stdout.includes(ASKS_FOR_REQUIRE) ? `${REQUIRE}${stdout}` : stdout;
}

/** By the esbuild of the project, of the module's own project, or on the PATH. */
function run(options: string[], cwd: string, what: string): SpawnSyncReturns<string> {
  const settings = { cwd, encoding: 'utf8', maxBuffer: MAX_BUNDLE_BYTES, env: plainEnvironment() } as const;
  const installed = findInstalled([process.cwd(), cwd]);
  if (installed) {
    return isScript(installed) ? spawnSync(process.execPath, [installed, ...options], settings) : spawnSync(installed, options, settings);
  }
  const result = spawnSync('esbuild', options, settings);
  if ((result.error as NodeJS.ErrnoException | undefined)?.code !== 'ENOENT') return result;
  throw new Error(`${what} must be bundled, and there is no esbuild: run "npm install --save-dev esbuild" in your project, put esbuild on the PATH, `
    + 'or write the transform as one .mjs file that imports nothing but modules of Node, e.g. "node:crypto"');
}

function findInstalled(folders: string[]): string | undefined {
  try {
    return path.join(path.dirname(require.resolve('esbuild/package.json', { paths: folders })), 'bin', 'esbuild');
  } catch {
    return undefined;
  }
}

/** The package's command is a script of Node, until its installation has put the program itself in its place. */
function isScript(file: string): boolean {
  const start = Buffer.alloc(2);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, start);
  } finally {
    closeSync(handle);
  }
  return start.toString() === '#!';
}

/** Options that are meant for the app's own process, such as a loader, would be taken by its children too. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, NODE_OPTIONS: undefined };
}
