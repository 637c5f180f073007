import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SQSClient, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { createHmac } from 'node:crypto';
import { GatewayRun, GITHUB_SECRET, START, synthesise } from './gateway-run';
import { type Arrival, Receiver, verifyArrival } from './receiver';
import { credentials, secretsClient } from './services';

// A day of a clock that is moved has 1,440 runs of the keeper.
jest.setTimeout(60_000);

let receiver: Receiver;
let run: GatewayRun;

describe('a gateway on a manual clock', () => {
  beforeAll(async () => {
    receiver = new Receiver();
    run = await GatewayRun.start(synthesise(await receiver.listen()));
  });

  afterAll(async () => {
    await run.close();
    await receiver.close();
  });

  beforeEach(() => {
    receiver.reset();
    run.lines.length = 0;
  });

  test('is ready: it tells where everything is', () => {
    const origin = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { apiUrl, awsEndpointUrl } = run.ready;
    const queueUrl = expect.stringMatching(new RegExp(`^${awsEndpointUrl}/000000000000/Webhooks-\\w+-[A-Z0-9]{12}$`));
    expect(run.ready).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/), apiUrl: origin, controlUrl: origin, awsEndpointUrl: origin,
      region: 'us-east-1', account: '000000000000', stacks: ['Webhooks'], clock: { mode: 'manual', now: new Date(START).toISOString() },
      sources: { github: `${apiUrl}/github`, stripe: `${apiUrl}/stripe` },
      targets: { billing: { kind: 'http', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/hooks$/), queueUrl, deadLetterQueueUrl: queueUrl } },
      generatedSecrets: expect.objectContaining({ 'webhooks/stripe': expect.stringMatching(/^\{"key":"[A-Za-z0-9]{32}"\}$/) }),
      unusedSecrets: [],
    });
    expect(run.signingSecret.value).toMatch(/^[A-Za-z0-9]{32}$/);
  });

  test('delivers text letter for letter, signed so that the official library verifies it', async () => {
    const body = Buffer.from('{ "b":1,\r\n "a": "\u00e9\\u00e9\u{1f680}" }\n');
    expect(await run.send(body)).toMatchObject({ status: 200, body: '' });
    await run.advance(0);
    expect(receiver.arrivals).toEqual([{ headers: expect.objectContaining({ 'content-type': 'application/json' }), body }]);
    verifyArrival(receiver.arrivals[0]!, run.signingSecret.value, run.clock.now());
    expect(() => verifyArrival(receiver.arrivals[0]!, 'A'.repeat(32), run.clock.now())).toThrow(/No matching signature/);
    const id = receiver.arrivals[0]!.headers['webhook-id'];
    expect(run.lines).toEqual([
      // A function's time stands at the clock's when it starts and goes on from there.
      expect.objectContaining({ event: 'accepted', id, source: 'github', type: 'push', targets: ['billing'], time: expect.stringMatching(/^2026-11-20T12:00:0/) }),
      expect.objectContaining({ event: 'attempt', id, source: 'github', target: 'billing', attempt: 1, outcome: 'delivered', status: 200 }),
      expect.objectContaining({ event: 'delivered', id, source: 'github', target: 'billing', attempts: 1 }),
    ]);
  });

  test('delivers bytes that are no text as they came, and signs these', async () => {
    const body = Buffer.from([0, 255, 254, 128, 13, 10, 0]);
    expect((await run.send(body, { type: 'application/octet-stream' })).status).toBe(200);
    await run.advance(0);
    const [{ headers, body: arrived }] = receiver.arrivals as [Arrival];
    expect(arrived).toEqual(body);
    // By hand: the official library knows text only.
    const signed = Buffer.concat([Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`), body]);
    const signature = createHmac('sha256', Buffer.from(run.signingSecret.value, 'base64')).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signature}`);
  });

  test('tries again when its time has come and not before, and has said so before the clock answers', async () => {
    receiver.statuses = [500, 500];
    await run.send('{}');
    expect(await run.advance(3.9)).toMatchObject({ ran: 0 });
    expect(receiver.arrivals).toHaveLength(1);
    // The first pause is 5 s times 0.8 to 1.2.
    await run.advance(2.2);
    expect(run.said('attempt').map(({ attempt, status }) => [attempt, status])).toEqual([[1, 500], [2, 500]]);
    await run.advance(60);
    expect(run.said('attempt').map(({ attempt, status }) => [attempt, status])).toEqual([[1, 500], [2, 500], [3, 200]]);
    expect(run.said('delivered')).toEqual([expect.objectContaining({ attempts: 3 })]);
    const last = receiver.arrivals[2]!;
    verifyArrival(last, run.signingSecret.value, run.clock.now());
    expect(new Set(receiver.arrivals.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  test('gives up after the retry window, into the dead-letter queue, from which it can be redriven', async () => {
    const sqs = new SQSClient({ endpoint: run.ready.awsEndpointUrl, region: 'us-east-1', credentials, useQueueUrlAsEndpoint: false });
    receiver.always = 500;
    await run.send('{"dead":"letter"}');
    await run.advance(4 * 3600);
    expect(run.said('dead-lettered')).toEqual([expect.objectContaining({ target: 'billing', status: 500, reason: 'expired' })]);
    const { deadLetterQueueUrl } = run.ready.targets.billing!;
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: deadLetterQueueUrl, MessageAttributeNames: ['All'], VisibilityTimeout: 0 }));
    expect(Messages.map(({ MessageAttributes }) => MessageAttributes?.Reason?.StringValue)).toEqual(['expired']);
    expect(JSON.parse(Messages[0]?.Body ?? '')).toMatchObject({ source: 'github', body: '{"dead":"letter"}' });

    receiver.reset();
    const SourceArn = `arn:aws:sqs:us-east-1:000000000000:${deadLetterQueueUrl.split('/').pop()}`;
    const DestinationArn = `arn:aws:sqs:us-east-1:000000000000:${run.ready.targets.billing!.queueUrl.split('/').pop()}`;
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
    await run.advance(60);
    expect(receiver.arrivals.map(({ body }) => body.toString())).toEqual(['{"dead":"letter"}']);
    expect(run.said('delivered')).toHaveLength(1);
    sqs.destroy();
  });

  test('dead-letters at once what is gone', async () => {
    receiver.statuses = [410];
    await run.send('{}');
    await run.advance(0);
    expect(run.said('dead-lettered')).toEqual([expect.objectContaining({ status: 410, reason: 'gone', attempts: 1 })]);
  });

  test('refuses a wrong signature and an unknown path, and says so', async () => {
    expect((await run.send('{}', { secret: 'another' })).status).toBe(401);
    expect((await run.send('{}', { url: `${run.ready.apiUrl}/unknown` })).status).toBe(404);
    await run.advance(0);
    expect(run.said('rejected')).toEqual([
      expect.objectContaining({ source: 'github', status: 401, reason: 'signature' }),
      expect.objectContaining({ source: null, status: 404, reason: 'route' }),
    ]);
    expect(receiver.arrivals).toEqual([]);
  });

  test('takes a rotated secret, and the one before for as long as the overlap lasts', async () => {
    const client = secretsClient(run.ready.awsEndpointUrl);
    await client.send(new PutSecretValueCommand({ SecretId: 'webhooks/github', SecretString: 'the next secret' }));
    await run.advance(301);
    expect((await run.send('{}', { secret: 'the next secret' })).status).toBe(200);
    expect((await run.send('{}')).status).toBe(200);
    await run.advance(24 * 3600);
    expect((await run.send('{}', { secret: 'the next secret' })).status).toBe(200);
    expect((await run.send('{}')).status).toBe(401);
    await client.send(new PutSecretValueCommand({ SecretId: 'webhooks/github', SecretString: GITHUB_SECRET }));
    await run.advance(301);
    client.destroy();
  });

  test('keeps the signing secret that its targets can be told', async () => {
    const client = secretsClient(run.ready.awsEndpointUrl);
    const { name: SecretId, value } = run.signingSecret;
    expect((await client.send(new GetSecretValueCommand({ SecretId }))).SecretString).toBe(value);
    client.destroy();
  });
});
