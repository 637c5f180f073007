import { createPublicKey, verify as verifySignature, type KeyObject } from 'node:crypto';
import type { CodeVerifier, SchemeContext } from '../../../lib/contract/scheme-module';
import { refuse } from './shared/jwt';
import { KeyCache } from './shared/key-cache';
import { isCanonicalBase64 } from './shared/base64';
import { repeatsName } from './shared/json';
import { readTexts } from './shared/settings';

export interface SnsSettings {
  /** The topics whose messages are taken. Anybody can have SNS sign a message of a topic of his own. */
  readonly topicArns: string[];
}

/**
 * The name of a Region and nothing else of that length: `sns.s3-us-west-2.amazonaws.com` is what somebody put into a bucket called "sns". A host
 * that only starts like this, or has it in its path, does not match.
 */
const HOST = String.raw`sns\.[a-z]{2}(-[a-z]{2,12}){1,3}-\d\.amazonaws\.com(\.cn)?`;
const CERTIFICATE_URL = new RegExp(String.raw`^https://${HOST}/[\w-]{1,100}\.pem$`);
const SUBSCRIBE_URL = new RegExp(String.raw`^https://${HOST}/\?Action=ConfirmSubscription&[\w.~%&=:+/-]{1,2000}$`);

const HASHES: { readonly [version: string]: string } = { 1: 'sha1', 2: 'sha256' };

const SIGNED_FIELDS: { readonly [type: string]: string[] } = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

interface Message {
  readonly [name: string]: string | undefined;
}

/**
 * Amazon SNS: an RSA signature over named fields of the message, under a certificate that the message links to. The link must lead to
 * SNS itself, whose TLS certificate vouches for what is there; AWS publishes no chain to hold it against. A topic's first message
 * asks to confirm the subscription, and is no event.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
export function createVerifier(context: SchemeContext): CodeVerifier {
  const topicArns = readTexts(context, 'topicArns');
  const certificates = new KeyCache(async (url) => readCertificate(await context.fetch(url)));
  return {
    async verify({ json, text = '' }, _secrets, now) {
      const message = readMessage(json);
      const type = message?.['Type'] ?? '';
      const fields = Object.hasOwn(SIGNED_FIELDS, type) ? SIGNED_FIELDS[type] : undefined;
      if (!message || !fields) return refuse('the body is not a message of SNS');
      if (!topicArns.includes(message['TopicArn'] ?? '')) return refuse('the message is of a topic that is not in topicArns');

      const { SigningCertURL: url = '', SignatureVersion: version = '', Signature: signature = '' } = message;
      const hash = Object.hasOwn(HASHES, version) ? HASHES[version] : undefined;
      if (!hash) return refuse('SignatureVersion is neither 1 nor 2');
      if (!CERTIFICATE_URL.test(url)) return refuse('SigningCertURL does not lead to SNS');
      if (!isCanonicalBase64(signature)) return refuse('Signature is not base64');
      const signed = signedText(message, fields);
      if (signed === undefined) return refuse('a signed field is missing or malformed');
      const key = await certificates.get(url, now);
      if (!verifySignature(hash, Buffer.from(signed), key, Buffer.from(signature, 'base64'))) return refuse('the signature does not match');
      if (repeatsName(text)) return refuse('the body has a name twice');

      if (type !== 'SubscriptionConfirmation') return { valid: true };
      const { SubscribeURL: subscribeUrl = '' } = message;
      if (!SUBSCRIBE_URL.test(subscribeUrl)) return refuse('SubscribeURL does not lead to SNS');
      await context.fetch(subscribeUrl);
      return { valid: true, handshake: true };
    },
  };
}

/** The texts of the message, undefined where it is not an object. */
function readMessage(json: unknown): Message | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const message: { [name: string]: string } = Object.create(null);
  for (const [name, value] of Object.entries(json)) if (typeof value === 'string') message[name] = value;
  return message;
}

/**
 * Names and values are separated by nothing but line breaks. Whoever publishes chooses the message, so only that may have some: else
 * a message with `MessageId` in it could be cut up in another way than it was signed.
 */
function signedText(message: Message, fields: string[]): string | undefined {
  let text = '';
  for (const name of fields) {
    const value = message[name];
    if (value === undefined && name === 'Subject') continue;
    if (value === undefined || (name !== 'Message' && value.includes('\n'))) return undefined;
    text += `${name}\n${value}\n`;
  }
  return text;
}

function readCertificate(pem: string): KeyObject {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType !== 'rsa') throw new Error('the certificate of SNS has no RSA key');
  return key;
}
