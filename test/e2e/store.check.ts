import { App } from 'aws-cdk-lib';
import path from 'node:path';
import { writeRunNote } from '../../cli/run-note';
import { RealClock } from '../../local/clock';
import { type LocalRun, startLocalRun } from '../../local/run';
import { CliProcess, runCli } from '../cli/fixtures/cli-process';
import { Deployment } from '../deploy/deployment';
import { Receiver } from '../deploy/receiver';
import { storeChecks } from '../deploy/store/checks';
import { addStore } from '../deploy/store/stack';
import { temporaryFolder } from '../temporary-folder';

/** `STORE_EVENTS=10000 npx jest --testMatch '**\/test/e2e/store.check.ts'` for more. A multiple of ten. */
const EVENTS = Number(process.env['STORE_EVENTS'] ?? 1_000);

let folder: string;
let receiver: Receiver;
let run: LocalRun;
let deployment: Deployment;

beforeAll(async () => {
  folder = temporaryFolder('store ');
  receiver = await Receiver.listen({ host: '127.0.0.1', now: Date.now });
  const app = new App({ outdir: path.join(folder, 'cdk.out'), context: { 'cdk-webhooks:local': true } });
  addStore(app, { stack: 'Store', url: (_stack, target) => receiver.url(target) });
  run = await startLocalRun({
    assembly: app.synth().directory, port: 0, clock: new RealClock(), secrets: {}, targets: {}, onLine: () => undefined,
    bootstrapFile: path.resolve(__dirname, '../../assets/local/bootstrap.mjs'),
  });
  writeRunNote(folder, { pid: process.pid, ...run.ready });
  deployment = await Deployment.find({
    stack: 'Store', endpoint: run.ready.awsEndpointUrl, region: run.ready.region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    receiver, now: Date.now, pass: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000)),
  });
}, 120_000);

afterAll(async () => {
  CliProcess.endAll();
  deployment.close();
  await run.close();
  await receiver.close();
});

storeChecks({ deployment: () => deployment, cli: (...args) => runCli(args, { cwd: folder }), events: EVENTS, moves: true, timeoutMs: 900_000 });
