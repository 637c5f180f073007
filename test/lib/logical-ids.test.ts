import { Template } from 'aws-cdk-lib/assertions';
import { WebhookSecret, WebhookSource } from '../../lib';
import { github, target, webhookStack } from './fixture';

/**
 * Ids are a contract: a queue that changes its id is replaced, and what waits in the old one is delivered by nobody. These are the
 * ids of the first release.
 */
const IDS = [
  'GatewayTargetsbillingDeadLetterQueue352205DF',
  'GatewayTargetsbillingQueueD629106F',
  'GatewayTargetsbillingSenderSecret66954DB2',
];

function retained(names: { sources: string[]; targets: string[] }): string[] {
  const stack = webhookStack({
    sources: Object.fromEntries(names.sources.map((name) => [name, WebhookSource.github({ secret: WebhookSecret.generate() })])),
    targets: Object.fromEntries(names.targets.map((name) => [name, target()])),
  });
  const { Resources } = Template.fromStack(stack).toJSON();
  return Object.keys(Resources).filter((id) => ['AWS::SQS::Queue', 'AWS::SecretsManager::Secret'].includes(Resources[id].Type)).sort();
}

test('the ids of what holds events for all are those of every release', () => {
  const { Resources } = Template.fromStack(webhookStack()).toJSON();
  const holders = Object.keys(Resources).filter((id) => ['AWS::DynamoDB::Table', 'AWS::S3::Bucket'].includes(Resources[id].Type));
  expect(holders.sort()).toEqual(['GatewayEventStoreTable3A1A89CB', 'GatewayPayloadsBucketD7E5C54B']);
});

test('row 59: the ids of a target\'s queues and secret are those of every release', () => {
  expect(retained({ sources: ['github'], targets: ['billing'] }).filter((id) => id.includes('billing'))).toEqual(IDS);
});

test('the ids of what takes events in are those of every release', () => {
  const { Resources } = Template.fromStack(webhookStack()).toJSON();
  expect(Object.keys(Resources).filter((id) => /^Gateway(Ingest|Http|Sources)/.test(id)).sort()).toEqual([
    'GatewayHttpAccessLogCB20D985',
    'GatewayHttpApi6EA4FCCD',
    'GatewayHttpIntegration792F0186',
    'GatewayHttpStageD2284A80',
    'GatewayIngestFunction392465B0',
    'GatewayIngestLogGroupA7A0248E',
    'GatewayIngestRoleB55A53D0',
    'GatewayIngestRoleDefaultPolicy17F48427',
    'GatewaySourcesgithubInvoke564D97C1',
    'GatewaySourcesgithubRouteDAF73394',
  ]);
});

test.each([
  ['another target is added', { sources: ['github'], targets: ['billing', 'audit'] }],
  ['another target comes first', { sources: ['github'], targets: ['audit', 'billing'] }],
  ['a source is added', { sources: ['github', 'stripe'], targets: ['billing'] }],
  ['the source goes', { sources: ['stripe'], targets: ['billing'] }],
])('row 59: the ids of a target\'s queues and secret stay when %s', (_, names) => {
  expect(retained(names).filter((id) => id.includes('billing'))).toEqual(IDS);
});

test('a target that is removed takes only its own queues and secret along', () => {
  const both = retained({ sources: ['github'], targets: ['billing', 'audit'] });
  const one = retained({ sources: ['github'], targets: ['billing'] });
  expect(both.filter((id) => !id.includes('audit'))).toEqual(one);
});

test('row 59: a source\'s secret, route and permission stay when another source comes before it', () => {
  const ids = (names: string[]): string[] => {
    const stack = webhookStack({ sources: Object.fromEntries(names.map((name) => [name, github()])), targets: { billing: target() } });
    return Object.keys(Template.fromStack(stack).toJSON().Resources).filter((id) => id.includes('github') || id.includes('Integration')).sort();
  };
  expect(ids(['stripe', 'github'])).toEqual(ids(['github']));
  expect(ids(['github'])).toHaveLength(3);
});
