import { App } from 'aws-cdk-lib';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebhookSecret, WebhookSource, WebhookStack, WebhookTarget } from '../../lib';
import { temporaryFolder } from '../temporary-folder';
import { GatewayRun } from './gateway-run';

/** More than a target has requests on their way at once, so that the slow one has events that wait for it. */
const EVENTS = 60;

/** Answers of the slow target that it has not given yet. */
const held: ServerResponse[] = [];
const servers: Server[] = [];
let run: GatewayRun;

async function listen(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => void request.resume().once('end', () => answer(response)));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

afterAll(async () => {
  await run.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

test('row 37: a target that takes its time does not hold up the others', async () => {
  let arrived = 0;
  let allArrived: () => void = () => undefined;
  const all = new Promise<void>((resolve) => { allArrived = resolve; });
  let slowness = true;
  const slow = await listen((response) => (slowness ? void held.push(response) : void response.end()));
  const fast = await listen((response) => {
    response.end();
    if (++arrived === EVENTS) allArrived();
  });
  const app = new App({ outdir: temporaryFolder(), context: { 'cdk-webhooks:local': true } });
  new WebhookStack(app, 'Webhooks', {
    sources: { github: WebhookSource.github({ secret: WebhookSecret.fromSecretName('webhooks/github') }) },
    targets: { slow: WebhookTarget.http(slow, { maxInFlight: 10 }), fast: WebhookTarget.http(fast, { maxInFlight: 10 }) },
  });
  run = await GatewayRun.start(app.synth().directory);
  for (let sent = 0; sent < EVENTS; sent++) expect((await run.send(JSON.stringify({ sent }))).status).toBe(200);
  const advanced = run.advance(0);
  await all;
  expect(run.said('delivered').filter(({ target }) => target === 'slow')).toEqual([]);

  slowness = false;
  for (const response of held.splice(0)) response.end();
  await advanced;
  for (const target of ['slow', 'fast']) {
    expect(new Set(run.said('delivered').filter((line) => line.target === target).map(({ id }) => id)).size).toBe(EVENTS);
  }
});
