import { ReceiveMessageCommand, SQSClient, type Message } from '@aws-sdk/client-sqs';
import { createHmac } from 'node:crypto';
import path from 'node:path';
import { DEAD_LETTER_ATTRIBUTES } from '../../lib/contract/dead-letter';
import { ManualClock } from '../../local/clock';
import { startLocalRun, type LocalRun } from '../../local/run';
import { App } from 'aws-cdk-lib';
import { WebhookSecret, WebhookSource, WebhookStack, WebhookTarget } from '../../lib';
import { temporaryFolder } from '../temporary-folder';
import { Receiver } from '../local/receiver';
import { credentials, post } from '../local/services';

/** `OUTAGE_EVENTS=1000 npx jest --testMatch '**\/outage.check.ts'` for a longer one. */
const EVENTS = Number(process.env['OUTAGE_EVENTS'] ?? 200);
const SECRET = 'a secret for this test';
const HOUR = 3_600;
const bootstrapFile = path.resolve(__dirname, '../../assets/local/bootstrap.mjs');

type Line = { readonly event: string; readonly [name: string]: unknown };

let receiver: Receiver;
let run: LocalRun;
let lines: Line[];

beforeEach(async () => {
  receiver = new Receiver();
  const app = new App({ outdir: temporaryFolder(), context: { 'cdk-webhooks:local': true } });
  new WebhookStack(app, 'Webhooks', {
    sources: { github: WebhookSource.github({ secret: WebhookSecret.fromSecretName('webhooks/github') }) },
    targets: { ci: WebhookTarget.http(await receiver.listen()) },
  });
  lines = [];
  run = await startLocalRun({
    assembly: app.synth().directory, port: 0, clock: new ManualClock(), secrets: { 'webhooks/github': { current: SECRET } }, targets: {}, bootstrapFile,
    onLine: (line) => lines.push(line as Line),
  });
  receiver.always = 503;
});

afterEach(async () => {
  await run.close();
  await receiver.close();
});

async function advance(hours: number): Promise<void> {
  const { status } = await post(`${run.ready.controlUrl}/clock`, { 'content-type': 'application/json' }, JSON.stringify({ advanceSeconds: hours * HOUR }));
  expect(status).toBe(200);
}

async function send(from: number, count: number): Promise<void> {
  for (let i = from; i < from + count; i++) {
    const body = JSON.stringify({ n: i });
    const { status } = await post(run.ready.sources['github'] as string, {
      'content-type': 'application/json', 'x-github-event': 'push', 'x-github-delivery': `delivery-${i}`,
      'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
    }, body);
    expect(status).toBe(200);
  }
}

const said = (event: string): Line[] => lines.filter((line) => line.event === event);
const ids = (event: string): Set<unknown> => new Set(said(event).map(({ id }) => id));

/** The states of the breaker, in order; each probe is `half-open` and, in vain, `open` again. */
const breaker = (): unknown[] => said('breaker').map(({ state }) => state);

interface Figures {
  readonly events: number;
  /** All attempts, and the most of one event. */
  readonly attempts: number;
  readonly most: number;
  readonly seconds: number;
}

function figures(started: number): Figures {
  const counts = new Map<unknown, number>();
  for (const { id } of said('attempt')) counts.set(id, (counts.get(id) ?? 0) + 1);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  return { events: EVENTS, attempts: said('attempt').length, most: Math.max(...counts.values()), seconds };
}

test('a target that is down for a day gets every event once it is up, and none is given up', async () => {
  const started = performance.now();
  for (let hour = 0; hour < 24; hour++) {
    await send(Math.floor(hour * EVENTS / 24), Math.floor((hour + 1) * EVENTS / 24) - Math.floor(hour * EVENTS / 24));
    await advance(1);
  }
  expect(said('delivered')).toEqual([]);
  expect(breaker()[0]).toBe('open');
  expect(breaker()).not.toContain('closed');
  const inVain = said('attempt').length;
  receiver.always = undefined;
  receiver.arrivals.length = 0;
  await advance(1.5);

  expect(ids('accepted').size).toBe(EVENTS);
  expect(ids('delivered')).toEqual(ids('accepted'));
  expect(said('dead-lettered')).toEqual([]);
  expect(breaker().at(-1)).toBe('closed');
  const bodies = receiver.arrivals.map(({ body }) => body.toString()).sort();
  expect(bodies).toEqual(Array.from({ length: EVENTS }, (_, n) => JSON.stringify({ n })).sort());
  console.info(`a day down: ${JSON.stringify({ ...figures(started), inVain })}`);
}, 600_000);

test('a target that is down for good leaves every event in the dead-letter queue, with the reason', async () => {
  const started = performance.now();
  await send(0, EVENTS);
  await advance(95.9);
  expect(said('dead-lettered')).toEqual([]);
  expect(breaker()).not.toContain('closed');
  await advance(2.1);

  expect(said('delivered')).toEqual([]);
  expect(ids('dead-lettered')).toEqual(ids('accepted'));
  const letters = await receiveAll(run.ready.targets['ci']?.deadLetterQueueUrl as string);
  expect(new Set(letters.map(({ Body }) => JSON.parse(Body as string).id))).toEqual(ids('accepted'));
  const attributes = letters.map(({ MessageAttributes }) => Object.fromEntries(Object.values(DEAD_LETTER_ATTRIBUTES)
    .map((name) => [name, MessageAttributes?.[name]?.StringValue])));
  // The delivery function knows the last answer. The keeper moves away what waits behind a breaker, and has seen none.
  const byKeeper = attributes.filter(({ Status }) => Status === undefined);
  for (const letter of attributes) {
    expect(letter).toMatchObject({ Reason: 'expired', Target: 'ci', Detail: expect.stringMatching(letter['Status'] ? /503/ : /345600 seconds/) });
    expect([undefined, '503']).toContain(letter['Status']);
  }
  console.info(`down for good: ${JSON.stringify({ ...figures(started), byKeeper: byKeeper.length })}`);
}, 600_000);

async function receiveAll(queueUrl: string): Promise<Message[]> {
  const client = new SQSClient({ endpoint: run.ready.awsEndpointUrl, region: run.ready.region, credentials, useQueueUrlAsEndpoint: false });
  const all: Message[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }));
    if (Messages.length === 0) return all;
    all.push(...Messages);
  }
}
