import { Duration, Lazy } from 'aws-cdk-lib';
import { WebhookSecret, WebhookSource } from '../../../lib';
import type { SourceConfig } from '../../../lib/contract/config';
import { SCHEMES } from '../../../lib/contract/schemes';
import { ingestConfig, valid, webhookStack } from '../fixture';

const secret = WebhookSecret.fromSecretName('webhooks/any');
const configOf = (any: WebhookSource) => ingestConfig(webhookStack({ ...valid(), sources: { any } })).config.sources.any as SourceConfig;

test.each([
  ['github', WebhookSource.github({ secret }), SCHEMES.github],
  ['stripe', WebhookSource.stripe({ secret }), SCHEMES.stripe],
  ['standardWebhooks', WebhookSource.standardWebhooks({ secret }), SCHEMES['standard-webhooks']],
])('%s verifies by its scheme, with the previous secret for a day', (_, source, scheme) => {
  expect(configOf(source)).toEqual({ verifications: [{ scheme, secret: { id: 'webhooks/any' }, previousSecretOverlapSeconds: 86_400 }] });
});

test.each([
  ['stripe', WebhookSource.stripe({ secret, tolerance: Duration.minutes(10) })],
  ['standardWebhooks', WebhookSource.standardWebhooks({ secret, tolerance: Duration.minutes(10) })],
])('%s takes a tolerance of its own, and the scheme of others stays', (_, source) => {
  expect(configOf(source).verifications[0]?.scheme).toMatchObject({ timestamp: { toleranceSeconds: 600 } });
  expect(SCHEMES.stripe.timestamp?.toleranceSeconds).toBe(300);
});

test.each([
  [Duration.millis(500), '500 millis'],
  [Duration.seconds(0), '0 seconds'],
  [Duration.hours(25), '1 day 1 hour'],
])('fails when the tolerance is %s', (tolerance, shown) => {
  expect(() => WebhookSource.stripe({ secret, tolerance })).toThrow(`tolerance must be whole seconds from 1 second to 1 day, got ${shown}`);
});

test.each([Duration.seconds(1), Duration.hours(24)])('takes the tolerance %s', (tolerance) => {
  expect(() => WebhookSource.stripe({ secret, tolerance })).not.toThrow();
});

test.each([Duration.seconds(0), Duration.days(7)])('takes the overlap %s', (previousSecretOverlap) => {
  const { verifications } = configOf(WebhookSource.github({ secret, previousSecretOverlap }));
  expect(verifications[0]?.previousSecretOverlapSeconds).toBe(previousSecretOverlap.toSeconds());
});

test('fails when the previous secret would verify for more than 7 days', () => {
  expect(() => WebhookSource.github({ secret, previousSecretOverlap: Duration.days(8) }))
    .toThrow('previousSecretOverlap must be whole seconds from 0 seconds to 7 days, got 8 days');
});

test('fails when a duration is known only at deployment', () => {
  expect(() => WebhookSource.github({ secret, previousSecretOverlap: Duration.seconds(Lazy.number({ produce: () => 60 })) }))
    .toThrow('previousSecretOverlap is known only at deployment, but a function\'s file needs it at synth: give a plain Duration');
});
