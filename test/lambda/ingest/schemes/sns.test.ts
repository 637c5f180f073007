import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import * as sns from '../../../../lambda/ingest/schemes/sns';
import { repeatsName } from '../../../../lambda/ingest/schemes/shared/json';
import { context, keyHost, outcome, schemeRequest } from './support.jwt';

const NOW = 1_767_323_045_000;
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:Orders';
const CERTIFICATE = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem';
const CONFIRM = `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=2336412f37`;

const amazon = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = amazon.publicKey.export({ type: 'spki', format: 'pem' }).toString();

const NOTIFICATION = {
  Type: 'Notification', MessageId: '22b80b92-fdea', TopicArn: TOPIC, Subject: 'Hello', Message: 'several\nlines: {"a":1}',
  Timestamp: '2026-01-02T03:04:05.000Z', SignatureVersion: '2', SigningCertURL: CERTIFICATE, UnsubscribeURL: 'https://sns.eu-west-1.amazonaws.com/',
};
const { Subject: _subject, UnsubscribeURL: _unsubscribe, ...rest } = NOTIFICATION;
const CONFIRMATION = { ...rest, Type: 'SubscriptionConfirmation', Token: '2336412f37', SubscribeURL: CONFIRM };

interface Message { readonly [name: string]: unknown }

/** As SNS signs: the documented fields, of what the message is at that moment. */
function signed(message: Message, { privateKey } = amazon): Message {
  const names = message['Type'] === 'Notification'
    ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
    : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const text = names.filter((name) => name in message).map((name) => `${name}\n${message[name]}\n`).join('');
  return { ...message, Signature: sign(message['SignatureVersion'] === '1' ? 'sha1' : 'sha256', Buffer.from(text), privateKey).toString('base64') };
}

function topic(answer: (url: string) => string = (url) => url === CERTIFICATE ? pem : '<ConfirmSubscriptionResponse/>') {
  const host = keyHost(answer);
  const verifier = sns.createVerifier(context('aws-sns', { topicArns: ['arn:aws:sns:eu-west-1:123456789012:Other', TOPIC] }, host.fetch));
  const request = (body: Message | string) => schemeRequest({ headers: {}, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) });
  return { asked: host.asked, judge: (body: Message | string, now = NOW) => outcome(verifier, request(body), [], now), verifier, request };
}

test.each(['1', '2'])('takes notifications of signature version %s, with and without a subject, and asks for the certificate once', async (version) => {
  const { judge, asked } = topic();
  expect(await judge(signed({ ...NOTIFICATION, SignatureVersion: version }))).toBe('valid');
  expect(await judge(signed({ ...NOTIFICATION, SignatureVersion: version, Subject: 'Other' }))).toBe('valid');
  expect(await judge(signed({ ...rest, SignatureVersion: version }))).toBe('valid');
  expect(asked).toEqual([CERTIFICATE]);
});

test('confirms a subscription and calls it a handshake', async () => {
  const { verifier, request, asked } = topic();
  expect(await verifier.verify(request(signed(CONFIRMATION)), [], NOW)).toEqual({ valid: true, handshake: true });
  expect(asked).toEqual([CERTIFICATE, CONFIRM]);
});

test('a confirmation that SNS does not take is asked for again', async () => {
  const { judge } = topic((url) => {
    if (url === CERTIFICATE) return pem;
    throw new Error('500');
  });
  expect(await judge(signed(CONFIRMATION))).toBe('Error');
});

test('the end of a subscription is an event', async () => {
  const { verifier, request, asked } = topic();
  expect(await verifier.verify(request(signed({ ...CONFIRMATION, Type: 'UnsubscribeConfirmation' })), [], NOW)).toEqual({ valid: true });
  expect(asked).toEqual([CERTIFICATE]);
});

test.each([
  'https://evil.example/?Action=ConfirmSubscription&Token=1',
  'http://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=1',
  'https://sns.s3-us-west-2.amazonaws.com/?Action=ConfirmSubscription&Token=1',
  'https://sns.eu-west-1.amazonaws.com/?Action=Publish&Token=1',
  'https://sns.eu-west-1.amazonaws.com:444/?Action=ConfirmSubscription&Token=1',
  'https://sns.eu-west-1.amazonaws.com@evil.example/?Action=ConfirmSubscription&Token=1',
  'https://sns.eu-west-1.amazonaws.com.evil.example/?Action=ConfirmSubscription&Token=1',
])('no other place is confirmed at, also where SNS signed it: %s', async (url) => {
  const { judge, asked } = topic();
  expect(await judge(signed({ ...CONFIRMATION, SubscribeURL: url }))).toBe('signature');
  expect(asked).toEqual([CERTIFICATE]);
});

test.each([
  'http://sns.eu-west-1.amazonaws.com/a.pem', 'https://sns.eu-west-1.amazonaws.com.evil.example/a.pem', 'https://evil.example/sns.eu-west-1.amazonaws.com/a.pem',
  'https://evil.sns.eu-west-1.amazonaws.com/a.pem', 'https://sns.eu-west-1.amazonaws.com:444/a.pem', 'https://user@sns.eu-west-1.amazonaws.com/a.pem',
  'https://sns.eu-west-1.amazonaws.com/a.pem?x', 'https://sns.eu-west-1.amazonaws.com/a.pem#.pem', 'https://sns.eu-west-1.amazonaws.com/bucket/a.pem',
  'https://sns.eu-west-1.amazonaws.com/a.crt', 'https://sns.s3.amazonaws.com/a/b.pem', 'https://sns.s3-us-west-2.amazonaws.com/a.pem',
  'https://sns.s3-website-us-east-1.amazonaws.com/a.pem', 'https://sns.s3-external-1.amazonaws.com/a.pem', 'https://sns.console.amazonaws.com/a.pem',
  'https://sns.eu-west-1.amazonaws.com/../a.pem', `${CERTIFICATE}\n`, '', 'SNS',
])('no certificate is fetched from %j', async (url) => {
  const { judge, asked } = topic(() => other.publicKey.export({ type: 'spki', format: 'pem' }).toString());
  expect(await judge(signed({ ...NOTIFICATION, SigningCertURL: url }, other))).toBe('signature');
  expect(asked).toEqual([]);
});

