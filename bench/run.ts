// Each figure beside its peers, in one process, as ratios.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { deliverySuite } from './delivery';
import { ingestComparisons } from './ingest';
import { compare, type Row, type Suite } from './measure';
import { schemaSuite } from './schema';
import { verifyComparisons } from './verify';

const { values: { only, json } } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } });

const SUITES: { readonly [name: string]: () => Promise<Suite> } = {
  verify: async () => ({ comparisons: verifyComparisons() }),
  ingest: async () => ({ comparisons: await ingestComparisons() }),
  delivery: deliverySuite,
  schema: schemaSuite,
};

async function main(): Promise<void> {
  const started = new Date().toISOString();
  const rows: Row[] = [];
  const suites = Object.entries(SUITES).filter(([suite]) => only === undefined || SUITES[only] === undefined || suite === only);
  for (const [suite, open] of suites) rows.push(...await runSuite(suite, await open()));
  if (rows.length === 0) throw new Error(`no comparison has ${JSON.stringify(only)} in its name, and none of ${Object.keys(SUITES).join(', ')} is called so`);
  const machine = { cpu: os.cpus()[0]?.model ?? 'unknown', cores: os.cpus().length, node: process.version, os: `${os.type()} ${os.release()}` };
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  if (json) writeFileSync(json, `${JSON.stringify({ commit, machine, started, rows }, undefined, 2)}\n`);
}

async function runSuite(suite: string, { comparisons, close }: Suite): Promise<Row[]> {
  const rows: Row[] = [];
  try {
    for (const comparison of comparisons.filter(({ name }) => only === undefined || only === suite || name.includes(only))) {
      const row = await compare(comparison);
      rows.push(row);
      const peers = row.peers.map((peer) => `${peer.name} ${peer.median.toFixed(2)}`).join(', ');
      console.log(`${row.met ? 'met   ' : 'MISSED'} ${row.name}: ${row.ours.median.toFixed(2)} ${row.unit}, ${peers}; `
        + `${row.ratio.toFixed(3)}x, at most ${row.bar.toFixed(3)}x`);
    }
    return rows;
  } finally {
    close?.();
  }
}

void main();
