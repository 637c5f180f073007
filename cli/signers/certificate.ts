import { randomUUID, sign } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { jsonBody, withHeaders, withJson } from './hmac';
import type { Signer } from './signer';

/** The fields of a message that are signed, in this order: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html */
const SIGNED = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];

export const sns: Signer = (request, { scheme, authority }) => {
  const topics = scheme.settings?.['topicArns'];
  const topic = Array.isArray(topics) ? String(topics[0]) : String(jsonBody(request)['TopicArn']);
  const message: { [name: string]: unknown } = {
    ...jsonBody(request), TopicArn: topic, SignatureVersion: '2',
    SigningCertURL: `https://sns.${topic.split(':')[3]}.amazonaws.com/SimpleNotificationService-local.pem`,
  };
  const text = SIGNED.filter((name) => message[name] !== undefined).map((name) => `${name}\n${String(message[name])}\n`).join('');
  message['Signature'] = sign('sha256', Buffer.from(text), authority().rsaPrivateKey).toString('base64');
  return withHeaders(withJson(request, message), {
    'x-amz-sns-message-type': String(message['Type']), 'x-amz-sns-message-id': String(message['MessageId']), 'x-amz-sns-topic-arn': topic,
  });
};

export const paypal: Signer = (request, { scheme, now, authority }) => {
  const id = randomUUID();
  const time = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  const text = [id, time, String(scheme.settings?.['webhookId']), crc32(request.body)].join('|');
  return withHeaders(request, {
    'paypal-auth-algo': 'SHA256withRSA',
    'paypal-cert-url': 'https://api.paypal.com/v1/notifications/certs/CERT-local',
    'paypal-transmission-id': id,
    'paypal-transmission-time': time,
    'paypal-transmission-sig': sign('sha256', Buffer.from(text), authority().rsaPrivateKey).toString('base64'),
  });
};
