// Each figure beside its peers, in one process, as ratios.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { compare, type Comparison, type Row } from './measure';
import { verifyComparisons } from './verify';

const { values: { only, json } } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } });

function main(): void {
  const started = new Date().toISOString();
  const comparisons: Comparison[] = verifyComparisons().filter(({ name }) => only === undefined || name.includes(only));
  if (comparisons.length === 0) throw new Error(`no comparison has ${JSON.stringify(only)} in its name`);
  const rows: Row[] = [];
  for (const comparison of comparisons) {
    const row = compare(comparison);
    rows.push(row);
    const peers = row.peers.map((peer) => `${peer.name} ${peer.median.toFixed(2)}`).join(', ');
    console.log(`${row.met ? 'met   ' : 'MISSED'} ${row.name}: ${row.ours.median.toFixed(2)} ${row.unit}, ${peers}; `
      + `${row.ratio.toFixed(3)}x, at most ${row.bar}x`);
  }
  const machine = { cpu: os.cpus()[0]?.model ?? 'unknown', cores: os.cpus().length, node: process.version, os: `${os.type()} ${os.release()}` };
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  if (json) writeFileSync(json, `${JSON.stringify({ commit, machine, started, rows }, undefined, 2)}\n`);
}

main();
