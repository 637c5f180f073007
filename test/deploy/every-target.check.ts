import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Webhook } from 'standardwebhooks';
import { accountId } from './aws-call';
import { cdkIn } from './cdk';
import { takeDeadLetter } from './checks';
import { Deployment, type DeploymentOptions } from './deployment';
import { Seen } from './every-target/seen';
import { mend } from './mend';
import { authoritiesIn, prepare, skipped } from './prepare';
import { privateAddress } from './private-address';
import type { Arrival } from './receiver';

/** Another one each time, so that what an earlier run has left does not matter. */
const STACK = `EveryTarget-${randomBytes(3).toString('hex')}`;

/** Spaces, an escape, a number that JavaScript writes in another way and letters beyond ASCII: nothing may be written anew. */
const BODY = Buffer.from('{ "type":"order.created",  "data" : {"total": 1.00, "name": "\\u00e4ö🧾"} }\n');
/** Above the limit of a topic and of a state machine, below that of all others. */
const BIG_BODY = Buffer.from(JSON.stringify({ type: 'order.created', text: 'ö'.repeat(140_000) }));

(skipped ? describe.skip : describe)(`a target of each kind, deployed by the CDK command line${skipped ? ` (skipped, as ${skipped})` : ''}`, () => {
  let folder: string;
  let options: DeploymentOptions;
  let deployment: Deployment;
  let seen: Seen;
  let arrival: Arrival;
  let id: string;

  /** Deploys, and posts the one signed event that all of these look for. */
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'every-target-'));
    options = await prepare(STACK, folder);
    await deploy();
    expect(await deployment.send('orders', BODY)).toMatchObject({ status: 200, body: '' });
    [arrival] = await deployment.arrivals('inside', BODY) as [Arrival];
    id = arrival.headers['webhook-id'] as string;
  }, 120_000);

  afterAll(async () => {
    seen?.close();
    deployment?.close();
    await options?.receiver.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function deploy(): Promise<void> {
    const cdk = cdkIn(folder);
    const { receiver, region } = options;
    // In a folder without cdk.json: there, bootstrapping would run the app.
    await cdk(['bootstrap', `aws://${await accountId(options)}/${region}`], folder);
    const context = { stack: STACK, network: privateAddress?.cidr, chat: receiver.url('chat') };
    const parameters = { Receiver: receiver.url('inside'), Told: receiver.url('function'), Authorities: authoritiesIn(folder) };
    await cdk([
      'deploy', STACK, '--app', 'npx tsx test/deploy/every-target/app.ts', '--output', path.join(folder, 'cdk.out'), '--require-approval', 'never',
      ...Object.entries(context).flatMap(([name, value]) => ['--context', `${name}=${value}`]),
      ...Object.entries(parameters).flatMap(([name, value]) => ['--parameters', `${name}=${value}`]),
    ]);
    deployment = await Deployment.find(options);
    await mend(deployment);
    seen = new Seen(deployment);
  }

  jest.setTimeout(30_000);

  /** The event as the services get it that have no place beside it. */
  const document = () => ({ ...detail(), body: BODY.toString() });
  const detail = () => {
    const providerId = expect.stringMatching(/^msg_/);
    const headers = { 'content-type': 'application/json', 'webhook-id': providerId, 'webhook-timestamp': expect.any(String) };
    return { id, source: 'orders', type: 'order.created', time: expect.any(String), providerId, headers };
  };
  const attributes = () => ({
    'webhook-id': id, 'webhook-source': 'orders', 'webhook-type': 'order.created', 'webhook-time': expect.any(String), 'content-type': 'application/json',
  });

  test('http: the same bytes, signed', async () => {
    expect(arrival.body.equals(BODY)).toBe(true);
    new Webhook(await deployment.signingSecret('inside')).verify(BODY, arrival.headers as { [name: string]: string });
  });

  test('http: an address that is not public gets nothing without leave, and the event is a dead letter at once', async () => {
    const { Body = '', MessageAttributes } = await takeDeadLetter(deployment, 'http');
    expect(MessageAttributes).toMatchObject({ Reason: { StringValue: 'blocked' }, Attempts: { StringValue: '1' } });
    expect(JSON.parse(Body)).toMatchObject({ id, body: BODY.toString() });
  });

  test('queue: the same text, and attributes', async () => {
    const { Body, MessageAttributes = {} } = await seen.message('PlacesQueue');
    expect(Body).toBe(BODY.toString());
    expect(Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]))).toEqual(attributes());
  });

  test('topic: the same text for a subscriber, and attributes', async () => {
    const { Body, MessageAttributes = {} } = await seen.message('Subscribed');
    expect(Body).toBe(BODY.toString());
    expect(Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]))).toEqual(attributes());
  });

  test('event bus: what a rule can match, with the JSON in the detail', async () => {
    const { Body = '' } = await seen.message('Ruled');
    expect(JSON.parse(Body)).toMatchObject({
      'source': 'example.orders', 'detail-type': 'order.created', 'detail': { ...detail(), encoding: 'json', data: JSON.parse(BODY.toString()) },
    });
  });

  test('function: the document', async () => {
    expect(await calledWith(id)).toEqual(document());
  });

  test('state machine: an execution of the event\'s name, with the document', async () => {
    expect(JSON.parse(await seen.execution(id))).toEqual(document());
  });

  test('stream: the document, spread by the event\'s id', async () => {
    expect(JSON.parse(await seen.record(id))).toEqual(document());
  });

  test('delivery stream: a line with the document in its destination', async () => {
    const text = (await seen.object('firehose/', id)).bytes.toString();
    expect(text.endsWith('}\n')).toBe(true);
    expect(JSON.parse(text)).toEqual(document());
  });

  test('bucket: the same bytes under a key of the day', async () => {
    const { key, bytes, contentType, metadata } = await seen.object('webhooks/', id);
    expect(key).toMatch(new RegExp(`^webhooks/orders/\\d{4}/\\d\\d/\\d\\d/${id}$`));
    expect(bytes.equals(BODY)).toBe(true);
    expect(contentType).toBe('application/json');
    expect(metadata).toEqual({ id, source: 'orders', type: 'order.created', time: expect.any(String) });
  });

  test('chat: what its own sender makes of it', async () => {
    await deployment.arrivals('chat', Buffer.from(`{"text":"order.created from orders (${id})"}`));
  });

  test('an event above the limit of a topic and of a state machine is a dead letter of these, and the others have it', async () => {
    expect(await deployment.send('orders', BIG_BODY)).toMatchObject({ status: 200 });
    const [{ headers }] = await deployment.arrivals('inside', BIG_BODY) as [Arrival];
    const big = headers['webhook-id'] as string;
    for (const target of ['topic', 'state-machine']) {
      const { MessageAttributes } = await takeDeadLetter(deployment, target);
      expect([target, MessageAttributes]).toMatchObject([target, { Reason: { StringValue: 'rejected' }, Attempts: { StringValue: '1' } }]);
    }
    const text = BIG_BODY.toString();
    expect((await seen.message('PlacesQueue')).Body).toBe(text);
    expect(JSON.parse((await seen.message('Ruled')).Body as string)).toMatchObject({ detail: { id: big, data: JSON.parse(text) } });
    expect((await seen.object('webhooks/', big)).bytes.equals(BIG_BODY)).toBe(true);
    for (const document of [await calledWith(big), JSON.parse(await seen.record(big)), JSON.parse((await seen.object('firehose/', big)).bytes.toString())]) {
      expect(document).toMatchObject({ id: big, body: text });
    }
    expect((await takeDeadLetter(deployment, 'http')).MessageAttributes).toMatchObject({ Reason: { StringValue: 'blocked' } });
  });

  test('nothing is left in a queue, and there is no other dead letter', async () => {
    for (const target of Object.keys(deployment.parts.targets)) {
      const { queue, deadLetterQueue } = deployment.target(target);
      await deployment.until(20, `the end of the deliveries to ${target}`, async () => await messages(queue) === 0 || undefined);
      expect([target, await messages(deadLetterQueue)]).toEqual([target, 0]);
    }
  });

  /** What the function of the example was called with for an event. */
  function calledWith(event: string): Promise<unknown> {
    return deployment.until(20, `a call of the function with ${event}`, () => options.receiver.arrivals
      .filter(({ target }) => target === 'function').map(({ body }) => JSON.parse(body.toString())).find((called) => called.id === event));
  }

  async function messages(logicalId: string): Promise<number> {
    const QueueUrl = deployment.physicalId(logicalId);
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes = {} } = await deployment.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }));
    return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  }
});
