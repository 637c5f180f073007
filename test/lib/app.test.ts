import { spawnSync } from 'child_process';
import { readFileSync } from 'fs';
import * as path from 'path';
import { temporaryFolder } from '../temporary-folder';

const ROOT = path.resolve(__dirname, '../..');

/** Runs the app as `cdk deploy -c …` does. */
function run(context: object) {
  const outdir = temporaryFolder('app-');
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
  const template = (): any => JSON.parse(readFileSync(path.join(outdir, 'Webhooks.template.json'), 'utf8'));
  return { status, stderr, template };
}

test('deploys without editing: three sources, one target', () => {
  const { status, stderr, template } = run({ target: 'https://billing.example.com/hooks' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(Object.keys(template().Outputs).sort()).toEqual([
    'GithubSecretArn', 'GithubUrl', 'ReceiverSigningSecretArn', 'StandardSecretArn', 'StandardUrl', 'StripeSecretArn', 'StripeUrl',
  ]);
});

test('takes secrets that exist', () => {
  const { template } = run({ target: 'https://billing.example.com/hooks', githubSecret: 'gh', stripeSecret: 'st', standardSecret: 'sw' });
  expect(Object.keys(template().Outputs).sort()).toEqual(['GithubUrl', 'ReceiverSigningSecretArn', 'StandardUrl', 'StripeUrl']);
});

test('fails when no target is given, in one line that says how', () => {
  const { status, stderr } = run({});
  expect(status).toBe(2);
  expect(stderr).toBe('no target: say where events go with -c target=https://…\n');
});
