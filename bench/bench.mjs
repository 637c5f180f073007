// npm run bench -- [--only NAME] [--json FILE]. Bundles the comparisons as the functions are bundled, and runs them: a runner
// that transpiles file by file would measure its own helpers.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = path.dirname(fileURLToPath(import.meta.url));
const bundle = path.join(folder, '.bench.mjs');

await build({
  entryPoints: [path.join(folder, 'run.ts')], outfile: bundle, bundle: true, minify: true, platform: 'node', format: 'esm', target: 'node20',
  mainFields: ['module', 'main'], logLevel: 'warning',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
try {
  process.exitCode = spawnSync(process.execPath, [bundle, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(bundle);
}
