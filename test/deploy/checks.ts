import { GetEventSourceMappingCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { DeleteMessageCommand, ListQueueTagsCommand, ReceiveMessageCommand, type Message } from '@aws-sdk/client-sqs';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { execFile } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { BREAKER_TAG, readBreakerState } from '../../lib/contract/breaker';
import { DEAD_LETTER_ATTRIBUTES } from '../../lib/contract/dead-letter';
import type { Deployment, DeploymentOptions } from './deployment';
import { namedParameter, namedSecrets, ROUTES, STRIPE_FIELD } from './gateway';
import type { Arrival } from './receiver';

/** The built command, as `npx cdk-webhooks` runs it. */
const COMMAND = path.resolve(__dirname, '../../assets/cli/cdk-webhooks.mjs');

/**
 * What holds of every deployment of the gateway, wherever it runs. Forgeries come last: each makes the function ask for the secret, which it does
 * once in 30 s, and so it would not see a rotation at once.
 */
export function gatewayChecks(deployment: () => Deployment): void {
  test.each(Object.entries(ROUTES))('a webhook that %s signed is answered 200 and handed to %s, byte for byte and signed', async (source, targets) => {
    const d = deployment();
    const body = event({ text: 'é\u{1f680}\\u00e9', price: '1.10' }, ',\r\n  ');
    expect(await d.send(source, body)).toMatchObject({ status: 200, body: '' });
    for (const target of targets) {
      const [arrival] = await d.arrivals(target, body) as [Arrival];
      expect(() => new Webhook('A'.repeat(32)).verify(body, arrival.headers as { [name: string]: string })).toThrow(/No matching signature/);
      new Webhook(await d.signingSecret(target)).verify(body, arrival.headers as { [name: string]: string });
      expect(arrival.headers['webhook-id']).toMatch(/^evt_[a-z2-7]{26}$/);
    }
    expect(d.receiver.arrivals.filter(({ body: each }) => each.equals(body)).map(({ target }) => target).sort()).toEqual([...targets].sort());
  });

  test('bytes that are no text arrive as they were, and these are signed', async () => {
    const d = deployment();
    const body = Buffer.concat([Buffer.from([0, 255, 254, 128, 13, 10, 0]), Buffer.from(randomUUID())]);
    expect((await d.send('github', body, { headers: { 'content-type': 'application/octet-stream' } })).status).toBe(200);
    const [{ headers }] = await d.arrivals('audit', body) as [Arrival];
    // By hand: the official library knows text only.
    const signed = Buffer.concat([Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`), body]);
    const signature = createHmac('sha256', Buffer.from(await d.signingSecret('audit'), 'base64')).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signature}`);
    expect(headers['content-type']).toBe('application/octet-stream');
  });

  test('a body too big for a queue goes through the payload bucket and arrives byte for byte, signed', async () => {
    const d = deployment();
    const body = event({ text: 'é'.repeat(600_000) });
    expect((await d.send('github', body)).status).toBe(200);
    const [{ headers }] = await d.arrivals('audit', body) as [Arrival];
    new Webhook(await d.signingSecret('audit')).verify(body, headers as { [name: string]: string });
    const client = new S3Client({ ...clientOptions(d), forcePathStyle: true });
    const Bucket = d.physicalId(d.parts.payloadBucket as string);
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: `payloads/${headers['webhook-id']}/` }));
    client.destroy();
    expect(Contents.map(({ Size }) => Size)).toEqual([body.length]);
  });

  test('the command line finds the gateway by its stack, and what it sends arrives', async () => {
    const d = deployment();
    const { stack, endpoint, region, credentials } = d.options;
    const { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY } = credentials;
    const env = { ...process.env, AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY };
    // In no folder that has the note of a local run.
    const { stdout } = await promisify(execFile)(process.execPath, [COMMAND, 'send', 'github', '--stack', stack, '--json'], { cwd: tmpdir(), env });
    const sent = JSON.parse(stdout) as { id: string };
    expect(sent).toMatchObject({ event: 'sent', source: 'github', status: 200 });
    const isSent = ({ target, headers }: Arrival): boolean => target === 'audit' && headers['webhook-id'] === sent.id;
    await d.until(20, `arrival of ${sent.id}`, () => d.receiver.arrivals.find(isSent));
  });

  test.each([
    ['secret', 'stripe', 'billing', (d: Deployment, value: string) => d.secretsManager.send(new PutSecretValueCommand({
      SecretId: namedSecrets(d.options.stack).stripe, SecretString: JSON.stringify({ [STRIPE_FIELD]: value }),
    }))],
    ['parameter', 'partner', 'ledger', (d: Deployment, Value: string) => d.ssm.send(new PutParameterCommand({
      Name: namedParameter(d.options.stack), Value, Type: 'SecureString', Overwrite: true,
    }))],
  ] as const)('a rotated %s verifies at once, and the one before goes on verifying', async (_, source, target, rotate) => {
    const d = deployment();
    const previous = await d.sourceSecret(source);
    const current = `whsec_${randomUUID()}`;
    await rotate(d, current);
    for (const secret of [current, previous]) {
      const body = event();
      expect((await d.send(source, body, { secret })).status).toBe(200);
      await d.arrivals(target, body);
    }
    expect((await d.send(source, event(), { secret: 'whsec_of_neither_version' })).status).toBe(401);
  });

  test('a target that fails once gets the event again after the first pause, under the same id', async () => {
    const d = deployment();
    const body = event();
    d.receiver.answer('audit', body, 503);
    expect((await d.send('github', body)).status).toBe(200);
    const [first, second] = await d.arrivals('audit', body, 2) as [Arrival, Arrival];
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    // 5 s times 0.8 to 1.2 from when the failure was dealt with, and what it takes to poll.
    expect((second.time - first.time) / 1_000).toBeGreaterThan(3.9);
    expect((second.time - first.time) / 1_000).toBeLessThan(10);
  });

  test('events of one ordering key arrive in their order, the later ones after the one that failed', async () => {
    const d = deployment();
    const account = randomUUID();
    const bodies = Array.from({ length: 5 }, () => event({ account }));
    d.receiver.answer('ledger', bodies[1] as Buffer, 503);
    for (const body of bodies) expect((await d.send('partner', body)).status).toBe(200);
    await d.arrivals('ledger', bodies.at(-1) as Buffer);
    const arrived = d.receiver.arrivals.filter(({ target, body }) => target === 'ledger' && body.includes(account));
    expect(arrived.map(({ body }) => bodies.findIndex((each) => each.equals(body)))).toEqual([0, 1, 1, 2, 3, 4]);
  });

  test('an event that a target calls gone is a dead letter at once, with its reason, and the keeper pauses the target', async () => {
    const d = deployment();
    const body = event();
    d.receiver.answer('former', body, 410);
    expect((await d.send('orders', body)).status).toBe(200);
    const letter = await takeDeadLetter(d, 'former');
    expect(attributesOf(letter)).toEqual({
      reason: 'gone', status: '410', attempts: '1', target: 'former', detail: expect.stringContaining('410'),
      deadLetteredAt: expect.stringMatching(/^\d{4}-.*Z$/), enqueuedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(JSON.parse(letter.Body as string)).toMatchObject({ source: 'orders', body: body.toString() });
    expect(d.receiver.of('former', body)).toHaveLength(1);

    const client = new LambdaClient(clientOptions(d));
    const UUID = d.physicalId(d.target('former').mapping);
    // The keeper's schedule is a minute, and nobody says when an emulator begins to count.
    await d.until(150, 'a paused mapping', async () => {
      const { State = '' } = await client.send(new GetEventSourceMappingCommand({ UUID }));
      return /^Disabl/.test(State) || undefined;
    });
    client.destroy();
    const { Tags = {} } = await d.sqs.send(new ListQueueTagsCommand({ QueueUrl: d.physicalId(d.target('former').queue) }));
    expect(readBreakerState(Tags[BREAKER_TAG])).toMatchObject({ phase: 'open', cause: 'gone' });
  }, 180_000);

  test.each(Object.keys(ROUTES))('what somebody else signed for %s is answered 401 and goes nowhere', async (source) => {
    const d = deployment();
    const forged = event();
    expect((await d.send(source, forged, { secret: forger(await d.sourceSecret(source)) })).status).toBe(401);
    const changed = event();
    expect((await d.send(source, changed, { signed: event() })).status).toBe(401);
    // What is behind them in the same queue has arrived, so they would have.
    const good = event();
    expect((await d.send(source, good)).status).toBe(200);
    await d.arrivals('audit', good);
    expect([...d.receiver.of('audit', forged), ...d.receiver.of('audit', changed)]).toEqual([]);
  });
}

/** An event that no other test sends. */
export function event(fields: { readonly [name: string]: string } = {}, separator = ','): Buffer {
  const all = { id: `evt_${randomUUID()}`, type: 'invoice.paid', ...fields };
  return Buffer.from(`{${Object.entries(all).map(([name, value]) => `"${name}":"${value}"`).join(separator)}}\n`);
}

function clientOptions({ options: { endpoint, region, credentials } }: Deployment): Pick<DeploymentOptions, 'endpoint' | 'region' | 'credentials'> {
  return { endpoint, region, credentials };
}

export async function takeDeadLetter(d: Deployment, target: string): Promise<Message> {
  const QueueUrl = d.physicalId(d.target(target).deadLetterQueue);
  const letter = await d.until(20, `a dead letter of ${target}`, async () => (
    (await d.sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }))).Messages?.[0]));
  await d.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: letter.ReceiptHandle }));
  return letter;
}

function attributesOf({ MessageAttributes = {} }: Message): { [name: string]: string | undefined } {
  return Object.fromEntries(Object.entries(DEAD_LETTER_ATTRIBUTES).map(([name, attribute]) => [name, MessageAttributes[attribute]?.StringValue]));
}

/** A secret of the same form, so that nothing but its value is wrong. */
function forger(secret: string): string {
  return secret.replace(/[0-9A-Za-z]/g, (character) => (character === 'A' ? 'B' : 'A'));
}
