import type { SchemeModule } from '../../../../lib/contract/scheme-module';
import * as jwt from '../../../../lambda/ingest/schemes/jwt';
import * as livekit from '../../../../lambda/ingest/schemes/livekit';
import * as messagebird from '../../../../lambda/ingest/schemes/messagebird';
import * as netlify from '../../../../lambda/ingest/schemes/netlify';
import * as paypal from '../../../../lambda/ingest/schemes/paypal';
import * as plaid from '../../../../lambda/ingest/schemes/plaid';
import * as qstash from '../../../../lambda/ingest/schemes/qstash';
import * as sns from '../../../../lambda/ingest/schemes/sns';
import * as vonage from '../../../../lambda/ingest/schemes/vonage';
import { context, keyHost, outcome, requestOf, vectorsOf, type Vector } from './support.jwt';

interface Run {
  readonly module: SchemeModule;
  readonly settings?: (vector: Vector) => { [name: string]: unknown };
}

const JWKS = 'https://keys.example.com/jwks';
const PROVIDERS: { [provider: string]: Run } = {
  'netlify': { module: netlify },
  'vonage': { module: vonage },
  'messagebird': { module: messagebird },
  'upstash-qstash': { module: qstash },
  'livekit': { module: livekit },
  'plaid': { module: plaid, settings: () => ({ clientId: 'client', environment: 'production' }) },
  'generic-jwt': { module: jwt, settings: (vector) => ({ jwksUrl: JWKS, ...vector.context }) },
  'google-pubsub': { module: jwt, settings: (vector) => ({ jwksUrl: JWKS, ...vector.context }) },
  'aws-sns': { module: sns, settings: (vector) => ({ topicArns: [vector.context?.['topicArn']] }) },
  'paypal': { module: paypal, settings: (vector) => ({ webhookId: vector.context?.['webhookId'], trustAnchors: Object.values(vector.certificates ?? {}) }) },
};

/** Certificates by their URL, JWKS, Plaid's keys by their id, and SNS, which takes every confirmation. */
function answer(vector: Vector, url: string, body?: string): string {
  const certificate = vector.certificates?.[url];
  if (certificate) return certificate;
  if (url === JWKS) return JSON.stringify(vector.jwks);
  if (url === 'https://production.plaid.com/webhook_verification_key/get') {
    const key = vector.jwks?.keys.find(({ kid }) => kid === JSON.parse(body ?? '')['key_id']);
    if (key) return JSON.stringify({ key });
  }
  if (url.startsWith('https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&')) return '<ConfirmSubscriptionResponse/>';
  throw new Error(`400 for ${url}`);
}

describe.each(Object.keys(PROVIDERS))('%s', (provider) => {
  const { module, settings } = PROVIDERS[provider] as Run;
  const vectors = vectorsOf(provider).filter(({ advisory }) => !advisory);

  test('has vectors of both kinds', () => {
    expect(new Set(vectors.map((vector) => vector.expect))).toEqual(new Set(['valid', 'invalid']));
  });

  test.each(vectors)('$id, $description: $expect', async (vector) => {
    const { fetch } = keyHost((url, body) => answer(vector, url, body));
    const verifier = module.createVerifier(context(provider, settings?.(vector) ?? {}, fetch));
    const secrets = [vector.secret ?? 'api-secret'].flat();

    const result = await outcome(verifier, requestOf(vector), secrets, vector.now * 1_000);
    expect(result === 'valid' ? 'valid' : 'invalid').toBe(vector.expect);
    // A key that nobody has is the one thing that is not known rather than wrong.
    if (vector.expect === 'invalid' && vector.description !== 'unknown kid') expect(['signature', 'timestamp']).toContain(result);
  });
});
