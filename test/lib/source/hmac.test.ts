import { Aws, Duration, Lazy } from 'aws-cdk-lib';
import {
  HmacAlgorithm, HmacSourceOptions, KeyEncoding, RequestField, SignatureEncoding, SignatureHeader, TimestampFormat, WebhookSecret, WebhookSource,
} from '../../../lib';
import { HmacScheme } from '../../../lib/contract/scheme';
import { SCHEMES } from '../../../lib/contract/schemes';
import { ingestConfig, valid, webhookStack } from '../fixture';

const plain: HmacSourceOptions = { secret: WebhookSecret.fromSecretName('webhooks/any'), signature: SignatureHeader.plain('X-Signature') };
const stamped: HmacSourceOptions = { ...plain, signedContent: '{ts}.{body}', timestamp: RequestField.header('X-Timestamp') };

const hmac = (options: Partial<HmacSourceOptions>, base = plain) => () => WebhookSource.hmac({ ...base, ...options });
const scheme = (options: Partial<HmacSourceOptions>, base = plain): HmacScheme => {
  const stack = webhookStack({ ...valid(), sources: { any: hmac(options, base)() } });
  return ingestConfig(stack).config.sources.any?.verifications[0]?.scheme as HmacScheme;
};

test('is SHA-256 over the body in hex with the secret\'s own bytes, if nothing else is said', () => {
  expect(scheme({})).toEqual({
    name: 'hmac', kind: 'hmac', hash: 'sha256', key: 'utf8', encoding: 'hex', signed: '{body}', signature: { header: 'x-signature', format: 'plain' },
  });
});

test('takes every part of a scheme', () => {
  expect(scheme({
    algorithm: HmacAlgorithm.SHA512,
    signatureEncoding: SignatureEncoding.BASE64URL,
    keyEncoding: KeyEncoding.HEX,
    signature: SignatureHeader.list('X-Signatures', { prefix: 'v2=', separator: ';' }),
    signedContent: 'v2:{h:X-Id}:{ts}:{body}',
    timestamp: RequestField.header('X-Timestamp'),
    timestampFormat: TimestampFormat.ISO_8601,
    tolerance: Duration.minutes(1),
    requiredHeaders: { 'X-Version': '2' },
    eventId: RequestField.header('X-Id'),
    eventType: RequestField.jsonPath('$.event.type'),
  })).toEqual({
    name: 'hmac',
    kind: 'hmac',
    hash: 'sha512',
    key: 'hex',
    encoding: 'base64url',
    signed: 'v2:{h:x-id}:{ts}:{body}',
    signature: { header: 'x-signatures', format: 'list', prefix: 'v2=', separator: ';' },
    timestamp: { from: { header: 'x-timestamp' }, unit: 'iso', toleranceSeconds: 60 },
    requiredHeaders: { 'x-version': '2' },
    id: [{ header: 'x-id' }],
    type: [{ json: '$.event.type' }],
  });
});

test.each([
  ['github', { signature: SignatureHeader.plain('X-Hub-Signature-256', { prefix: 'sha256=' }) }],
  ['stripe', {
    signature: SignatureHeader.keyValue('Stripe-Signature', { name: 'v1' }), signedContent: '{ts}.{body}', timestamp: RequestField.signatureParameter('t'),
  }],
  ['standard-webhooks', {
    signature: SignatureHeader.list('Webhook-Signature', { prefix: 'v1,' }),
    signatureEncoding: SignatureEncoding.BASE64,
    keyEncoding: KeyEncoding.WHSEC,
    signedContent: '{h:webhook-id}.{ts}.{body}',
    timestamp: RequestField.header('Webhook-Timestamp'),
  }],
] as const)('can say what %s is', (name, options) => {
  const { id: _id, type: _type, volatile: _volatile, ...rest } = SCHEMES[name] as HmacScheme;
  expect(scheme(options)).toEqual({ ...rest, name: 'hmac' });
});

test('a timestamp has five minutes if nothing else is said', () => {
  expect(scheme({}, stamped).timestamp).toEqual({ from: { header: 'x-timestamp' }, unit: 's', toleranceSeconds: 300 });
});

test('a timestamp counts as signed when its header is', () => {
  expect(hmac({ signedContent: '{h:x-timestamp}{body}' }, stamped)).not.toThrow();
});

test.each([
  ['the query', { timestamp: RequestField.queryParameter('t') }, stamped, { query: 't' }],
  ['the body', { timestamp: RequestField.jsonPath('$.time') }, plain, { json: '$.time' }],
])('a timestamp may be in %s', (_, options, base, from) => {
  expect(scheme(options, base).timestamp?.from).toEqual(from);
});

