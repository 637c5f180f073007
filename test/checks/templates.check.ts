import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A Python that has cfn-lint. `.ci/run` sets it; elsewhere that one check says that it was left out. */
const python = process.env['CHECK_PYTHON'];
const root = path.resolve(__dirname, '../..');
const examples = path.join(root, 'examples');
const apps = ['bin/app.ts', ...(existsSync(examples) ? readdirSync(examples).filter((name) => name.endsWith('.ts')).map((name) => `examples/${name}`) : [])];
const CONTEXT = { target: 'https://receiver.example.com/hooks' };

function run(command: string, args: string[], env: { [name: string]: string | undefined } = {}): { status: number | null; output: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } });
  if (error) throw error;
  return { status, output: `${stdout}${stderr}` };
}

describe.each(apps)('%s', (app) => {
  const outdir = mkdtempSync(path.join(tmpdir(), 'synth-'));

  afterAll(() => rmSync(outdir, { recursive: true, force: true }));

  test('passes the strict template validator of the CDK', () => {
    const context = Object.entries({ ...CONTEXT, '@aws-cdk/core:validateAgainstDefaultRules': 'true' })
      .flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    const { status, output } = run('npx', ['cdk', 'synth', '--quiet', '--no-notices', '--app', `npx tsx ${app}`, '--output', outdir, ...context],
      { CDK_VALIDATION: undefined });
    expect(output).not.toMatch(/\[(error|warning)/i);
    expect(status).toBe(0);
  }, 120_000);

  (python ? test : test.skip)('passes cfn-lint (skipped where CHECK_PYTHON names no Python that has it)', () => {
    const templates = readdirSync(outdir).filter((name) => name.endsWith('.template.json')).map((name) => path.join(outdir, name));
    expect(templates.length).toBeGreaterThan(0);
    // W3005: the CDK makes every function depend on its role, which its Role property says already.
    const { status, output } = run(python as string, ['-c', 'from cfnlint.runner import main; main()', '--ignore-checks', 'W3005',
      '--non-zero-exit-code', 'warning', '--', ...templates]);
    expect(output).toBe('');
    expect(status).toBe(0);
  }, 120_000);

  test('passes cdk-nag', () => {
    const { context } = JSON.parse(readFileSync(path.join(root, 'cdk.json'), 'utf8'));
    const { status, output } = run('npx', ['tsx', 'test/checks/nag.ts', app],
      { CDK_OUTDIR: mkdtempSync(path.join(outdir, 'nag-')), CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...CONTEXT }) });
    expect(output.trim().split('\n').at(-1)).toBe('[]');
    expect(status).toBe(0);
  }, 120_000);
});
