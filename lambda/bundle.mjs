// Bundles everything that is not a construct: the functions, the modules of schemes, the senders of targets, the local bootstrap,
// the command line, and what the constructs load at synth.
// Run directly, or by jest as `globalSetup`, so that no test meets a stale bundle.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'esm',
  // The functions run on nodejs24.x; a local run starts the same files on Node 20.
  target: 'node20',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'warning',
  outExtension: { '.js': '.mjs' },
};

/** One bundle for each entry, named for where it goes below `assets/`. */
const lambdaEntries = () => {
  const entries = {
    'local/bootstrap': 'local/lambda/bootstrap.mts',
    // Beside an ingest function that needs them.
    'key-fetch/key-fetch': 'lambda/shared/key-fetch.ts',
    'filter/filter': 'lambda/ingest/filter/index.ts',
  };
  for (const name of readdirSync(path.join(root, 'lambda'))) {
    if (existsSync(path.join(root, 'lambda', name, 'index.mts'))) entries[`${name}/index`] = `lambda/${name}/index.mts`;
  }
  for (const file of readdirSync(path.join(root, 'lambda/deliver/senders'))) {
    entries[`senders/${path.basename(file, '.ts')}/sender`] = `lambda/deliver/senders/${file}`;
  }
  const schemes = path.join(root, 'lambda/ingest/schemes');
  for (const file of existsSync(schemes) ? readdirSync(schemes).filter((name) => name.endsWith('.ts')) : []) {
    const name = path.basename(file, '.ts');
    entries[`schemes/${name}/scheme-${name}`] = `lambda/ingest/schemes/${file}`;
  }
  return entries;
};

const commandLine = {
  ...common,
  entryPoints: { 'cdk-webhooks': 'bin/cdk-webhooks.ts' },
  outdir: 'assets/cli',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  minifySyntax: true,
  minifyWhitespace: true,
  // Bundled CommonJS asks for `require`; the entry asks for its own place, which finds the package's other assets.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; import { fileURLToPath as __fileURLToPath } from 'node:url'; "
      + 'const require = __createRequire(import.meta.url); const __filename = __fileURLToPath(import.meta.url);',
  },
};

/** What synth runs of a function's code, so that it judges as the function does. The constructs are CommonJS. */
const tools = {
  ...common,
  entryPoints: {
    'tools/filter': 'lambda/ingest/filter/index.ts', 'tools/template': 'lambda/deliver/transform/template.ts', 'tools/schema': 'lambda/tools/schema/index.ts',
    'tools/travelling-headers': 'lambda/ingest/travelling-headers.ts',
  },
  outdir: 'assets',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  minify: true,
};

/** The head of every file of compiled schemas that synth writes. */
const schemaRuntime = {
  ...common,
  entryPoints: { 'tools/schema-runtime': 'lambda/tools/schema-runtime/index.ts' },
  outdir: 'assets',
  format: 'iife',
  globalName: 'runtime',
  outExtension: {},
  minify: true,
};

export default async function bundle() {
  const builds = [{ ...common, entryPoints: lambdaEntries(), outdir: 'assets', minify: true }, commandLine, tools, schemaRuntime];
  const results = await Promise.all(builds.map((options) => build({ ...options, write: false, metafile: true })));
  replaceAssets([...results.flatMap(({ outputFiles }) => outputFiles), licences(results)]);
}

/** The licences of what is bundled must go where the bundles go. */
function licences(results) {
  const folders = new Set(results.flatMap(({ metafile }) => Object.keys(metafile.inputs))
    .flatMap((input) => /^(?:.*node_modules\/)(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []));
  const text = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(path.join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version}, ${license}\n\n${file ? readFileSync(path.join(root, folder, file), 'utf8').trim() : 'The package has no licence file.'}\n`;
  }).join(`\n${'-'.repeat(80)}\n\n`);
  return { path: path.join(root, 'assets/THIRD-PARTY-LICENCES.txt'), contents: Buffer.from(text) };
}

/** Leaves untouched what has not changed, so that a run that reads the bundles is not disturbed by one that makes them. */
function replaceAssets(files) {
  const assets = path.join(root, 'assets');
  const made = new Set(files.map((file) => file.path));
  for (const entry of existsSync(assets) ? readdirSync(assets, { recursive: true, withFileTypes: true }) : []) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile() && !made.has(file)) rmSync(file);
  }
  for (const file of files) {
    if (existsSync(file.path) && readFileSync(file.path).equals(file.contents)) continue;
    mkdirSync(path.dirname(file.path), { recursive: true });
    writeFileSync(file.path, file.contents);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await bundle();
