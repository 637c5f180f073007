// Bundles everything that is not a construct: the functions, the senders of targets, the local bootstrap and the command line.
// Run directly, or by jest as `globalSetup`, so that no test meets a stale bundle.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');

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
  const entries = {};
  for (const name of readdirSync(path.join(root, 'lambda'))) {
    if (existsSync(path.join(root, 'lambda', name, 'index.mts'))) entries[`${name}/index`] = `lambda/${name}/index.mts`;
  }
  const senders = path.join(root, 'lambda/deliver/senders');
  for (const file of existsSync(senders) ? readdirSync(senders) : []) {
    if (file.endsWith('.ts')) entries[`senders/${file.slice(0, -3)}/sender`] = `lambda/deliver/senders/${file}`;
  }
  if (existsSync(path.join(root, 'local/lambda/bootstrap.mts'))) entries['local/bootstrap'] = 'local/lambda/bootstrap.mts';
  return entries;
};

export default async function bundle() {
  rmSync(path.join(root, 'assets'), { recursive: true, force: true });
  await build({ ...common, entryPoints: lambdaEntries(), outdir: 'assets', minify: true, keepNames: false });
  if (existsSync(path.join(root, 'bin/cdk-webhooks.ts'))) {
    await build({
      ...common,
      entryPoints: { 'cdk-webhooks': 'bin/cdk-webhooks.ts' },
      outdir: 'assets/cli',
      splitting: true,
      chunkNames: 'chunks/[name]-[hash]',
      minifySyntax: true,
      minifyWhitespace: true,
      banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
    });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await bundle();
