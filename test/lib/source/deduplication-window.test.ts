import { Duration, Lazy } from 'aws-cdk-lib';
import { EventStore, RequestField, SignatureHeader, WebhookSecret, WebhookSource } from '../../../lib';
import { ingestConfig, valid, webhookStack } from '../fixture';

const secret = WebhookSecret.fromSecretName('webhooks/github');
const github = (deduplicationWindow?: Duration) => WebhookSource.github({ secret, deduplicationWindow });
const stackOf = (any: WebhookSource, eventStore?: EventStore) => webhookStack({ ...valid(), sources: { any }, eventStore });
const windowOf = (source: WebhookSource, eventStore?: EventStore) => (
  ingestConfig(stackOf(source, eventStore)).config.sources.any?.deduplicationWindowSeconds);

test.each([
  ['the shortest', Duration.minutes(1), undefined, 60],
  ['some time', Duration.hours(6), undefined, 21_600],
  ['the usual retention', Duration.days(30), undefined, 2_592_000],
  ['a longer retention', Duration.days(90), EventStore.dynamoDb({ retention: Duration.days(90) }), 7_776_000],
])('is in the function\'s file in seconds: %s', (_, window, eventStore, seconds) => {
  expect(windowOf(github(window), eventStore)).toBe(seconds);
});

test('is not there where nobody set it', () => {
  expect(ingestConfig(stackOf(github())).config.sources.any).not.toHaveProperty('deduplicationWindowSeconds');
});

test.each([
  ['less than a minute', Duration.seconds(59), undefined, 'from 1 minute to 30 days, got 59 seconds'],
  ['more than the usual retention', Duration.days(31), undefined, 'from 1 minute to 30 days, got 31 days'],
  ['more than the retention', Duration.days(2), EventStore.dynamoDb({ retention: Duration.days(1) }), 'from 1 minute to 1 day, got 2 days'],
  ['a fraction of a second', Duration.millis(90_500), undefined, 'must be whole seconds'],
])('fails when it is %s', (_, window, eventStore, message) => {
  expect(() => stackOf(github(window), eventStore)).toThrow('deduplicationWindow of source "any" must be whole seconds');
  expect(() => stackOf(github(window), eventStore)).toThrow(message);
});

test('fails when only the deployment knows it', () => {
  expect(() => stackOf(github(Duration.seconds(Lazy.number({ produce: () => 60 }))))).toThrow('deduplicationWindow of source "any" is known only at deployment');
});

test('fails without an event store, which is what knows duplicates', () => {
  expect(() => stackOf(github(Duration.hours(1)), EventStore.none()))
    .toThrow('deduplicationWindow of source "any" is set, but with EventStore.none() no duplicate is known: leave it out, or use EventStore.dynamoDb()');
});

describe('of events without ids', () => {
  const deduplicationWindow = Duration.hours(1);
  const hmac = (eventId?: RequestField) => WebhookSource.hmac({ secret, signature: SignatureHeader.plain('X-Signature'), eventId, deduplicationWindow });

  test('fails, because none of them is ever known', () => {
    expect(() => stackOf(hmac())).toThrow('deduplicationWindow of source "any" is set, but its events have no ids to be known by: leave it out, or say where the id is');
    expect(() => stackOf(hmac(RequestField.header('X-Id')))).not.toThrow();
  });

  test('is let through where one of several ways has ids', () => {
    const parts = [WebhookSource.github({ secret }), WebhookSource.hmac({ secret, signature: SignatureHeader.plain('X-Signature') })];
    expect(windowOf(WebhookSource.anyOf(parts, { deduplicationWindow }))).toBe(3_600);
    expect(() => WebhookSource.anyOf([github(deduplicationWindow), ...parts])).toThrow('anyOf got a source with deduplicationWindow of its own');
  });
});
