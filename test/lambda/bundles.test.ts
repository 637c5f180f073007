import { execFile, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Webhook } from 'standardwebhooks';
import type { DeliverConfig, IngestConfig } from '../../lib/contract/config';
import { SCHEMES } from '../../lib/contract/schemes';
import { selfSigned } from './support/certificate';
import { deliverConfig, NOW, record as recordAt } from './support/deliver';
import { apiEvent, githubPost, KEYS, source } from './support/ingest';
import { httpServer, listen, type Answer } from './support/server';

const assets = path.resolve(__dirname, '../../assets');
const ENVIRONMENT = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'SECRET', AWS_SESSION_TOKEN: 'TOKEN' };

let folder: string;
const cleanups: (() => void)[] = [];
beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), 'bundle-')); });
afterEach(() => {
  rmSync(folder, { recursive: true });
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** Secrets Manager and SQS, as far as the functions ask. */
const aws: Answer = ({ headers }, response) => {
  if (headers['x-amz-target'] === 'secretsmanager.GetSecretValue') response.end(JSON.stringify({ SecretString: KEYS.standard, CreatedDate: 1 }));
  else response.writeHead(headers['x-amz-target'] ? 200 : 404).end('{}');
};

async function serve(answer?: Answer) {
  const server = await httpServer(answer);
  cleanups.push(server.close);
  return server;
}

/** Invokes a bundle's handler in a process of its own, as the Lambda runtime would. */
function invoke(event: object, environment: { [name: string]: string }): Promise<{ lines: string[]; result: unknown; modules: string[] }> {
  const script = `
    const { handler } = await import(${JSON.stringify(pathToFileURL(path.join(folder, 'index.mjs')).href)});
    const event = JSON.parse(process.env.EVENT);
    delete process.env.EVENT;
    const result = await handler(event, { getRemainingTimeInMillis: () => 30_000 }).catch((error) => error.message);
    console.log(JSON.stringify({ result, modules: process.moduleLoadList }));`;
  return new Promise((resolve, reject) => {
    const options = { env: { ...environment, EVENT: JSON.stringify(event) }, cwd: folder };
    execFile(process.execPath, ['--input-type=module', '--eval', script], options, (error, stdout, stderr) => {
      if (error) return reject(new Error(stderr));
      const lines = stdout.trim().split('\n');
      resolve({ ...JSON.parse(lines.pop() as string), lines });
    });
  });
}

/** A record of this moment: the process has the real clock. */
const record = () => recordAt(undefined, { sent: (NOW - Date.now()) / 1_000 });

const bundle = (name: string) => copyFileSync(path.join(assets, `${name}/index.mjs`), path.join(folder, 'index.mjs'));
const config = (value: object) => writeFileSync(path.join(folder, 'config.json'), JSON.stringify(value));

describe('the ingest bundle', () => {
  const ingestConfig: IngestConfig = {
    gateway: 'g',
    sources: { github: source(SCHEMES.github, 'webhooks/github') },
    targets: { billing: { queueUrl: { $value: 0 } as never } },
  };
  const environment = { ...ENVIRONMENT, VALUES: '["https://sqs.eu-west-1.amazonaws.com/1/billing"]' };

  test('opens its connections and reads its secrets before the first request, and accepts it', async () => {
    bundle('ingest');
    config(ingestConfig);
    const { origin, received, connections } = await serve(aws);
    const { lines, result, modules } = await invoke(apiEvent(githubPost('{"a":1}', KEYS.standard)), { ...environment, AWS_ENDPOINT_URL: origin });

    expect(result).toEqual({ statusCode: 200 });
    expect(received.map(({ headers }) => headers['x-amz-target'] ?? 'ping').sort()).toEqual(['AmazonSQS.SendMessage', 'ping', 'secretsmanager.GetSecretValue']);
    const send = received.find(({ headers }) => headers['x-amz-target'] === 'AmazonSQS.SendMessage')!;
    expect(connections).toHaveLength(2);
    expect(JSON.parse(send.body.toString())).toMatchObject({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/billing' });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^\{"event":"accepted","time":"20/);
    expect(JSON.parse(lines[1]!)).toMatchObject({ event: 'metrics', Gateway: 'g', Source: 'github', Accepted: 1 });
    expect(modules.filter((name) => name.includes('undici'))).toEqual([]);
  });

  test('with an event store opens its connection, too, looks the event up and records it', async () => {
    bundle('ingest');
    config({ ...ingestConfig, store: { tableName: { $value: 1 }, retentionSeconds: 60 } });
    const { origin, received } = await serve(aws);
    const variables = { ...environment, VALUES: '["https://sqs.eu-west-1.amazonaws.com/1/billing","events"]', AWS_ENDPOINT_URL: origin };
    const { lines, result } = await invoke(apiEvent(githubPost('{"a":1}', KEYS.standard)), variables);
    expect(result).toEqual({ statusCode: 200 });
    const calls = received.map(({ headers }) => headers['x-amz-target'] ?? 'ping').filter((call) => call !== 'secretsmanager.GetSecretValue');
    expect(calls).toEqual(['ping', 'ping', 'DynamoDB_20120810.GetItem', 'AmazonSQS.SendMessage', 'DynamoDB_20120810.UpdateItem']);
    const update = JSON.parse(received.at(-1)!.body.toString()) as { TableName: string; ExpressionAttributeValues: object };
    expect(update).toMatchObject({ TableName: 'events', ExpressionAttributeValues: { ':enqueued': { SS: ['billing'] } } });
    expect(lines).toHaveLength(2);
  });

  test('with a schema loads the compiled ones from beside it', async () => {
    bundle('ingest');
    writeFileSync(path.join(folder, 'schemas.mjs'), 'export const order = (value) => value.a === 1 ? [] : ["/a must be 1"];');
    const sources = { github: { ...ingestConfig.sources['github'], schema: { any: 'order', onInvalid: 'reject' } } };
    config({ ...ingestConfig, sources });
    const { origin } = await serve(aws);
    const post = (body: string) => invoke(apiEvent(githubPost(body, KEYS.standard)), { ...environment, AWS_ENDPOINT_URL: origin });
    expect((await post('{"a":1}')).result).toEqual({ statusCode: 200 });
    expect((await post('{"a":2}')).result).toMatchObject({ statusCode: 422 });
    rmSync(path.join(folder, 'schemas.mjs'));
    expect((await post('{"a":1}')).result).toMatchObject({ statusCode: 503 });
  });

  test('row 43: starts while nothing can be reached, and answers 503', async () => {
    bundle('ingest');
    config(ingestConfig);
    const { origin, close } = await serve(aws);
    close();
    const { result, lines } = await invoke(apiEvent(githubPost()), { ...environment, AWS_ENDPOINT_URL: origin });
    expect(result).toMatchObject({ statusCode: 503 });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ event: 'rejected', reason: 'secret' }, { event: 'metrics', SecretFailures: 1 }]);
  });

  test('H20: accepts the first request after it was frozen and its connections were reset', async () => {
    bundle('ingest');
    config(ingestConfig);
    const { origin, received, connections } = await serve(aws);
    const script = `
      const { handler } = await import(${JSON.stringify(pathToFileURL(path.join(folder, 'index.mjs')).href)});
      for await (const _line of process.stdin) process.stdout.write((await handler(JSON.parse(process.env.EVENT))).statusCode + ' ');`;
    const event = JSON.stringify(apiEvent(githubPost('{"a":1}', KEYS.standard)));
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { env: { ...environment, AWS_ENDPOINT_URL: origin, EVENT: event } });
    cleanups.push(() => child.kill('SIGKILL'));
    let output = '';
    child.stdout.on('data', (text: Buffer) => { output += text; });

    child.stdin.write('\n');
    while (!output.endsWith('200 ')) await once(child.stdout, 'data');
    child.kill('SIGSTOP');
    for (const socket of connections) socket.resetAndDestroy();
    child.kill('SIGCONT');
    child.stdin.end('\n');
    await once(child, 'close');
    expect(output.match(/"event":"accepted"/g)).toHaveLength(2);
    expect(output).toMatch(/200 $/);
    expect(received.filter(({ headers }) => headers['x-amz-target'] === 'AmazonSQS.SendMessage')).toHaveLength(2);
  });

  test('loads the modules of its schemes from beside it, and no others', async () => {
    bundle('ingest');
    copyFileSync(path.join(assets, 'schemes/pusher/scheme-pusher.mjs'), path.join(folder, 'scheme-pusher.mjs'));
    config({ ...ingestConfig, sources: { pusher: source(SCHEMES.pusher, 'pusher') } });
    const { origin } = await serve(({ headers }, response) => {
      if (headers['x-amz-target'] === 'secretsmanager.GetSecretValue') response.end(JSON.stringify({ SecretString: 'key:secret', CreatedDate: 1 }));
      else response.writeHead(headers['x-amz-target'] ? 200 : 404).end('{}');
    });
    const body = '{"time_ms":1,"events":[]}';
    const headers = { 'x-pusher-key': 'key', 'x-pusher-signature': createHmac('sha256', 'secret').update(body).digest('hex') };
    const invokeWith = (signature: string) => invoke(apiEvent({ path: '/pusher', method: 'POST', headers: { ...headers, 'x-pusher-signature': signature }, body }),
      { ...environment, AWS_ENDPOINT_URL: origin });
    expect((await invokeWith(headers['x-pusher-signature'])).result).toEqual({ statusCode: 200 });
    expect((await invokeWith('0'.repeat(64))).result).toMatchObject({ statusCode: 401 });
  });

  test('is the home of createHandler also where there is no configuration', async () => {
    bundle('ingest');
    const { result } = await invoke(apiEvent(githubPost()), ENVIRONMENT);
    expect(result).toBe('there is no config.json beside the function; deploy the stack again');
    expect(readFileSync(path.join(folder, 'index.mjs'), 'utf8')).toMatch(/export\{[^}]*as createHandler/);
  });
});

