import { App, Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { createHmac, randomUUID } from 'node:crypto';
import { WebhookSecret, WebhookSource, WebhookStack, WebhookTarget } from '../../lib';
import { temporaryFolder } from '../temporary-folder';
import { GatewayRun, GITHUB_SECRET } from './gateway-run';
import { Receiver } from './receiver';
import { post, type Reply } from './services';

const SHOP_SECRET = 'the shop has one of its own';
const SQUARE_SECRET = 'square signs the URL';

let receiver: Receiver;
let run: GatewayRun;

/** A gateway with a domain, two of whose sources have a function of their own, and one of these knows events for an hour. */
function synthesise(url: string): string {
  const app = new App({ outdir: temporaryFolder(), context: { 'cdk-webhooks:local': true } });
  const secret = (name: string): WebhookSecret => WebhookSecret.fromSecretName(`webhooks/${name}`);
  new WebhookStack(app, 'Webhooks', {
    domainName: 'hooks.example.com',
    certificate: Certificate.fromCertificateArn(new Stack(app, 'Certificates'), 'Certificate', 'arn:aws:acm:us-east-1:000000000000:certificate/0a1b'),
    sources: {
      github: WebhookSource.github({ secret: secret('github') }),
      shop: WebhookSource.github({ secret: secret('shop'), dedicatedFunction: true, deduplicationWindow: Duration.hours(1) }),
      square: WebhookSource.square({ secret: secret('square'), dedicatedFunction: true }),
    },
    targets: { billing: WebhookTarget.http(url) },
  });
  return app.synth().directory;
}

beforeAll(async () => {
  receiver = new Receiver();
  const secrets = Object.fromEntries(Object.entries({ github: GITHUB_SECRET, shop: SHOP_SECRET, square: SQUARE_SECRET })
    .map(([name, current]) => [`webhooks/${name}`, { current }]));
  run = await GatewayRun.start(synthesise(await receiver.listen()), { secrets });
}, 60_000);

afterAll(async () => {
  await run.close();
  await receiver.close();
});

test('a run says nothing of the domain, and its URLs are its own', () => {
  expect(run.said('warning')).toEqual([]);
  for (const name of ['github', 'shop', 'square']) expect(run.ready.sources[name]).toBe(`${run.ready.apiUrl}/${name}`);
});

test('each source is served by the function that has its secret', async () => {
  const shop = { url: run.ready.sources.shop as string, secret: SHOP_SECRET };
  expect(await run.send('{"of":"github"}')).toMatchObject({ status: 200 });
  expect(await run.send('{"of":"shop"}', shop)).toMatchObject({ status: 200 });
  await run.advance(0);
  expect(receiver.arrivals.map(({ body }) => body.toString()).sort()).toEqual(['{"of":"github"}', '{"of":"shop"}']);
  expect(run.said('accepted').map(({ source }) => source).sort()).toEqual(['github', 'shop']);
});

test.each([
  ['a wrong signature', 401, (url: string) => run.send('{}', { url, secret: 'wrong' })],
  ['another method', 405, (url: string) => post(url, {}, '', 'PUT')],
  ['another path', 404, (url: string) => run.send('{}', { url: `${url}/more` })],
])('%s is answered %i, as by the shared function', async (_, status, ask) => {
  const [shared, own] = await Promise.all(['github', 'shop'].map((name) => ask(run.ready.sources[name] as string)));
  expect(own).toMatchObject({ status, body: shared?.body });
  expect(own?.headers.allow).toBe(shared?.headers.allow);
  expect(shared?.status).toBe(status);
});

test('a sender that signs the URL signs that of the run', async () => {
  const url = run.ready.sources.square as string;
  expect(await signed(url, url)).toMatchObject({ status: 200 });
  expect(await signed(url, 'https://hooks.example.com/square')).toMatchObject({ status: 401 });
});

test('the same id is a duplicate for an hour, and then an event of its own', async () => {
  receiver.reset();
  const body = '{"of":"an id that is used again"}';
  const send = (): Promise<Reply> => post(run.ready.sources.shop as string, {
    'content-type': 'application/json', 'x-github-event': 'push', 'x-github-delivery': 'again',
    'x-hub-signature-256': `sha256=${createHmac('sha256', SHOP_SECRET).update(body).digest('hex')}`,
  }, body);
  const arrived = async (seconds: number): Promise<unknown[]> => {
    await run.advance(seconds);
    expect(await send()).toMatchObject({ status: 200 });
    await run.advance(0);
    return receiver.arrivals.map(({ headers }) => headers['webhook-id']);
  };
  expect(await arrived(0)).toHaveLength(1);
  expect(await arrived(3_000)).toHaveLength(1);
  const ids = await arrived(700);
  expect(new Set(ids).size).toBe(2);
  expect(await arrived(3_000)).toEqual(ids);
});

/** https://developer.squareup.com/docs/webhooks/step3validate */
function signed(url: string, known: string): Promise<Reply> {
  const body = JSON.stringify({ event_id: randomUUID() });
  return post(url, {
    'content-type': 'application/json', 'x-square-hmacsha256-signature': createHmac('sha256', SQUARE_SECRET).update(known + body).digest('base64'),
  }, body);
}
