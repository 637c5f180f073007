import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { CliProcess, runCli } from '../cli/fixtures/cli-process';
import { temporaryFolder } from '../temporary-folder';
import { accountId } from './aws-call';
import { cdkIn } from './cdk';
import { Deployment, type DeploymentOptions } from './deployment';
import { mend } from './mend';
import { authoritiesIn, prepare, skipped } from './prepare';
import { privateAddress } from './private-address';
import { storeChecks } from './store/checks';
import { STORE_TARGETS } from './store/stack';

/** Another one each time, so that what an earlier run has left does not matter. */
const STACK = `Store-${randomBytes(3).toString('hex')}`;
const EVENTS = 200;

(skipped ? describe.skip : describe)(`an event store deployed by the CDK command line${skipped ? ` (skipped, as ${skipped})` : ''}`, () => {
  let folder: string;
  let options: DeploymentOptions;
  let deployment: Deployment;

  beforeAll(async () => {
    folder = temporaryFolder('store-');
    options = await prepare(STACK, folder);
    const cdk = cdkIn(folder);
    // In a folder without cdk.json: there, bootstrapping would run the app.
    await cdk(['bootstrap', `aws://${await accountId(options)}/${options.region}`], folder);
    const urls = STORE_TARGETS.map((name) => [`${name}Url`, options.receiver.url(name)]);
    await cdk([
      'deploy', STACK, '--app', 'npx tsx test/deploy/store/app.ts', '--output', path.join(folder, 'cdk.out'), '--require-approval', 'never',
      ...Object.entries({ stack: STACK, network: privateAddress?.cidr }).flatMap(([name, value]) => ['--context', `${name}=${value}`]),
      ...[['authorities', authoritiesIn(folder)], ...urls].flatMap(([name, value]) => ['--parameters', `${name}=${value}`]),
    ]);
    deployment = await Deployment.find(options);
    await mend(deployment);
  }, 120_000);

  afterAll(async () => {
    CliProcess.endAll();
    deployment?.close();
    await options?.receiver.close();
  });

  storeChecks({
    deployment: () => deployment,
    // As in an account: by the name of the stack, with what the environment says of region and credentials.
    cli: (...args) => runCli([...args, '--stack', STACK], { cwd: folder, env: process.env }),
    // MiniStack has no move tasks.
    events: EVENTS, moves: false, timeoutMs: 300_000,
  });
});
