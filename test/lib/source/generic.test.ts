import { Aws } from 'aws-cdk-lib';
import { Annotations } from 'aws-cdk-lib/assertions';
import { Template } from 'aws-cdk-lib/assertions';
import { JwtAlgorithm, JwtSourceOptions, RequestField, SignatureHeader, WebhookResponse, WebhookSecret, WebhookSource } from '../../../lib';
import type { SourceConfig } from '../../../lib/contract/config';
import { ingestConfig, resource, valid, webhookStack } from '../fixture';

const secret = WebhookSecret.fromSecretName('webhooks/any');
const stackOf = (any: WebhookSource) => webhookStack({ ...valid(), sources: { any } });
const configOf = (any: WebhookSource) => ingestConfig(stackOf(any)).config.sources.any as SourceConfig;
const eventId = RequestField.jsonPath('$.id');
const eventType = RequestField.header('X-Type');
const identity = { id: [{ json: '$.id' }], type: [{ header: 'x-type' }] };

describe('jwt', () => {
  const options: JwtSourceOptions = { issuer: 'https://issuer.example.com/', audience: ['me'], jwksUrl: 'https://issuer.example.com/keys' };

  test('is RS256 in authorization if nothing else is said', () => {
    expect(configOf(WebhookSource.jwt(options))).toEqual({
      verifications: [{ scheme: { name: 'jwt', kind: 'code', module: 'jwt', settings: { ...options, algorithm: 'RS256' } }, previousSecretOverlapSeconds: 0 }],
    });
  });

  test('takes all that it may be told', () => {
    const more = { algorithm: JwtAlgorithm.ES256, requiredClaims: { scope: 'hooks' }, header: 'X-Token' };
    expect(configOf(WebhookSource.jwt({ ...options, ...more, eventId, eventType })).verifications[0]?.scheme).toEqual({
      name: 'jwt', kind: 'code', module: 'jwt', settings: { ...options, ...more, header: 'x-token' }, ...identity,
    });
  });

  test.each([
    ['no issuer', { issuer: '' }, 'issuer "" is empty'],
    ['no audience', { audience: [] }, 'audience is empty'],
    ['an audience that nobody is', { audience: ['me', ''] }, 'audience has "", which no token is made for'],
    ['keys that are no URL', { jwksUrl: 'keys' }, 'jwksUrl "keys" is not an https URL'],
    ['keys from this machine', { jwksUrl: 'https://localhost/keys' }, 'jwksUrl "https://localhost/keys" has a host without a dot, and keys come from public hosts only: name one'],
    ['keys from a private network', { jwksUrl: 'https://10.0.0.1/keys' }, 'jwksUrl "https://10.0.0.1/keys" has an address that is not public, and keys come from public hosts only'],
    ['keys behind a password', { jwksUrl: 'https://me:s3cret@issuer.example.com/keys' }, 'the URL of host "issuer.example.com" has a user name or password'],
    ['keys over http, from where only the deployment knows', { jwksUrl: `http://${Aws.REGION}.example.com/keys` }, 'is not an https URL'],
    ['tokens in cookies', { header: 'Cookie' }, 'header "Cookie" is not allowed, for API Gateway takes cookies out of the headers: name another'],
    ['an algorithm that there is not', { algorithm: 'md5' as JwtAlgorithm }, 'algorithm "md5" is not allowed: use one of "RS256", "RS384"'],
    ['keys over http', { jwksUrl: 'http://issuer.example.com/keys' }, 'jwksUrl "http://issuer.example.com/keys" is not an https URL'],
  ])('fails with %s', (_, change, message) => {
    expect(() => WebhookSource.jwt({ ...options, ...change })).toThrow(message);
  });
});

test('basicAuth has its name in the file and its password as a secret', () => {
  expect(configOf(WebhookSource.basicAuth({ username: 'me', password: secret, eventId, eventType }))).toEqual({
    verifications: [{ scheme: { name: 'basic', kind: 'basic', ...identity }, username: 'me', secret: { id: 'webhooks/any' }, previousSecretOverlapSeconds: 86_400 }],
  });
});

describe('apiKey', () => {
  test.each([
    ['x-api-key', undefined, { header: 'x-api-key' }],
    ['another header', RequestField.header('X-Key'), { header: 'x-key' }],
    ['a query parameter', RequestField.queryParameter('key'), { query: 'key' }],
  ])('is in %s', (_, location, token) => {
    expect(configOf(WebhookSource.apiKey({ key: secret, location, eventId, eventType }))).toEqual({
      verifications: [{ scheme: { name: 'api-key', kind: 'token', token, ...identity }, secret: { id: 'webhooks/any' }, previousSecretOverlapSeconds: 86_400 }],
    });
  });

  test('fails when it is in the body', () => {
    expect(() => WebhookSource.apiKey({ key: secret, location: RequestField.jsonPath('$.key') })).toThrow('location {"json":"$.key"} is not allowed');
  });

  test('fails when the id is in a signature that is not there', () => {
    expect(() => WebhookSource.apiKey({ key: secret, eventId: RequestField.signatureParameter('t') })).toThrow('eventId is the signature parameter "t"');
  });
});

