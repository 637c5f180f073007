import { spawnSync } from 'child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import path from 'path';

const root = path.resolve(__dirname, '../..');
const examples = existsSync(path.join(root, 'examples')) ? readdirSync(path.join(root, 'examples')).filter((name) => name.endsWith('.ts')) : [];
const apps = ['bin/app.ts', ...examples.map((name) => `examples/${name}`)];

test.each(apps)('%s passes the strict template validator', (app) => {
  const outdir = mkdtempSync(path.join(tmpdir(), 'synth-'));
  const args = ['cdk', 'synth', '--quiet', '--no-notices', '--app', `npx tsx ${app}`, '--output', outdir,
    '-c', 'target=https://receiver.example.com/hooks', '-c', '@aws-cdk/core:validateAgainstDefaultRules=true'];
  const env = { ...process.env };
  delete env['CDK_VALIDATION'];
  const { status, stdout, stderr } = spawnSync('npx', args, { cwd: root, encoding: 'utf8', env });
  rmSync(outdir, { recursive: true, force: true });
  expect(`${stdout}${stderr}`).not.toMatch(/\[(error|warning)/i);
  expect(status).toBe(0);
}, 120_000);
