import { App, Aws, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { HttpAuth, HttpTargetOptions, WebhookGateway, WebhookSecret, WebhookTarget } from '../../../lib';
import { HttpSettings } from '../../../lib/contract/config';
import { deliverConfig, gateway, ingestConfig, statements, valid, webhookStack } from '../fixture';

const URL = 'https://billing.example.com/hooks';
const secret = WebhookSecret.fromSecretName;
const stackWith = (options: HttpTargetOptions, context = {}) =>
  webhookStack({ ...valid(), targets: { billing: WebhookTarget.http(URL, options) } }, context);
const settings = (options: HttpTargetOptions, context = {}) => deliverConfig(stackWith(options, context), 'billing').config.settings as unknown as HttpSettings;
const add = (options: HttpTargetOptions) => () => gateway({ ...valid(), targets: { billing: WebhookTarget.http(URL, options) } });

test('by default the settings are the signing secret and nothing else', () => {
  expect(Object.keys(settings({})).sort()).toEqual(['previousSecretOverlapSeconds', 'signingSecret']);
});

describe('auth', () => {
  test.each<[string, HttpAuth, object]>([
    ['basic', HttpAuth.basic('us er', secret('pw')), { kind: 'basic', username: 'us er', password: { id: 'pw' } }],
    ['bearer', HttpAuth.bearer(secret('all', 'token')), { kind: 'bearer', token: { id: 'all', field: 'token' } }],
    ['an API key', HttpAuth.apiKey('X-Api-Key', secret('key')), { kind: 'api-key', header: 'x-api-key', key: { id: 'key' } }],
    ['an API key without a scheme', HttpAuth.apiKey('Authorization', secret('key')), { kind: 'api-key', header: 'authorization', key: { id: 'key' } }],
    ['OAuth2', HttpAuth.oauth2({ tokenUrl: 'https://id.example.com/token', clientId: 'me', clientSecret: secret('cs') }),
      { kind: 'oauth2', tokenUrl: 'https://id.example.com/token', clientId: 'me', clientSecret: { id: 'cs' } }],
    ['OAuth2 with scopes', HttpAuth.oauth2({ tokenUrl: 'https://id.example.com/token', clientId: 'me', clientSecret: secret('cs'), scopes: ['a:b', 'c'] }),
      { kind: 'oauth2', tokenUrl: 'https://id.example.com/token', clientId: 'me', clientSecret: { id: 'cs' }, scopes: ['a:b', 'c'] }],
    ['mutual TLS', HttpAuth.mutualTls(secret('tls', 'cert'), secret('tls', 'key')),
      { kind: 'mutual-tls', certificate: { id: 'tls', field: 'cert' }, privateKey: { id: 'tls', field: 'key' } }],
    ['SigV4', HttpAuth.sigV4('execute-api'), { kind: 'sigv4', service: 'execute-api' }],
    ['SigV4 in a Region', HttpAuth.sigV4('lambda', 'eu-central-1'), { kind: 'sigv4', service: 'lambda', region: 'eu-central-1' }],
  ])('%s is in the sender\'s settings, by the secret\'s name', (_, auth, expected) => {
    expect(settings({ auth }).auth).toEqual(expected);
  });

  test('the delivery function may read its secrets, and decrypt them', () => {
    const stack = new Stack(new App(), 'Own');
    const password = WebhookSecret.fromSecretsManager(new Secret(stack, 'Password', { encryptionKey: new Key(stack, 'Key') }));
    const billing = WebhookTarget.http(URL, { auth: HttpAuth.basic('me', password), signingSecret: secret('sign') });
    new WebhookGateway(stack, 'Hooks', { ...valid(), targets: { billing } });
    const allowed = statements(Template.fromStack(stack), 'HooksTargetsbillingRole');
    expect((allowed['secretsmanager:GetSecretValue'] as { Resource: unknown[] }).Resource).toHaveLength(2);
    expect(allowed).toHaveProperty('kms:Decrypt');
  });

  test('a user name that only the deployment knows is a value', () => {
    const auth = HttpAuth.basic(`user-${Aws.ACCOUNT_ID}`, secret('pw'));
    expect(settings({ auth }).auth).toMatchObject({ username: { $value: expect.any(Number) } });
  });

  test.each<[string, () => HttpAuth, string]>([
    ['a user name has a colon', () => HttpAuth.basic('a:b', secret('pw')), 'username "a:b" is not allowed'],
    ['a user name is empty', () => HttpAuth.basic('', secret('pw')), 'username "" is not allowed'],
    ['a user name breaks the line', () => HttpAuth.basic('a\nb', secret('pw')), 'username "a\\nb" is not allowed'],
    ['a key\'s header is one of the connection', () => HttpAuth.apiKey('Host', secret('key')), 'header of an API key "Host" is not allowed: the HTTP client sets it'],
    ['a key\'s header is no header', () => HttpAuth.apiKey('x key', secret('key')), 'header of an API key "x key" is not a header name'],
    ['a token URL is none', () => HttpAuth.oauth2({ tokenUrl: '/token', clientId: 'me', clientSecret: secret('cs') }), '"/token" is not an absolute URL'],
    ['a client id is empty', () => HttpAuth.oauth2({ tokenUrl: URL, clientId: '', clientSecret: secret('cs') }), 'clientId "" is empty'],
    ['a scope has a space', () => HttpAuth.oauth2({ tokenUrl: URL, clientId: 'me', clientSecret: secret('cs'), scopes: ['a', 'b c'] }), 'scope "b c" is not allowed'],
    ['a service is none', () => HttpAuth.sigV4('Execute API'), 'service "Execute API" is not a signing name'],
    ['a Region is empty', () => HttpAuth.sigV4('lambda', ''), 'region "" is not a Region: write e.g. "eu-west-1", or leave it out'],
    ['a Region is none', () => HttpAuth.sigV4('lambda', 'x y'), 'region "x y" is not a Region'],
    ['a token URL is no http, though a part is known only at deployment', () => HttpAuth.oauth2({ tokenUrl: `ftp://${Aws.REGION}.example.com`, clientId: 'me', clientSecret: secret('cs') }), 'has the scheme "ftp:"'],
    ['a secret is none', () => HttpAuth.bearer(undefined as never), 'the token is not one of WebhookSecret: make it with a function of that class'],
    ['a secret is generated', () => HttpAuth.bearer(WebhookSecret.generate()), 'the token must be a secret that the target knows already'],
    ['a key is generated', () => HttpAuth.mutualTls(secret('cert'), WebhookSecret.generate()), 'the privateKey must be a secret that the target knows already'],
  ])('fails when %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  const fetching = (tokenUrl: string): HttpTargetOptions => ({ auth: HttpAuth.oauth2({ tokenUrl, clientId: 'me', clientSecret: secret('cs') }) });

  test.each([
    ['http://id.example.com/token', 'tokenUrl of target "billing": "http://id.example.com/token" is not https'],
    [`http://${Aws.REGION}.example.com/token`, 'tokenUrl of target "billing": "http://<token>.example.com/token" is not https'],
    ['https://169.254.169.254/token', 'tokenUrl of target "billing": "https://169.254.169.254/token" has an address that is not public'],
    ['https://me:s3cret@id.example.com/token', 'has a user name or password before the host'],
  ])('fails when tokens come from %s', (tokenUrl, message) => {
    expect(add(fetching(tokenUrl))).toThrow(message);
  });

  test('a local run may fetch tokens from this machine', () => {
    expect(settings(fetching('http://127.0.0.1:8080/token'), { 'cdk-webhooks:local': true }).auth).toMatchObject({ tokenUrl: 'http://127.0.0.1:8080/token' });
  });
});

describe('headers', () => {
  test('are sent as they are, by lower-case name', () => {
    expect(settings({ headers: { 'X-Tenant': 'a b', 'content-type': 'application/json' } }).headers).toEqual({ 'x-tenant': 'a b', 'content-type': 'application/json' });
  });

  test('that go on are known to the sender and to the ingest function', () => {
    const stack = stackWith({ forwardHeaders: ['X-GitHub-Hook-Id', 'traceparent'] });
    const names = ['x-github-hook-id', 'traceparent'];
    expect(deliverConfig(stack, 'billing').config.settings.forwardHeaders).toEqual(names);
    expect(ingestConfig(stack).config.targets.billing?.forwardHeaders).toEqual(names);
    expect(ingestConfig(stackWith({ forwardHeaders: [] })).config.targets.billing).not.toHaveProperty('forwardHeaders');
  });

  test('of the signature may have other names, and keep those that are left out', () => {
    expect(settings({ signatureHeaders: { id: 'Svix-Id', signature: 'svix-signature' } }).signatureHeaders)
      .toEqual({ id: 'svix-id', timestamp: 'webhook-timestamp', signature: 'svix-signature' });
  });

  const REFUSED: [name: string, reason: string][] = [
    ...['Connection', 'Keep-Alive', 'Proxy-Connection', 'TE', 'Trailer', 'Transfer-Encoding', 'Upgrade', 'Host', 'Content-Length', 'Expect']
      .map((name): [string, string] => [name, 'the HTTP client sets it for each connection']),
    ...['Authorization', 'Proxy-Authorization', 'Cookie'].map((name): [string, string] => [name, 'it carries credentials']),
    ...['webhook-id', 'Webhook-Signature', 'webhook-delivery'].map((name): [string, string] => [name, 'names that begin with "webhook-"']),
  ];

  test.each(REFUSED)('row 69: fails when a header is %s', (name, reason) => {
    expect(add({ headers: { [name]: 'x' } })).toThrow(`headers of target "billing": ${JSON.stringify(name)} is not allowed: ${reason}`);
    expect(add({ forwardHeaders: [name] })).toThrow(`forwardHeaders of target "billing": ${JSON.stringify(name)} is not allowed: ${reason}`);
  });

  test('fails when a header is "*", which stands for no others', () => {
    expect(add({ forwardHeaders: ['*'] })).toThrow('forwardHeaders of target "billing": "*" is not allowed: "*" stands for no other names: name each header');
  });

  test.each(['x y', '', 'x:', 'x\r\ny', 'ä'])('fails when a header is %j', (name) => {
    expect(add({ headers: { [name]: 'x' } })).toThrow(`headers of target "billing": ${JSON.stringify(name)} is not a header name`);
    expect(add({ forwardHeaders: [name] })).toThrow('is not a header name');
    expect(add({ signatureHeaders: { id: name } })).toThrow('signatureHeaders of target "billing":');
  });

  test.each(['a\r\nhost: evil', 'a\0', 's3cret ä', ''])('row 69: fails when a value is %j, and does not repeat it', (value) => {
    expect(add({ headers: { 'X-Tenant': value } })).toThrow('headers of target "billing": the value of "X-Tenant" is not allowed: use one or more printable ASCII characters');
    expect(add({ headers: { 'X-Tenant': value } })).not.toThrow('s3cret');
  });

  test('fails when a value is longer than servers take, and does not repeat it', () => {
    expect(add({ headers: { 'X-Tenant': 'x'.repeat(8193) } })).toThrow('headers of target "billing": the value of "X-Tenant" has 8193 characters, and servers take 8192 at most');
    expect(add({ headers: { 'X-Tenant': 'x'.repeat(8192) } })).not.toThrow();
  });

  test('fails when only the deployment knows a name', () => {
    expect(add({ headers: { [Aws.REGION]: 'x' } })).toThrow('headers of target "billing": is known only at deployment, but a function\'s file needs it at synth: give a plain name');
    expect(add({ forwardHeaders: [Aws.REGION] })).toThrow('forwardHeaders of target "billing": is known only at deployment');
  });

  test('a value that only the deployment knows is let through', () => {
    expect(settings({ headers: { 'x-account': Aws.ACCOUNT_ID } }).headers).toEqual({ 'x-account': { $value: expect.any(Number) } });
  });

  test.each<[string, HttpTargetOptions, string]>([
    ['two headers differ in case only', { headers: { 'X-A': '1', 'x-a': '2' } }, '"x-a"'],
    ['a header is fixed and goes on', { headers: { 'X-A': '1' }, forwardHeaders: ['x-a'] }, '"x-a"'],
    ['a header goes on twice', { forwardHeaders: ['x-a', 'X-A'] }, '"x-a"'],
    ['a header is the key\'s', { headers: { 'X-Api-Key': '1' }, auth: HttpAuth.apiKey('x-api-key', secret('key')) }, '"x-api-key"'],
    ['a header is one of the signature', { headers: { 'X-Id': '1' }, signatureHeaders: { id: 'x-id' } }, '"x-id"'],
    ['two headers of the signature are one', { signatureHeaders: { id: 'x-id', signature: 'x-id' } }, '"x-id"'],
    ['the id is where the timestamp is', { signatureHeaders: { id: 'webhook-timestamp' } }, '"webhook-timestamp"'],
    ['the key is where the signature is', { signatureHeaders: { signature: 'x-key' }, auth: HttpAuth.apiKey('X-Key', secret('key')) }, '"x-key"'],
  ])('fails when %s', (_, options, name) => {
    expect(add(options)).toThrow(`${name} is set twice`);
  });
});

describe('statuses that no retry changes', () => {
  test('are the target\'s own, in order and once', () => {
    expect(deliverConfig(stackWith({ permanentStatusCodes: [422, 400, 422] }), 'billing').config.permanentStatusCodes).toEqual([400, 422]);
    expect(deliverConfig(stackWith({ permanentStatusCodes: [] }), 'billing').config.permanentStatusCodes).toEqual([]);
    expect(deliverConfig(stackWith({}), 'billing').config).not.toHaveProperty('permanentStatusCodes');
  });

  test.each([399, 600, 200, 302, 404.5, NaN, Lazy.number({ produce: () => 404 })])('fails when one is %d', (status) => {
    expect(add({ permanentStatusCodes: [404, status] })).toThrow('permanentStatusCodes of target "billing" must be statuses from 400 to 599, got');
  });
});

describe('private networks', () => {
  const networks = ['10.0.0.0/8', '10.1.0.0/16', '172.16.0.0/12', '192.168.1.1/32', '100.64.0.0/10', '198.19.0.0/16', 'fc00:1::/32', 'FD12:3456:0::/48'];

  test('are known to the sender', () => {
    expect(settings({ allowedPrivateCidrs: networks }).allowedPrivateCidrs).toEqual(networks);
  });

  test('of a local run are this machine\'s too', () => {
    const local = { 'cdk-webhooks:local': true };
    expect(settings({}, local).allowedPrivateCidrs).toEqual(['127.0.0.0/8', '::1/128']);
    expect(settings({ allowedPrivateCidrs: ['10.0.0.0/8'] }, local).allowedPrivateCidrs).toEqual(['10.0.0.0/8', '127.0.0.0/8', '::1/128']);
  });

  test('a deployed function never gets leave to reach this machine', () => {
    expect(settings({})).not.toHaveProperty('allowedPrivateCidrs');
  });

  test.each([
    ['10.0.0.0', 'is not a network'], ['10.0.0/8', 'is not a network'], ['10.0.0.0/33', 'is not a network'], ['10.0.0.1/8', 'is not a network'],
    ['010.0.0.0/8', 'is not a network'], ['10.0.0.256/32', 'is not a network'], ['fd00::1/64', 'is not a network'], ['fd00::/129', 'is not a network'],
    ['fd00:::/16', 'is not a network'], ['fe80::%eth0/64', 'is not a network'], ['', 'is not a network'], ['/8', 'is not a network'],
    ['0.0.0.0/0', 'is not allowed: a network lies inside one of 10.0.0.0/8'], ['8.8.8.0/24', 'is not allowed'], ['10.0.0.0/7', 'is not allowed'],
    ['172.0.0.0/8', 'is not allowed'], ['::/0', 'is not allowed'], ['2606:4700::/32', 'is not allowed'], ['fc00::/6', 'is not allowed'],
    ['127.0.0.0/8', 'are the function\'s own'], ['127.0.0.1/32', 'are the function\'s own'], ['::1/128', 'are the function\'s own'],
    ['169.254.0.0/16', 'are the function\'s own'], ['169.254.169.254/32', 'is not allowed'], ['fe80::/10', 'is not allowed'],
    ['::ffff:10.0.0.0/104', 'is not allowed'], ['168.63.129.16/32', 'is not allowed'], ['224.0.0.0/4', 'is not allowed'],
    ['fd00:ec2::/32', 'the instance metadata service is in fd00:ec2::/32'], ['fd00:ec2::254/128', 'the instance metadata service'],
    ['fc00::/7', 'the instance metadata service'],
  ])('fails when one is %j', (cidr, message) => {
    expect(add({ allowedPrivateCidrs: ['10.0.0.0/8', cidr] })).toThrow(`allowedPrivateCidrs of target "billing": ${JSON.stringify(cidr)}`);
    expect(add({ allowedPrivateCidrs: ['10.0.0.0/8', cidr] })).toThrow(message);
  });

  test('fails when only the deployment knows one', () => {
    expect(add({ allowedPrivateCidrs: [Aws.ACCOUNT_ID] })).toThrow('allowedPrivateCidrs of target "billing": has a network that only the deployment knows');
  });

  test('without a VPC are a warning, because nothing leads there', () => {
    const stack = stackWith({ allowedPrivateCidrs: ['10.0.0.0/8'] });
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('target "billing" may be in 10.0.0.0/8, which a function outside of a VPC cannot reach'));
  });
});
