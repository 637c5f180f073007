import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createSend } from '../../../lambda/ingest/send';
import { AwsClient } from '../../../lambda/shared/aws';
import { Payloads } from '../../../lambda/shared/payloads';
import { Secrets } from '../../../lambda/shared/secrets';
import { MAX_BODY_BYTES, type Envelope } from '../../../lib/contract/envelope';
import { apiEvent, githubPost, ingest, ingestConfig, KEYS } from '../support/ingest';
import { httpServer, type Received } from '../support/server';

const ENVIRONMENT = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'SECRET', AWS_REGION: 'eu-west-1' };
const BUCKET = 'payloads-of-gateway';
const QUEUES = ['audit', 'billing.fifo', 'crm'];

const config = {
  ...ingestConfig(),
  targets: Object.fromEntries(QUEUES.map((name) => [name, {
    queueUrl: `https://sqs.eu-west-1.amazonaws.com/123456789012/${name}`, ...(name.endsWith('.fifo') && { orderingKey: { source: true as const } }),
  }])),
};

/** What an ingest function asks of AWS for one event. */
type Call = 'secret' | 'put' | `send ${string}`;
const ALL_SENDS = 'send';
type Fault = (response: ServerResponse, socket: Socket, carryOut: () => string) => void;

const cleanups: (() => void)[] = [];
afterEach(() => { for (const cleanup of cleanups.splice(0)) cleanup(); });

/** What is durable: everything else is gone when a function crashes. */
class Durable {
  readonly queues: { [name: string]: Envelope[] } = Object.fromEntries(QUEUES.map((name) => [name, []]));
  readonly objects: { [key: string]: Buffer } = {};

  send(queueUrl: string, message: string): void {
    this.queues[queueUrl.split('/').pop() as string]!.push(JSON.parse(message) as Envelope);
  }

  /** Queues that have the event, of those that want it. */
  get having(): string[] {
    return QUEUES.filter((name) => this.queues[name]!.length > 0);
  }

  check(): void {
    const envelopes = Object.values(this.queues).flat();
    expect(new Set(envelopes.map(({ id }) => id)).size).toBeLessThanOrEqual(1);
    for (const { payload } of envelopes) if (payload) expect(this.objects[payload.key]?.length).toBe(payload.bytes);
  }
}

/** The ingest function against servers that fail as they are told, so many times for a call. */
async function gateway(failing: Call | typeof ALL_SENDS, fault: Fault, times: number, timeoutMs = 5_000) {
  const durable = new Durable();
  let left = times;
  const calls: Call[] = [];
  const server = await httpServer((request, response, socket) => {
    const { call, carryOut } = read(request, durable);
    calls.push(call);
    if ((call === failing || call.startsWith(`${failing} `)) && left-- > 0) fault(response, socket, carryOut);
    else response.end(carryOut());
  });
  cleanups.push(server.close);
  const client = new AwsClient({ ...ENVIRONMENT, AWS_ENDPOINT_URL: server.origin });
  const options = { timeoutMs, tries: 2 };
  const payloads = new Payloads(client, BUCKET, options);
  const { handler, lines } = ingest({
    config, secrets: new Secrets(client), send: createSend(client, options), putPayload: (key, body) => payloads.put(key, body),
  });
  return { durable, handler, lines, calls: () => calls.filter((call) => call === failing).length };
}

function read({ method, url, headers, body }: Received, durable: Durable): { call: Call; carryOut: () => string } {
  if (method === 'PUT') return { call: 'put', carryOut: () => { durable.objects[url.replace(`/${BUCKET}/`, '')] = body; return ''; } };
  if (headers['x-amz-target'] === 'secretsmanager.GetSecretValue') {
    return { call: 'secret', carryOut: () => JSON.stringify({ SecretString: KEYS.github, CreatedDate: 1 }) };
  }
  const { QueueUrl, MessageBody } = JSON.parse(body.toString()) as { QueueUrl: string; MessageBody: string };
  return { call: `send ${QueueUrl.split('/').pop()}`, carryOut: () => { durable.send(QueueUrl, MessageBody); return '{"MessageId":"m"}'; } };
}

const refuse = (status: number, code: string): Fault => (response) => (
  response.writeHead(status, { 'x-amzn-errortype': code }).end(`<Error><Code>${code}</Code></Error>`));

/** Each with whether a second try may help. */
const FAULTS: { readonly [name: string]: [Fault, boolean] } = {
  'is throttled': [refuse(400, 'ThrottlingException'), true],
  'is told to slow down': [refuse(503, 'SlowDown'), true],
  'meets an error of the service': [refuse(500, 'InternalError'), true],
  'is denied': [refuse(403, 'AccessDeniedException'), false],
  'meets a disabled key': [refuse(400, 'KmsDisabled'), false],
  'finds nothing': [refuse(400, 'ResourceNotFoundException'), false],
  'meets a reset before it is carried out': [(_response, socket) => socket.resetAndDestroy(), true],
  'is carried out, and the answer is lost': [(_response, socket, carryOut) => { carryOut(); socket.resetAndDestroy(); }, true],
  'is carried out, and half of the answer is lost': [(response, socket, carryOut) => {
    carryOut();
    response.writeHead(200, { 'content-length': '100' }).write('{', () => socket.destroy());
  }, true],
};