test('hmac signs the URL where it says so', () => {
  const source = WebhookSource.hmac({
    secret, signature: SignatureHeader.plain('X-Signature'), signedContent: '{method}{url}{body}', publicUrl: 'https://a.example.com/in',
  });
  expect(configOf(source)).toMatchObject({ publicUrl: 'https://a.example.com/in', verifications: [{ scheme: { signed: '{method}{url}{body}' } }] });
});

describe('anyOf', () => {
  const github = (of = secret) => WebhookSource.github({ secret: of });

  test('tries its parts in turn, and grants all their secrets', () => {
    const other = WebhookSecret.fromSecretName('webhooks/other');
    const stack = stackOf(WebhookSource.anyOf([WebhookSource.gitlabSigning({ secret }), WebhookSource.gitlabToken({ secret: other })], { path: '/in' }));
    const { config } = ingestConfig(stack);
    expect(config.sources.any).toMatchObject({
      path: '/in',
      verifications: [{ scheme: { name: 'gitlab-signing' }, secret: { id: 'webhooks/any' } }, { scheme: { name: 'gitlab-token' }, secret: { id: 'webhooks/other' } }],
    });
    const policy = JSON.stringify(resource(Template.fromStack(stack), 'AWS::IAM::Policy', 'GatewayIngest').properties);
    expect(policy).toContain('webhooks/any-??????');
    expect(policy).toContain('webhooks/other-??????');
  });

  test('may have a generated secret for each, and an output for each', () => {
    const source = WebhookSource.anyOf([github(WebhookSecret.generate()), github(WebhookSecret.generate())]);
    expect(Object.keys(Template.fromStack(stackOf(source)).findOutputs('*')).filter((name) => name.startsWith('Any')))
      .toEqual(['AnyUrl', 'AnySecretArn', 'AnySecret2Arn']);
  });

  test.each([
    ['one source', () => WebhookSource.anyOf([github()]), 'anyOf got 1 sources: give two or more'],
    ['an open door', () => WebhookSource.anyOf([github(), WebhookSource.unverified({ reason: 'a' })]), 'would let everybody in'],
    ['one that pairs', () => WebhookSource.anyOf([github(), WebhookSource.notion({ secret })]), 'anyOf cannot hold a notion source'],
    ['a part with a path', () => WebhookSource.anyOf([github(), WebhookSource.github({ secret, path: '/a' })]), 'anyOf got a source with path of its own'],
    ['two public URLs', () => WebhookSource.anyOf(['a', 'b'].map((host) => WebhookSource.square({ secret, publicUrl: `https://${host}.example.com` }))),
      'anyOf got the public URLs "https://a.example.com" and "https://b.example.com": a source has one'],
  ])('fails with %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('unverified', () => {
  test('is open, and every synth warns of it', () => {
    const stack = stackOf(WebhookSource.unverified({ reason: 'a sensor that can sign nothing', eventId, eventType }));
    expect(ingestConfig(stack).config.sources.any).toEqual({
      verifications: [{ scheme: { name: 'unverified', kind: 'open', ...identity }, previousSecretOverlapSeconds: 0 }],
    });
    const [warning] = Annotations.fromStack(stack).findWarning('*', 'anybody who knows the URL of source "any" can post events: '
      + 'a sensor that can sign nothing [ack: cdk-webhooks:unverified-source]');
    expect(warning?.id).toBe('/Webhooks/Gateway/Sources/any');
  });

  test.each(['', '  '])('fails when the reason is %j', (reason) => {
    expect(() => WebhookSource.unverified({ reason })).toThrow('is empty: say why anybody may post here');
  });
});

describe('response', () => {
  const github = (response: WebhookResponse) => stackOf(WebhookSource.github({ secret, response }));

  test.each([
    [{}, { status: 200 }],
    [{ statusCode: 202 }, { status: 202 }],
    [{ body: 'ok' }, { status: 200, contentType: 'text/plain', body: 'ok' }],
    [{ body: '{}', contentType: 'application/json; charset=utf-8' }, { status: 200, contentType: 'application/json; charset=utf-8', body: '{}' }],
  ])('%j is answered', (response, acknowledgement) => {
    expect(ingestConfig(github(response)).config.sources.any?.response).toEqual(acknowledgement);
  });

  test.each([
    [{ statusCode: 199 }, 'response.statusCode must be a whole number from 200 to 299, got 199'],
    [{ statusCode: 300 }, 'got 300'],
    [{ statusCode: 200.5 }, 'got 200.5'],
    [{ statusCode: 204, body: 'ok' }, 'response.statusCode 204 allows no body'],
    [{ contentType: 'text/html' }, 'response.contentType "text/html" describes no body'],
    [{ body: 'ok', contentType: 'a\r\nb: c' }, 'is not a media type'],
  ])('fails when it is %j', (response, message) => {
    expect(() => github(response)).toThrow(message);
  });
});
