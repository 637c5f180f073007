import { Token } from 'aws-cdk-lib';
import { CodeScheme } from '../contract/scheme';
import { SCHEMES } from '../contract/schemes';
import {
  GooglePubSubSourceOptions, PaypalSourceOptions, PlaidEnvironment, PlaidSourceOptions, SnsSourceOptions, UpstashSourceOptions,
} from './own-options';
import { keylessSource, secretSource, SourceDefinition } from './source-definition';

const TOPIC_ARN = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$/;

export function paypalSource(options: PaypalSourceOptions): SourceDefinition {
  if (options.webhookId === '') throw new Error('webhookId "" is empty: give the id that PayPal shows beside the webhook');
  return keylessSource(withSettings(SCHEMES.paypal, { webhookId: options.webhookId }), options);
}

export function plaidSource(options: PlaidSourceOptions): SourceDefinition {
  if (options.clientId === '') throw new Error('clientId "" is empty: give the client id that Plaid\'s dashboard shows');
  const settings = { clientId: options.clientId, environment: options.environment ?? PlaidEnvironment.PRODUCTION };
  return secretSource(withSettings(SCHEMES.plaid, settings), options);
}

export function snsSource(options: SnsSourceOptions): SourceDefinition {
  if (options.topicArns.length === 0) throw new Error('topicArns is empty, so that every message would be refused: name at least one topic');
  for (const arn of options.topicArns) {
    if (!Token.isUnresolved(arn) && !TOPIC_ARN.test(arn)) {
      throw new Error(`${JSON.stringify(arn)} in topicArns is not the ARN of a topic, e.g. "arn:aws:sns:us-east-1:111122223333:orders"`);
    }
  }
  return keylessSource(withSettings(SCHEMES['aws-sns'], { topicArns: options.topicArns }), options);
}

/** https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions */
export function googlePubSubSource(options: GooglePubSubSourceOptions): SourceDefinition {
  const { audience, serviceAccountEmail } = options;
  if (audience === '') throw new Error('audience "" is empty: give the audience of the push subscription');
  if (!serviceAccountEmail.includes('@') && !Token.isUnresolved(serviceAccountEmail)) {
    throw new Error(`serviceAccountEmail ${JSON.stringify(serviceAccountEmail)} is no e-mail address of a service account`);
  }
  return keylessSource(withSettings(SCHEMES['google-pubsub'], { audience, email: serviceAccountEmail }), options);
}

export function upstashSource(options: UpstashSourceOptions): SourceDefinition {
  const { nextSecret, ...rest } = options;
  const current = secretSource(SCHEMES['upstash-qstash'], rest);
  if (!nextSecret) return current;
  return { ...current, verifications: [...current.verifications, ...secretSource(SCHEMES['upstash-qstash'], { ...rest, secret: nextSecret }).verifications] };
}

function withSettings(scheme: CodeScheme, settings: NonNullable<CodeScheme['settings']>): CodeScheme {
  return { ...scheme, settings: { ...scheme.settings, ...settings } };
}
