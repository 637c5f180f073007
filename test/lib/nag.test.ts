import { App, Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { EventStore, OrderingKey, WebhookGateway, WebhookSecret, WebhookSource, WebhookStack, WebhookTarget } from '../../lib';
import { github, valid } from './fixture';

function defaults(): App {
  const app = new App();
  const stack = new WebhookStack(app, 'Webhooks', valid());
  stack.gateway.addSource('generated', WebhookSource.github({ secret: WebhookSecret.generate() }));
  stack.gateway.addTarget('shared', WebhookTarget.http('https://shared.example.com', { signingSecret: WebhookSecret.fromSecretName('shared') }));
  return app;
}

test.each([['AwsSolutionsChecks', AwsSolutionsChecks], ['ServerlessChecks', ServerlessChecks]])('the defaults pass %s', (_, Checks) => {
  const app = defaults();
  expect(new Checks(app).validateScope(app).violations).toEqual([]);
});

test.each([['AwsSolutionsChecks', AwsSolutionsChecks], ['ServerlessChecks', ServerlessChecks]])('an ordered target and one in a VPC pass %s', (_, Checks) => {
  const app = new App();
  const vpc = new Vpc(new Stack(app, 'Network'), 'Vpc');
  const stack = new WebhookStack(app, 'Webhooks', valid());
  stack.gateway.addTarget('ordered', WebhookTarget.http('https://ordered.example.com', { orderingKey: OrderingKey.source() }));
  stack.gateway.addTarget('private', WebhookTarget.http('https://10.0.0.1', { vpc, allowedPrivateCidrs: ['10.0.0.0/16'] }));
  expect(new Checks(app).validateScope(stack).violations).toEqual([]);
});

test.each([['AwsSolutionsChecks', AwsSolutionsChecks], ['ServerlessChecks', ServerlessChecks]])('an event store with a key of one\'s own, or none, passes %s', (_, Checks) => {
  const app = new App();
  const encryptionKey = new Key(new Stack(app, 'Keys'), 'Key');
  for (const [id, eventStore] of [['Own', EventStore.dynamoDb({ encryptionKey })], ['None', EventStore.none()]] as const) {
    expect(new Checks(app).validateScope(new WebhookStack(app, id, { ...valid(), eventStore })).violations).toEqual([]);
  }
});

test('what is acknowledged is acknowledged for the gateway\'s own parts only', () => {
  const app = new App();
  const stack = new Stack(app, 'Own');
  new WebhookGateway(stack, 'Hooks', { ...valid(), sources: { github: github() } });
  const acknowledged = stack.node.findAll().filter((construct) => construct.node.metadata.some(({ type }) => type === 'aws:cdk:acknowledged-rules'));
  expect(acknowledged.map((construct) => construct.node.path).sort()).toEqual([
    'Own/Hooks/Ingest/Function',
    'Own/Hooks/Ingest/Role',
    'Own/Hooks/Keeper/Function',
    'Own/Hooks/Keeper/Role',
    'Own/Hooks/Keeper/Schedule',
    'Own/Hooks/Payloads/Bucket',
    'Own/Hooks/Sources/github/Route',
    'Own/Hooks/Targets/billing/DeadLetterQueue',
    'Own/Hooks/Targets/billing/Function',
    'Own/Hooks/Targets/billing/Mapping',
    'Own/Hooks/Targets/billing/Role',
    'Own/Hooks/Targets/billing/Sender/Secret',
  ]);
});
