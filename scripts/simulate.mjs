// npm run simulate -- [--scenario NAME] [--events N] [--faults RATE] [--seed S]. A gateway with its senders, its targets and AWS's
// faults on a clock of its own; bundled first, because a million events through a loader would take its time twice.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './setup.mjs';

/** A run of five million events remembers every one of them. */
const HEAP_MB = 8_192;

const folder = mkdtempSync(path.join(tmpdir(), 'cdk-webhooks-simulation-'));
const bundle = path.join(folder, 'main.cjs');
try {
  await build({
    entryPoints: [path.join(root, 'test/simulation/main.ts')], outfile: bundle, bundle: true, platform: 'node', target: 'node20', sourcemap: 'inline',
    logLevel: 'warning',
  });
  const node = [`--max-old-space-size=${HEAP_MB}`, '--enable-source-maps', bundle, ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, node, { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
