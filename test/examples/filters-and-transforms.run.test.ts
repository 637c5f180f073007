import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import path from 'node:path';
import { Webhook } from 'standardwebhooks';
import { RealClock } from '../../local/clock';
import { type LocalRun, startLocalRun } from '../../local/run';
import { temporaryFolder } from '../temporary-folder';
import { Receiver } from '../local/receiver';
import { post } from '../local/services';

type Line = { readonly event: string; readonly [name: string]: unknown };

const TARGETS = ['billing', 'warehouse', 'chat', 'archive'] as const;
const receivers = Object.fromEntries(TARGETS.map((name) => [name, new Receiver()])) as { readonly [name in typeof TARGETS[number]]: Receiver };
const lines: Line[] = [];
let run: LocalRun;
let listener = (): void => undefined;

beforeAll(async () => {
  const assembly = temporaryFolder();
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'examples/filters-and-transforms/app.ts'], {
    encoding: 'utf8', env: { ...process.env, CDK_OUTDIR: assembly, CDK_CONTEXT_JSON: '{"cdk-webhooks:local":true}' },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const targets = Object.fromEntries(await Promise.all(TARGETS.map(async (name) => [name, await receivers[name].listen()] as const)));
  run = await startLocalRun({
    assembly, clock: new RealClock(), port: 0, secrets: {}, targets,
    bootstrapFile: path.resolve(__dirname, '../../assets/local/bootstrap.mjs'), onLine: (line) => { lines.push(line as Line); listener(); },
  });
}, 60_000);

afterAll(async () => {
  await run.close();
  await Promise.all(TARGETS.map((name) => receivers[name].close()));
});

beforeEach(() => TARGETS.forEach((name) => receivers[name].reset()));

const secretOf = (source: string): string => Object.entries(run.ready.generatedSecrets)
  .find(([name]) => name.toLowerCase().includes(`sources${source}`))?.[1] as string;

/** Posts an event and waits until so many targets are done with it. */
async function accepted(url: string, headers: { [name: string]: string }, body: string, count: number): Promise<void> {
  const before = lines.length;
  const done = new Promise<void>((resolve) => {
    listener = () => { if (lines.slice(before).filter(({ event }) => event === 'delivered' || event === 'dropped').length >= count) resolve(); };
  });
  expect((await post(url, { 'content-type': 'application/json', ...headers }, body)).status).toBe(200);
  await done;
}

async function fromShop(id: string, event: object, count: number): Promise<void> {
  const [body, now] = [JSON.stringify(event), new Date()];
  const signature = new Webhook(secretOf('shop')).sign(id, now, body);
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(now.getTime() / 1000)), 'webhook-signature': signature };
  await accepted(run.ready.sources['shop'] as string, headers, body, count);
}

async function fromGitHub(id: string, event: object, count: number): Promise<void> {
  const body = JSON.stringify(event);
  const signature = createHmac('sha256', secretOf('github')).update(body).digest('hex');
  const headers = { 'x-github-event': 'push', 'x-github-delivery': id, 'x-hub-signature-256': `sha256=${signature}` };
  await accepted(run.ready.sources['github'] as string, headers, body, count);
}

const bodies = (name: typeof TARGETS[number]): unknown[] => receivers[name].arrivals.map(({ body }) => JSON.parse(body.toString('utf8')));
const counts = (): object => Object.fromEntries(TARGETS.map((name) => [name, receivers[name].arrivals.length]));
const order = (data: object) => ({ type: 'order.created', data: { total: 200, country: 'AT', customer: { name: 'Ada' }, ...data } });

test('a big order goes to the warehouse without its customer, and to the archive as a CloudEvent', async () => {
  await fromShop('big', order({}), 2);
  expect(counts()).toEqual({ billing: 0, warehouse: 1, chat: 0, archive: 1 });
  expect(bodies('warehouse')).toEqual([{ type: 'order.created', data: { total: 200, country: 'AT' } }]);
  expect(bodies('archive')).toEqual([expect.objectContaining({ specversion: '1.0', type: 'order.created', data: order({}) })]);
  expect(receivers.archive.arrivals[0]?.headers['content-type']).toMatch(/^application\/cloudevents\+json/);
});

test.each<[string, object]>([
  ['a small order', { total: 100 }], ['an order of another country', { country: 'FR' }], ['an order that is a test', { test: true }],
])('%s does not go to the warehouse', async (id, data) => {
  await fromShop(id.replaceAll(' ', '-'), order(data), 1);
  expect(counts()).toEqual({ billing: 0, warehouse: 0, chat: 0, archive: 1 });
});

test('an order that the transform drops is sent to nobody else, and said', async () => {
  await fromShop('cancelled', order({ cancelled: true }), 2);
  expect(counts()).toEqual({ billing: 0, warehouse: 0, chat: 0, archive: 1 });
  expect(lines.filter(({ event }) => event === 'dropped')).toEqual([expect.objectContaining({ target: 'warehouse', type: 'order.created' })]);
});

test.each([['invoice.payment.failed', 1], ['refund.created', 1], ['refund.updated', 0]])('%s goes to billing %d times', async (type, count) => {
  await fromShop(type, { type, data: {} }, 1 + count);
  expect(counts()).toEqual({ billing: count, warehouse: 0, chat: 0, archive: 1 });
});

test('a push to main is a line in the chat', async () => {
  await fromGitHub('push-1', { ref: 'refs/heads/main', pusher: { name: 'Ada' }, repository: { full_name: 'ada/engine' } }, 2);
  expect(bodies('chat')).toEqual([{ text: 'Ada pushed to ada/engine', event: expect.stringMatching(/^evt_/) }]);
});

test('a push to another branch is none', async () => {
  await fromGitHub('push-2', { ref: 'refs/heads/topic', pusher: { name: 'Ada' }, repository: { full_name: 'ada/engine' } }, 1);
  expect(counts()).toEqual({ billing: 0, warehouse: 0, chat: 0, archive: 1 });
});
