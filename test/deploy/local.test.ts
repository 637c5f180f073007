import { App } from 'aws-cdk-lib';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { ManualClock } from '../../local/clock';
import { startLocalRun, type LocalRun } from '../../local/run';
import { temporaryFolder } from '../temporary-folder';
import { gatewayChecks } from './checks';
import { Deployment } from './deployment';
import { addGateway, namedSecrets, STRIPE_FIELD } from './gateway';
import { Receiver } from './receiver';

const STACK = 'Local';
const secrets = namedSecrets(STACK);

let receiver: Receiver;
let run: LocalRun;
let deployment: Deployment;

beforeAll(async () => {
  const clock = new ManualClock();
  receiver = await Receiver.listen({ host: '127.0.0.1', now: () => clock.now() });
  const app = new App({ outdir: temporaryFolder(), context: { 'cdk-webhooks:local': true } });
  addGateway(app, { stack: STACK, url: (_stack, target) => receiver.url(target) });
  run = await startLocalRun({
    assembly: app.synth().directory, clock, port: 0, targets: {}, onLine: () => undefined,
    bootstrapFile: path.resolve(__dirname, '../../assets/local/bootstrap.mjs'),
    secrets: {
      [secrets.github]: { current: 'a secret of a test' },
      [secrets.stripe]: { current: JSON.stringify({ [STRIPE_FIELD]: 'whsec_of_a_test' }) },
      [secrets.audit]: { current: randomBytes(24).toString('base64') },
    },
  });
  deployment = await Deployment.find({
    stack: STACK, endpoint: run.ready.awsEndpointUrl, region: run.ready.region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    receiver, now: () => clock.now(), pass: (seconds) => clock.advance(seconds * 1_000),
  });
});

afterAll(async () => {
  deployment.close();
  await run.close();
  await receiver.close();
});

gatewayChecks(() => deployment);
