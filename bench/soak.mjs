// npm run soak -- [--deliveries N]: many deliveries to targets of every bad kind at once, through the bundles that a stack deploys. Prints
// one line of JSON with the figures, and exits with 1 where one of them is beyond its limit.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import bundleFunctions from '../lambda/bundle.mjs';

const folder = path.dirname(fileURLToPath(import.meta.url));
const bundle = path.join(folder, `.soak-${process.pid}.mjs`);
const { values: { deliveries } } = parseArgs({ options: { deliveries: { type: 'string', default: '100000' } } });
if (!/^[1-9]\d{2,7}$/.test(deliveries)) throw new Error(`--deliveries is ${JSON.stringify(deliveries)}; give a number from 100 to 99999999`);

await bundleFunctions();
await build({
  entryPoints: [path.join(folder, 'soak/main.ts')], outfile: bundle, bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning',
});
try {
  const args = [bundle, path.resolve(folder, '../assets'), deliveries];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(bundle);
}
