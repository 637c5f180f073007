import { App } from 'aws-cdk-lib';
import { generateKeyPairSync } from 'node:crypto';
import path from 'node:path';
import { RequestField, SignatureHeader, WebhookSecret, WebhookSource, WebhookStack, WebhookTarget } from '../../lib';
import { CliProcess, runCli, type CliResult } from '../cli/fixtures/cli-process';
import { temporaryFolder } from '../temporary-folder';
import { Receiver } from '../local/receiver';

/** `npx jest --testMatch '**\/providers.check.ts'`: a source of every kind in one gateway, one event to each, as a person would send it. */
const secret = (name: string): WebhookSecret => WebhookSecret.fromSecretName(`hooks/${name}`);

const ed25519 = Buffer.from(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x as string, 'base64url');
const ecdsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' });

/** What a factory wants beside or in place of a secret. */
const OPTIONS: { readonly [factory: string]: object } = {
  ...Object.fromEntries(['azureEventGrid', 'mailchimp', 'cloudevents', 'fastly', 'digitalocean'].map((name) => [name, { urlToken: secret(name) }])),
  discord: { publicKey: ed25519.toString('hex') },
  telnyx: { publicKey: ed25519.toString('base64') },
  standardWebhooksEd25519: { publicKey: `whpk_${ed25519.toString('base64')}` },
  sendgrid: { publicKey: ecdsa.toString('base64') },
  meta: { secret: secret('meta'), verifyToken: secret('meta-token') },
  paypal: { webhookId: '0EH40505U7160970P' },
  plaid: { clientId: 'client', secret: secret('plaid') },
  sns: { topicArns: ['arn:aws:sns:us-east-1:123456789012:MyTopic'] },
  googlePubSub: { audience: 'https://hooks.example.com', serviceAccountEmail: 'push@proj.iam.gserviceaccount.com' },
  jwt: { issuer: 'https://issuer.example.com/', audience: ['https://hooks.example.com'], jwksUrl: 'https://issuer.example.com/jwks' },
  postmark: { username: 'postmark', password: secret('postmark') },
  basicAuth: { username: 'jenny', password: secret('basicAuth') },
  apiKey: { key: secret('apiKey') },
  hmac: { secret: secret('hmac'), signature: SignatureHeader.plain('x-signature-256', { prefix: 'sha256=' }) },
};

/** They hold other sources, or none. */
const NOT_PROVIDERS = ['anyOf', 'unverified'];

type Factories = { readonly [name: string]: (options: object) => WebhookSource };

function sources(): { [name: string]: WebhookSource } {
  const factories = WebhookSource as unknown as Factories;
  const names = Object.getOwnPropertyNames(WebhookSource)
    .filter((name) => typeof factories[name] === 'function' && !name.startsWith('_') && !NOT_PROVIDERS.includes(name));
  const all = Object.fromEntries(names.map((name) => [name, (factories[name] as Factories[string])(OPTIONS[name] ?? { secret: secret(name) })]));
  return {
    ...all,
    hmacWithTime: WebhookSource.hmac({
      secret: secret('hmacWithTime'), signature: SignatureHeader.keyValue('x-webhook-signature', { name: 'v1' }), signedContent: '{ts}.{body}',
      timestamp: RequestField.signatureParameter('t'),
    }),
  };
}

const receiver = new Receiver();

afterEach(async () => {
  CliProcess.endAll();
  await receiver.close();
});

test('an event of every sender is verified, and delivered', async () => {
  const app = new App({ outdir: temporaryFolder(), context: { 'cdk-webhooks:local': true, '@aws-cdk/core:stackResourceLimit': 0 } });
  const given = sources();
  new WebhookStack(app, 'Webhooks', { sources: given, targets: { all: WebhookTarget.http(await receiver.listen()) } });
  const cwd = temporaryFolder();
  const dev = new CliProcess(['dev', '--app', path.resolve(app.synth().directory), '--json'], { cwd });
  await dev.line({ event: 'ready' });

  const names = Object.keys(given);
  expect(names).toHaveLength(113);
  const results = new Map<string, CliResult>();
  const waiting = [...names];
  await Promise.all([1, 2].map(async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) results.set(name, await runCli(['send', name, '--json'], { cwd }));
  }));

  const refused = [...results].filter(([, { exit }]) => exit !== 0)
    .map(([name, { lines, stderr }]) => ({ name, said: lines.at(-1), stderr, rejected: dev.lines.find(({ event, source }) => event === 'rejected' && source === name) }));
  expect(refused).toEqual([]);
  for (const name of names) await dev.line({ event: 'delivered', source: name });
  // The id that `send` tells is the one that the event has.
  const told = [...results].flatMap(([name, { lines }]) => (lines[0]?.['id'] ? [[name, lines[0]['id']]] : []));
  expect(told.length).toBeGreaterThan(70);
  for (const [source, id] of told) expect(dev.lines).toContainEqual(expect.objectContaining({ event: 'delivered', source, id }));
  const types = [...results].flatMap(([name, { lines }]) => (lines[0]?.['type'] ? [[name, lines[0]['type']]] : []));
  for (const [source, type] of types) expect(dev.lines).toContainEqual(expect.objectContaining({ event: 'accepted', source, type }));
}, 300_000);