test.each([
  ['an unknown placeholder', { signedContent: '{id}.{body}' }, plain, 'signedContent "{id}.{body}" has the unknown placeholder "{id}": use {body}, {ts}, {method}, {url} or {h:name}'],
  ['a header that cannot be one', { signedContent: '{h:x y}{body}' }, plain, 'the header in signedContent "x y" is not a header name'],
  ['no body', { signedContent: '{ts}' }, stamped, 'signedContent "{ts}" leaves out {body}'],
  ['{ts} and no timestamp', { signedContent: '{ts}.{body}' }, plain, 'signedContent has {ts}, but nothing says where the timestamp is: set timestamp'],
  ['a timestamp that is not signed', { signedContent: '{body}' }, stamped, 'signedContent "{body}" leaves out the timestamp, so that anybody could change it'],
  ['{ts} that is in the body', { timestamp: RequestField.jsonPath('$.time') }, stamped, 'timestamp {"json":"$.time"} is in the body'],
  ['{ts} that is in a form', { timestamp: RequestField.formField('time') }, stamped, 'timestamp {"form":"time"} is in the body'],
  ['a timestamp in the query that is not signed', { timestamp: RequestField.queryParameter('t') }, plain, 'leaves out the timestamp'],
  ['a timestamp in a header that has no parts', { timestamp: RequestField.signatureParameter('t') }, stamped,
    'timestamp is the signature parameter "t", but a plain signature header has none: use SignatureHeader.keyValue()'],
  ['an event id in a header that has no parts', { eventId: RequestField.signatureParameter('i') }, plain, 'eventId is the signature parameter "i"'],
  ['a tolerance and no timestamp', { tolerance: Duration.minutes(1) }, plain, 'tolerance and timestampFormat mean nothing without a timestamp'],
  ['a format and no timestamp', { timestampFormat: TimestampFormat.MILLISECONDS }, plain, 'tolerance and timestampFormat mean nothing without a timestamp'],
  ['a tolerance of two days', { tolerance: Duration.days(2) }, stamped, 'tolerance must be whole seconds from 1 second to 1 day, got 2 days'],
  ['a required header that cannot be one', { requiredHeaders: { 'x:y': '1' } }, plain, 'the header in requiredHeaders "x:y" is not a header name'],
  ['a required header without a value', { requiredHeaders: { 'X-A': '' } }, plain, 'requiredHeaders has "" for "X-A", and no header with a value is that'],
  ['an algorithm that there is not', { algorithm: 'md5' as HmacAlgorithm }, plain, 'algorithm "md5" is not allowed: use one of "sha1", "sha256", "sha384", "sha512"'],
  ['no secret', { secret: undefined as never }, plain, 'the secret of a hmac source is not one of WebhookSecret: make it with a function of that class'],
  ['a header that only the deployment knows', { requiredHeaders: { [Aws.REGION]: 'x' } }, plain, 'the header in requiredHeaders is known only at deployment'],
  ['a generated secret as hex', { keyEncoding: KeyEncoding.HEX, secret: WebhookSecret.generate() }, plain, 'a generated secret is 32 letters and digits'],
])('fails when it has %s', (_, options, base, message) => {
  expect(hmac(options, base)).toThrow(message);
});

test('content that only the deployment knows is let through', () => {
  expect(hmac({ signedContent: Lazy.string({ produce: () => '{nonsense}' }) }, stamped)).not.toThrow();
});

test.each([
  ['plain', () => SignatureHeader.plain('x signature')],
  ['keyValue', () => SignatureHeader.keyValue('', { name: 'v1' })],
  ['list', () => SignatureHeader.list('x-signature:', { prefix: 'v1,' })],
])('fails when the header of a %s signature cannot be one', (_, make) => {
  expect(make).toThrow(/^signature header ".*" is not a header name/);
});

test.each([
  ['a signature parameter', () => SignatureHeader.keyValue('x', { name: '' })],
  ['a separator', () => SignatureHeader.keyValue('x', { name: 'v1', separator: '' })],
  ['a separator of a list', () => SignatureHeader.list('x', { prefix: 'v1,', separator: '' })],
  ['a form field', () => RequestField.formField('')],
  ['a query parameter', () => RequestField.queryParameter('')],
  ['a named part', () => RequestField.signatureParameter('')],
])('fails when %s is empty', (_, make) => {
  expect(make).toThrow('"" is empty');
});

test.each(['', '$', '$.', 'data.id', '$.data..id', '$.data.id.', '$.data id', '$[]', '$[-1]', '$.data[*].id', "$['']", '$["a"]'])('fails when the path is %j', (path) => {
  expect(() => RequestField.jsonPath(path)).toThrow(`${JSON.stringify(path)} is not a path: write "$" and the way from there`);
});

test.each(['$.id', '$.data.event_type', '$.event-data.id', '$[0].id', "$['a.b c'].id"])('takes the path %j', (path) => {
  expect(scheme({ eventId: RequestField.jsonPath(path) }).id).toEqual([{ json: path }]);
});

test('takes a form field and a query parameter', () => {
  expect(scheme({ eventId: RequestField.formField('id'), eventType: RequestField.queryParameter('type') })).toMatchObject({ id: [{ form: 'id' }], type: [{ query: 'type' }] });
});
