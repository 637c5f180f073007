// node bench/local-store.mjs [--events N] [--engine ours|dynalite]: a page of 50 events out of N on the DynamoDB of a local run, 1,000,000 unless
// told, and what its process needs. Prints one line of JSON for each engine, and exits with 1 where the median page of ours takes 50 ms or more.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = path.dirname(fileURLToPath(import.meta.url));
const bundle = path.join(folder, `.local-store-${process.pid}.mjs`);

await build({
  entryPoints: [path.join(folder, 'local-store.ts')], outfile: bundle, bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning',
  external: ['dynalite'],
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
try {
  process.exitCode = spawnSync(process.execPath, [bundle, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(bundle);
}
