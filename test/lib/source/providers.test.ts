import { generateKeyPairSync } from 'crypto';
import { readdirSync } from 'fs';
import { Aws, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { PlaidEnvironment, WebhookSecret, WebhookSource } from '../../../lib';
import type { SourceConfig } from '../../../lib/contract/config';
import { SCHEMES } from '../../../lib/contract/schemes';
import { ingestConfig, partsOf, statements, valid, webhookStack } from '../fixture';
import { ED25519, everyProvider, P256 } from './every-provider';

const P384 = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const secret = WebhookSecret.fromSecretName('webhooks/any');
const stackOf = (any: WebhookSource) => webhookStack({ ...valid(), sources: { any } });
const configOf = (any: WebhookSource) => ingestConfig(stackOf(any)).config.sources.any as SourceConfig;

describe('a stack with every provider', () => {
  const stack = webhookStack({ ...valid(), sources: everyProvider() }, { 'cdk-webhooks:local': true });
  const { config, directory } = ingestConfig(stack);

  test('has each with the scheme of its name', () => {
    expect(Object.keys(config.sources)).toHaveLength(108);
    for (const [name, { verifications }] of Object.entries(config.sources)) expect(verifications[0]?.scheme.name).toBe(name);
  });

  test('has a secret or a public key for each whose keys are not published', () => {
    const keyless = ['aws-sns', 'google-pubsub', 'paypal'];
    const found = Object.keys(config.sources)
      .filter((name) => !config.sources[name]?.verifications.every(({ secret: reference, publicKey }) => reference ?? publicKey));
    expect(found.sort()).toEqual(keyless);
  });

  test('has the modules of its schemes beside the bundle', () => {
    const modules = new Set(Object.values(SCHEMES).flatMap((scheme) => (scheme.kind === 'code' ? [scheme.module] : [])));
    expect(readdirSync(directory).filter((name) => /^scheme-.*\.mjs$/.test(name)).sort()).toEqual([...modules].map((module) => `scheme-${module}.mjs`).sort());
  });

  test('says in its metadata how each is proved', () => {
    const parts = partsOf(Template.fromStack(stack));
    expect(Object.keys(parts.sources)).toHaveLength(108);
    expect(parts.sources.discord?.verifications).toEqual([{ scheme: SCHEMES.discord, publicKey: ED25519.toString('hex') }]);
    expect(parts.sources.meta?.verifications[0]).toMatchObject({
      secret: { id: 'webhooks/meta', key: 'utf8' }, verifyToken: { id: 'webhooks/meta-token', key: 'utf8' },
    });
    expect(parts.sources.adyen?.verifications[0]?.secret).toEqual({ id: 'webhooks/adyen', key: 'hex' });
    expect(parts.sources.postmark?.verifications[0]).toMatchObject({ username: 'user' });
  });
});

test('a function has no module that none of its sources needs, and gets one with a source that is added late', () => {
  const modules = (stack: ReturnType<typeof webhookStack>) => readdirSync(ingestConfig(stack).directory).filter((name) => name.startsWith('scheme-'));
  expect(modules(webhookStack())).toEqual([]);
  const stack = webhookStack();
  stack.gateway.addSource('twilio', WebhookSource.twilio({ secret }));
  stack.gateway.addSource('twilio-json', WebhookSource.twilioJson({ secret }));
  expect(modules(stack).filter((name) => name.endsWith('.mjs'))).toEqual(['scheme-twilio.mjs']);
});

test.each([
  ['hubspot', WebhookSource.hubspot({ secret, tolerance: Duration.minutes(1) }), { timestamp: { toleranceSeconds: 60 } }],
  ['box', WebhookSource.box({ secret, tolerance: Duration.minutes(1) }), { settings: { toleranceSeconds: 60 } }],
  ['plaid', WebhookSource.plaid({ secret, clientId: 'id', environment: PlaidEnvironment.SANDBOX }), { settings: { clientId: 'id', environment: 'sandbox' } }],
  ['google-pubsub', WebhookSource.googlePubSub({ audience: 'a', serviceAccountEmail: 'b@c' }), {
    settings: { issuer: 'https://accounts.google.com', jwksUrl: 'https://www.googleapis.com/oauth2/v3/certs', audience: 'a', email: 'b@c' },
  }],
  ['paypal', WebhookSource.paypal({ webhookId: 'W' }), { settings: { webhookId: 'W' } }],
])('%s tells its scheme what it was told', (name, source, expected) => {
  expect(configOf(source).verifications[0]?.scheme).toMatchObject({ name, ...expected });
});

test('topics that only the deployment knows are values', () => {
  const { config, values } = ingestConfig(stackOf(WebhookSource.sns({ topicArns: [Lazy.string({ produce: () => 'late' }), 'arn:aws:sns:us-east-1:111122223333:a'] })));
  expect(config.sources.any?.verifications[0]?.scheme).toMatchObject({ settings: { topicArns: ['late', 'arn:aws:sns:us-east-1:111122223333:a'] } });
  expect(values).toEqual([{ Ref: expect.stringContaining('billingQueue') }, { Ref: expect.stringContaining('PayloadsBucket') }, { Ref: expect.stringContaining('EventStoreTable') }]);
});

test('Upstash\'s next key is tried after the current one', () => {
  const { verifications } = configOf(WebhookSource.upstash({ secret, nextSecret: WebhookSecret.fromSecretName('webhooks/next') }));
  expect(verifications.map((verification) => verification.secret?.id)).toEqual(['webhooks/any', 'webhooks/next']);
});

describe('pairing', () => {
  test.each([
    ['notion', WebhookSource.notion({ secret }), { key: { json: '$.verification_token' } }],
    ['asana', WebhookSource.asana({ secret }), { key: { header: 'x-hook-secret' }, echoHeader: 'x-hook-secret' }],
  ])('%s may put its own secret and no other', (_, source, pairing) => {
    const stack = webhookStack({ ...valid(), sources: { ...valid().sources, any: source } });
    expect(ingestConfig(stack).config.sources.any?.pairing).toEqual(pairing);
    const put = statements(Template.fromStack(stack), 'GatewayIngestRole')['secretsmanager:PutSecretValue'];
    expect(JSON.stringify(put)).toContain('webhooks/any-??????');
    expect(JSON.stringify(put)).not.toContain('webhooks/github');
  });

  test('others may put none', () => {
    expect(statements(Template.fromStack(webhookStack()), 'GatewayIngestRole')).not.toHaveProperty('secretsmanager:PutSecretValue');
  });

  test('fails with a field, because the sender\'s key replaces the whole secret', () => {
    const source = WebhookSource.notion({ secret: WebhookSecret.fromSecretName('webhooks/all', 'notion') });
    expect(() => stackOf(source)).toThrow('source "any" reads field "notion" of its secret, but the key that its sender brings replaces the whole');
  });

  test('fails with a parameter, which has no put that only one of two functions can win', () => {
    const parameter = StringParameter.fromSecureStringParameterAttributes(new Stack(), 'Own', { parameterName: '/webhooks/notion' });
    const source = WebhookSource.notion({ secret: WebhookSecret.fromSsmParameter(parameter) });
    expect(() => stackOf(source)).toThrow('source "any" cannot keep the key that its sender brings in a parameter: of two functions that store a key at the same time, '
      + 'only Secrets Manager takes one alone; give it a secret of its own there, such as WebhookSecret.generate()');
  });
});

describe('the public URL', () => {
  const twilio = (publicUrl?: string) => WebhookSource.twilio({ secret, publicUrl });
  const urlOf = (source: WebhookSource, publicBaseUrl?: string) => {
    const stack = webhookStack({ ...valid(), sources: { any: source }, publicBaseUrl });
    const { config, values } = ingestConfig(stack);
    return { url: config.sources.any?.publicUrl, values, part: partsOf(Template.fromStack(stack)).sources.any?.publicUrl, given: stack.gateway.urlFor('any') };
  };

  test('is what the source says', () => {
    expect(urlOf(twilio('https://a.example.com/in/'), 'https://b.example.com')).toMatchObject({
      url: 'https://a.example.com/in/', part: 'https://a.example.com/in/', given: 'https://a.example.com/in/',
    });
  });

  test('is the gateway\'s with the path', () => {
    expect(urlOf(twilio(), 'https://b.example.com/hooks/')).toMatchObject({ url: 'https://b.example.com/hooks/any', given: 'https://b.example.com/hooks/any' });
  });

  test('is the API\'s own, which only the deployment knows', () => {
    const { url, values, part } = urlOf(twilio());
    expect(url).toMatchObject({ $value: expect.any(Number) });
    expect(JSON.stringify(values)).toContain('ApiEndpoint');
    expect(part).toBeUndefined();
  });

  test('is left out where nothing signs it', () => {
    expect(urlOf(WebhookSource.github({ secret }), 'https://b.example.com')).toMatchObject({ url: undefined, given: 'https://b.example.com/any' });
  });

  test.each(['http://a.example.com', 'a.example.com/in', 'https://a.example.com/?a=1', 'https://a.example.com/#a'])('fails when it is %s', (url) => {
    expect(() => twilio(url)).toThrow(`publicUrl ${JSON.stringify(url)} is not allowed: it is an https URL without query and fragment`);
    expect(() => webhookStack({ ...valid(), publicBaseUrl: url })).toThrow(`publicBaseUrl ${JSON.stringify(url)} is not allowed`);
  });

  test.each(['a.example.com', `${Aws.REGION}.example.com`])('fails when it has a password, and does not repeat it (%s)', (host) => {
    const url = `https://me:s3cret@${host}/in`;
    for (const make of [() => twilio(url), () => webhookStack({ ...valid(), publicBaseUrl: url })]) {
      expect(make).toThrow(/^public(Base)?Url "https:.*example.com\/in" is not allowed with a user name or password/);
      expect(make).not.toThrow('s3cret');
    }
  });
});

describe('a public key', () => {
  const pem = P256.export({ format: 'pem', type: 'spki' }) as string;

  test('may be PEM where it is SPKI', () => {
    expect(configOf(WebhookSource.sendgrid({ publicKey: pem })).verifications[0]?.publicKey).toBe(pem);
  });

  test.each([
    ['half a key', () => WebhookSource.discord({ publicKey: ED25519.toString('hex').slice(2) }), 'is no key of discord: it is 64 hexadecimal digits'],
    ['base64 for hex', () => WebhookSource.discord({ publicKey: ED25519.toString('base64') }), 'is no key of discord'],
    ['hex for base64', () => WebhookSource.telnyx({ publicKey: ED25519.toString('hex') }), 'is no key of telnyx: it is 32 bytes in base64'],
    ['a secret', () => WebhookSource.standardWebhooksEd25519({ publicKey: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }), 'it is "whpk_" and 32 bytes in base64'],
    ['another curve\'s', () => WebhookSource.sendgrid({ publicKey: P384 }), 'it is a P-256 key in base64 (SPKI) or PEM'],
    ['raw bytes for SPKI', () => WebhookSource.sendgrid({ publicKey: ED25519.toString('base64') }), 'it is a P-256 key in base64 (SPKI) or PEM'],
  ])('fails when it is %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

test.each([
  ['a hexadecimal key', () => WebhookSource.adyen({ secret: WebhookSecret.generate() }), 'which is no hexadecimal key: name a secret with the key that the sender shows'],
  ['a name and a key', () => WebhookSource.pusher({ secret: WebhookSecret.generate() }), 'the secret of pusher is the public key, a colon and the key'],
])('fails when a secret is generated that has to be %s', (_, make, message) => {
  expect(make).toThrow(message);
});

test.each([
  ['no topic', () => WebhookSource.sns({ topicArns: [] }), 'topicArns is empty'],
  ['a queue for a topic', () => WebhookSource.sns({ topicArns: ['arn:aws:sqs:us-east-1:111122223333:a'] }), 'is not the ARN of a topic'],
  ['an empty webhook id', () => WebhookSource.paypal({ webhookId: '' }), 'webhookId "" is empty'],
  ['an empty client id', () => WebhookSource.plaid({ secret, clientId: '' }), 'clientId "" is empty'],
  ['an empty audience', () => WebhookSource.googlePubSub({ audience: '', serviceAccountEmail: 'a@b' }), 'audience "" is empty'],
  ['an account that is no address', () => WebhookSource.googlePubSub({ audience: 'a', serviceAccountEmail: 'b' }), 'is no e-mail address'],
  ['a colon in the user name', () => WebhookSource.postmark({ username: 'a:b', password: secret }), 'username "a:b" is not allowed'],
])('fails with %s', (_, make, message) => {
  expect(make).toThrow(message);
});
