import { generateKeyPairSync } from 'crypto';
import { WebhookSecret, WebhookSource } from '../../../lib';
import { SCHEMES } from '../../../lib/contract/schemes';

export const ED25519 = Buffer.from(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x as string, 'base64url');
export const P256 = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey;

const named = (name: string) => WebhookSecret.fromSecretName(`webhooks/${name}`);

/** What a factory wants beside a secret, by scheme. */
const OTHERS: { readonly [scheme: string]: () => WebhookSource } = {
  'discord': () => WebhookSource.discord({ publicKey: ED25519.toString('hex') }),
  'telnyx': () => WebhookSource.telnyx({ publicKey: ED25519.toString('base64') }),
  'standard-webhooks-ed25519': () => WebhookSource.standardWebhooksEd25519({ publicKey: `whpk_${ED25519.toString('base64')}` }),
  'sendgrid': () => WebhookSource.sendgrid({ publicKey: P256.export({ format: 'der', type: 'spki' }).toString('base64') }),
  'meta': () => WebhookSource.meta({ secret: named('meta'), verifyToken: named('meta-token') }),
  'paypal': () => WebhookSource.paypal({ webhookId: '0EH40505U7160970P' }),
  'plaid': () => WebhookSource.plaid({ secret: named('plaid'), clientId: '5f3a' }),
  'aws-sns': () => WebhookSource.sns({ topicArns: ['arn:aws:sns:us-east-1:111122223333:orders'] }),
  'google-pubsub': () => WebhookSource.googlePubSub({ audience: 'https://hooks.example.com', serviceAccountEmail: 'push@project.iam.gserviceaccount.com' }),
  'upstash-qstash': () => WebhookSource.upstash({ secret: named('upstash'), nextSecret: named('upstash-next') }),
  'x-twitter': () => WebhookSource.x({ secret: named('x') }),
  'msteams-outgoing': () => WebhookSource.microsoftTeams({ secret: named('teams') }),
  'msgraph': () => WebhookSource.microsoftGraph({ secret: named('graph') }),
  'postmark': () => WebhookSource.postmark({ username: 'user', password: named('postmark') }),
  'mailchimp': () => WebhookSource.mailchimp({ urlToken: named('mailchimp') }),
  'cloudevents': () => WebhookSource.cloudevents({ urlToken: named('cloudevents') }),
  'fastly': () => WebhookSource.fastly({ urlToken: named('fastly') }),
  'digitalocean': () => WebhookSource.digitalocean({ urlToken: named('digitalocean') }),
  'azure-eventgrid': () => WebhookSource.azureEventGrid({ urlToken: named('eventgrid') }),
};

/** One source of every provider, by its scheme's name. */
export function everyProvider(): { [scheme: string]: WebhookSource } {
  const names = Object.keys(SCHEMES).filter((name) => !name.startsWith('generic-'));
  return Object.fromEntries(names.map((name) => [name, OTHERS[name]?.() ?? withSecret(name)]));
}

function withSecret(name: string): WebhookSource {
  const factory = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) as 'github';
  return WebhookSource[factory]({ secret: named(name) });
}