describe('the deliver bundle and the HTTP sender', () => {
  const settings = { signingSecret: { id: 'signing' }, previousSecretOverlapSeconds: 0, allowedPrivateCidrs: ['127.0.0.0/8'] };

  function prepare(difference: Partial<DeliverConfig> = {}): void {
    bundle('deliver');
    copyFileSync(path.join(assets, 'senders/http/sender.mjs'), path.join(folder, 'sender.mjs'));
    config({ ...deliverConfig, queueUrl: { $value: 0 }, settings, ...difference });
  }
  const environment = { ...ENVIRONMENT, VALUES: '["https://sqs.eu-west-1.amazonaws.com/1/q"]' };

  test('deliver an event, signed', async () => {
    prepare();
    const [{ origin }, target] = [await serve(aws), await serve((_request, response) => response.end())];
    const { result, lines, modules } = await invoke({ Records: [record()] }, { ...environment, AWS_ENDPOINT_URL: origin, TARGET_URL: target.origin });
    expect(result).toEqual({ batchItemFailures: [] });
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(['attempt', 'delivered', 'metrics']);
    const [request] = target.received;
    expect(new Webhook(KEYS.standard).verify(request!.body.toString(), request!.headers as Record<string, string>)).toEqual({ id: 'evt_1' });
    expect(modules.filter((name) => name.includes('undici'))).toEqual([]);
  });

  test('with an event store write what became of it', async () => {
    prepare({ store: { tableName: 'events', retentionSeconds: 60 } });
    const [{ origin, received }, target] = [await serve(aws), await serve((_request, response) => response.end())];
    await invoke({ Records: [record()] }, { ...environment, AWS_ENDPOINT_URL: origin, TARGET_URL: target.origin });
    const update = received.find(({ headers }) => headers['x-amz-target'] === 'DynamoDB_20120810.UpdateItem');
    expect(JSON.parse(update!.body.toString())).toMatchObject({ TableName: 'events', ExpressionAttributeValues: { ':outcome': { S: 'delivered' } } });
  });

  test('hide a message that failed', async () => {
    prepare();
    const [{ origin, received }, target] = [await serve(aws), await serve((_request, response) => response.writeHead(500).end())];
    const { result } = await invoke({ Records: [record()] }, { ...environment, AWS_ENDPOINT_URL: origin, TARGET_URL: target.origin });
    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    const change = received.find(({ headers }) => headers['x-amz-target'] === 'AmazonSQS.ChangeMessageVisibility');
    expect(JSON.parse(change!.body.toString()))
      .toEqual({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/q', ReceiptHandle: 'handle of m1', VisibilityTimeout: expect.any(Number) });
  });

  test('send a dead letter', async () => {
    prepare();
    const [{ origin, received }, target] = [await serve(aws), await serve((_request, response) => response.writeHead(410).end())];
    const { result } = await invoke({ Records: [record()] }, { ...environment, AWS_ENDPOINT_URL: origin, TARGET_URL: target.origin });
    expect(result).toEqual({ batchItemFailures: [] });
    const send = received.find(({ headers }) => headers['x-amz-target'] === 'AmazonSQS.SendMessage');
    expect(JSON.parse(send!.body.toString())).toMatchObject({
      QueueUrl: deliverConfig.deadLetterQueueUrl, MessageBody: record().body, MessageAttributes: { Reason: { DataType: 'String', StringValue: 'gone' } },
    });
  });

  test('row 28: deliver over TLS to a certificate that is trusted', async () => {
    prepare();
    const certificate = selfSigned();
    const target = https.createServer(certificate, (_request, response) => response.end());
    cleanups.push(() => { target.closeAllConnections(); target.close(); });
    const [{ origin }, url] = [await serve(aws), await listen(target, 'https')];
    writeFileSync(path.join(folder, 'ca.pem'), certificate.cert);
    const run = (more: object) => invoke({ Records: [record()] }, { ...environment, AWS_ENDPOINT_URL: origin, TARGET_URL: url, ...more });
    expect((await run({ NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem') })).result).toEqual({ batchItemFailures: [] });
    const failed = { batchItemFailures: [{ itemIdentifier: 'm1' }] };
    expect((await run({})).result).toEqual(failed);
    expect((await run({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })).result).toEqual(failed);
  });

  test('go past a proxy that the environment names', async () => {
    prepare();
    const [{ origin }, target, proxy] = [await serve(aws), await serve((_request, response) => response.end()), await serve()];
    const proxies = Object.fromEntries(['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY'].map((name) => [name, proxy.origin]));
    const variables = { ...environment, ...proxies, NODE_USE_ENV_PROXY: '1', AWS_ENDPOINT_URL: origin, TARGET_URL: target.origin };
    expect((await invoke({ Records: [record()] }, variables)).result).toEqual({ batchItemFailures: [] });
    expect(target.received).toHaveLength(1);
    expect(proxy.received).toEqual([]);
  });
});

const schemeBundles = readdirSync(path.resolve(__dirname, '../../lambda/ingest/schemes')).filter((file) => file.endsWith('.ts'))
  .map((file) => path.basename(file, '.ts')).map((name) => `schemes/${name}/scheme-${name}.mjs`);

const leanBundles = ['ingest/index.mjs', 'filter/filter.mjs', 'deliver/index.mjs', 'keeper/index.mjs', ...schemeBundles];

test.each([...leanBundles, 'senders/http/sender.mjs', 'key-fetch/key-fetch.mjs'])('%s has no SDK in it and imports no HTTP', (file) => {
  const code = readFileSync(path.join(assets, file), 'utf8');
  expect(code).not.toContain('aws-sdk');
  const lean = /^from"node:(buffer|crypto|fs|querystring|util|vm|zlib)"$/;
  const allowed = leanBundles.includes(file) ? lean : /^from"node:(buffer|crypto|dns|module|net)"$/;
  expect((code.match(/from"[^"]+"/g) ?? []).filter((from) => !allowed.test(from))).toEqual([]);
});