test.each([
  'us-east-1.amazonaws.com', 'us-gov-west-1.amazonaws.com', 'ap-southeast-7.amazonaws.com', 'mx-central-1.amazonaws.com', 'cn-north-1.amazonaws.com.cn',
])('certificates are at the host of the Region: %s', async (host) => {
  const url = `https://sns.${host}/SimpleNotificationService-1.pem`;
  expect(await topic(() => pem).judge(signed({ ...NOTIFICATION, SigningCertURL: url }))).toBe('valid');
});

test('a topic that is not configured is refused before anything is fetched', async () => {
  const { judge, asked } = topic();
  for (const arn of ['arn:aws:sns:eu-west-1:999999999999:Orders', `${TOPIC}2`, '']) expect(await judge(signed({ ...NOTIFICATION, TopicArn: arn }))).toBe('signature');
  expect(asked).toEqual([]);
});

test.each(['Message', 'MessageId', 'Subject', 'Timestamp', 'Type', 'TopicArn'])('%s is signed', async (name) => {
  const right: Message = signed(NOTIFICATION);
  expect(await topic().judge({ ...right, [name]: `${right[name]}x` })).toBe('signature');
  expect(await topic().judge({ ...right, [name]: undefined })).toBe('signature');
  expect(await topic().judge({ ...right, [name]: [right[name]] })).toBe('signature');
});

test.each([
  ['SignatureVersion', '3'], ['SignatureVersion', 2], ['SignatureVersion', ''], ['SignatureVersion', 'toString'], ['SignatureVersion', '1'],
  ['Type', 'constructor'], ['Type', 'UnsubscribeConfirmation'], ['Signature', ''], ['Signature', undefined],
])('%s of %j is refused', async (name, value) => {
  expect(await topic().judge({ ...signed(NOTIFICATION), [name]: value })).toBe('signature');
});

test('another key, or another spelling of the signature, is refused', async () => {
  const right = signed(NOTIFICATION);
  expect(await topic().judge(signed(NOTIFICATION, other))).toBe('signature');
  for (const spelling of [`${right['Signature']} `, `${right['Signature']}=`, String(right['Signature']).replace(/=+$/, '')]) {
    expect(await topic().judge({ ...right, Signature: spelling })).toBe('signature');
  }
});

test('a message cannot be cut up in another way than it was signed', async () => {
  const message = 'real\nMessageId\nforged\nSubject\nx';
  const right = signed({ ...rest, Message: message });
  // The very bytes that were signed, read as if the publisher's lines were fields.
  const forged = { ...right, Message: 'real', MessageId: 'forged', Subject: `x\nMessageId\n${NOTIFICATION.MessageId}` };
  expect(await topic().judge(right)).toBe('valid');
  expect(await topic().judge(forged)).toBe('signature');
});

test('a name that comes twice is refused, whichever of the two was signed', async () => {
  const text = JSON.stringify(signed(NOTIFICATION));
  expect(await topic().judge(text)).toBe('valid');
  expect(await topic().judge(`{"Message":"forged",${text.slice(1)}`)).toBe('signature');
  expect(await topic().judge(`{"M\\u0065ssage":"forged",${text.slice(1)}`)).toBe('signature');
});

test.each([
  ['{}', false], ['{"a":1,"b":1}', false], ['{"a":1,"a":1}', true], ['{"a":1, "\\u0061" :1}', true], ['{"a":{"b":1},"b":[{"b":1,"b":2}]}', false],
  ['{"a":{"b":1,"b":2}}', false],
  ['{"a":"a\\":","b":"\\\\"}', false], ['{"a":"{","b":"}","a":1}', true], ['[{"a":1},{"a":1}]', false], ['{"__proto__":1,"__proto__":2}', true],
])('%s repeats a name: %s', (json, expected) => {
  expect(repeatsName(json)).toBe(expected);
});

test('any flipped bit of a signed value is refused', async () => {
  const { judge } = topic();
  const right: Message = signed(NOTIFICATION);
  const names = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type', 'Signature'];
  await fc.assert(fc.asyncProperty(fc.constantFrom(...names), fc.nat(), async (name, seed) => {
    const bytes = Buffer.from(String(right[name]), 'latin1');
    const bit = seed % (bytes.length * 8);
    bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    expect(await judge({ ...right, [name]: bytes.toString('latin1') })).toBe('signature');
  }), { numRuns: 200 });
});

test('whatever is posted is judged and never thrown at', async () => {
  const { judge, asked } = topic();
  await fc.assert(fc.asyncProperty(fc.oneof(fc.string(), fc.json(), fc.object().map((value) => JSON.stringify(value))), async (body) => {
    expect(await judge(body)).toBe('signature');
  }));
  expect(asked).toEqual([]);
});

test('what SNS serves must be an RSA key', async () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
  for (const answer of ['', '<html>', ec]) expect(await topic(() => answer).judge(signed(NOTIFICATION))).not.toMatch(/valid|signature/);
});

test.each([[undefined], [[]], [['']], ['']])('topicArns of %j are refused when the function starts', (topicArns) => {
  expect(() => sns.createVerifier(context('aws-sns', { topicArns }))).toThrow('the setting "topicArns" of the scheme "aws-sns"');
});