const BIG = githubPost(Buffer.alloc(300_000, '{"a":1}'));
const CALLS: Call[] = ['secret', 'put', ...QUEUES.map((name): Call => `send ${name}`)];
const cases = CALLS.flatMap((call) => Object.entries(FAULTS).map(([name, [fault, passing]]) => [call, name, fault, passing] as const));
/** A queue that is gone or denied for good will one day not trouble the others, so its 503 proves no row. */
const row = (call: Call, passing: boolean): string => call === 'secret' ? 'row 43: ' : call === 'put' ? 'row 45: ' : passing ? 'row 40: ' : '';

describe.each(cases)('%s %s', (call, name, fault, passing) => {
  test(`${row(call, passing)}always, and the answer is a 503 after two tries at most`, async () => {
    const { durable, handler, lines, calls } = await gateway(call, fault, Infinity);
    const answer = await handler(apiEvent(BIG));
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': call === 'secret' ? '30' : '5' } });
    expect(lines).toMatchObject([{ event: 'rejected', status: 503, reason: call === 'secret' ? 'secret' : 'enqueue' }]);
    // A connection that was used before may have died unseen: what is lost on it is sent again at once, once for each try.
    expect(calls()).toBeGreaterThanOrEqual(passing ? 2 : 1);
    expect(calls()).toBeLessThanOrEqual(name.includes('reset') || name.includes('lost') ? 4 : passing ? 2 : 1);
    durable.check();
    if (!call.startsWith('send')) expect(durable.having).toEqual([]);
  });

  test(`${name.includes('lost') ? 'row 42: ' : ''}once, and the sender's next try has the event in every queue under the same id`, async () => {
    const { durable, handler } = await gateway(call, fault, passing ? 1 : 2);
    const answers = [await handler(apiEvent(BIG))];
    while (answers.at(-1)!.statusCode !== 200 && answers.length < 4) answers.push(await handler(apiEvent(BIG)));
    expect(answers.at(-1)!.statusCode).toBe(200);
    if (passing) expect(answers).toHaveLength(1);
    expect(durable.having).toEqual(QUEUES);
    durable.check();
  });
});

test.each<Call>(['put', 'send crm'])('row 40: %s hangs, and the answer is a 503 after two tries', async (call) => {
  const { durable, handler, calls } = await gateway(call, () => undefined, Infinity, 200);
  expect((await handler(apiEvent(BIG))).statusCode).toBe(503);
  expect(calls()).toBeLessThanOrEqual(2);
  durable.check();
});

test.each(['KmsDisabled', 'KmsInvalidState', 'KmsAccessDenied'])('row 46: 503 where no queue takes the event because of its key: %s', async (code) => {
  const { durable, handler, lines } = await gateway(ALL_SENDS, refuse(400, code), Infinity);
  expect(await handler(apiEvent(githubPost()))).toMatchObject({ statusCode: 503 });
  expect(lines).toMatchObject([{ event: 'rejected', reason: 'enqueue', detail: expect.stringContaining('3 of 3 targets did not take it; audit: ') }]);
  expect(durable.having).toEqual([]);
});

test('row 12: the largest body reaches the bucket and the queues', async () => {
  const { durable, handler } = await gateway('secret', () => undefined, 0);
  const body = randomBytes(MAX_BODY_BYTES);
  expect((await handler(apiEvent(githubPost(body)))).statusCode).toBe(200);
  expect(durable.having).toEqual(QUEUES);
  durable.check();
  expect(Object.values(durable.objects).map((object) => object.equals(body))).toEqual([true]);
});

describe('a crash', () => {
  const steps = (['put', 'audit', 'billing.fifo', 'crm'] as const).flatMap((step) => (['before', 'after'] as const).map((when) => [when, step] as const));

  /** A function that stops at a step for ever. What it did to others stays. */
  function environment(durable: Durable, stopWhen?: 'before' | 'after', stopAt?: string) {
    const step = async (name: string, carryOut: () => void): Promise<void> => {
      if (name === stopAt && stopWhen === 'before') await new Promise(() => undefined);
      carryOut();
      if (name === stopAt) await new Promise(() => undefined);
    };
    return ingest({
      config,
      putPayload: (key, body) => step('put', () => { durable.objects[key] = Buffer.from(body); }),
      send: (queueUrl, message) => step(queueUrl.split('/').pop() as string, () => durable.send(queueUrl, message)),
    });
  }

  test.each(steps)('row 47: %s %s gives no answer, and the sender\'s next try has the event in every queue under the same id', async (when, step) => {
    const durable = new Durable();
    const answer = environment(durable, when, step).handler(apiEvent(BIG));
    const later = new Promise((resolve) => setImmediate(() => setImmediate(() => resolve('no answer'))));
    expect(await Promise.race([answer, later])).toBe('no answer');
    durable.check();
    if (step === 'put') expect(durable.having).toEqual([]);

    expect((await environment(durable).handler(apiEvent(BIG))).statusCode).toBe(200);
    expect(durable.having).toEqual(QUEUES);
    durable.check();
  });
});
