import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { WebhookTarget, WebhookTargetOptions } from '../../../lib';
import { ingestConfig, keeperFile, partsOf, resource, statements, target, valid, webhookStack } from '../fixture';

const stackWith = (old: WebhookTargetOptions) =>
  webhookStack({ ...valid(), targets: { billing: target(), old: WebhookTarget.http('https://old.example.com', old) } });
const mapping = (source: Template) => resource(source, 'AWS::Lambda::EventSourceMapping', 'GatewayTargetsold').properties;

describe('a target that is off', () => {
  test('has its mapping off, takes new events, and the keeper knows', () => {
    const stack = stackWith({ enabled: false });
    expect(mapping(Template.fromStack(stack)).Enabled).toBe(false);
    expect(ingestConfig(stack).config.targets).toHaveProperty('old');
    expect(keeperFile(stack).config.targets.old?.enabled).toBe(false);
    expect(keeperFile(stack).config.targets.billing).not.toHaveProperty('enabled');
  });

  test.each([true, undefined])('enabled: %s leaves it to the keeper', (enabled) => {
    const stack = stackWith({ enabled });
    expect(mapping(Template.fromStack(stack))).not.toHaveProperty('Enabled');
    expect(keeperFile(stack).config.targets.old).not.toHaveProperty('enabled');
  });
});

describe('a retired target', () => {
  test('takes no new events, but keeps its queues, function and mapping, and the keeper', () => {
    const stack = stackWith({ retired: true });
    const source = Template.fromStack(stack);
    expect(Object.keys(ingestConfig(stack).config.targets)).toEqual(['billing']);
    expect(statements(source, 'GatewayIngestRole')['sqs:SendMessage']).toEqual({
      Resource: { 'Fn::GetAtt': [resource(source, 'AWS::SQS::Queue', 'GatewayTargetsbillingQueue').id, 'Arn'] },
    });
    expect(Object.keys(keeperFile(stack).config.targets)).toEqual(['billing', 'old']);
    expect(partsOf(source).targets).toHaveProperty('old');
    expect(mapping(source)).not.toHaveProperty('Enabled');
    const types = (retired: boolean) => Object.values(Template.fromStack(stackWith({ retired })).toJSON().Resources).map((part: any) => part.Type);
    expect(types(true)).toEqual(types(false));
  });

  test('may name a source that is gone', () => {
    expect(() => Template.fromStack(stackWith({ retired: true, sources: ['gone'] }))).not.toThrow();
    expect(() => Template.fromStack(stackWith({ sources: ['gone'] }))).toThrow('takes events of "gone", which is no source of the gateway');
  });

  test('is nobody who takes a source\'s events', () => {
    const stack = webhookStack({ ...valid(), targets: { old: WebhookTarget.http('https://old.example.com', { retired: true }) } });
    Template.fromStack(stack);
    Annotations.fromStack(stack).hasWarning('/Webhooks/Gateway', Match.stringLikeRegexp('no target takes events of source "github"'));
  });

  test('needs no source when all are', () => {
    const old = WebhookTarget.http('https://old.example.com', { retired: true });
    expect(() => Template.fromStack(webhookStack({ targets: { old } }))).not.toThrow();
    expect(() => Template.fromStack(webhookStack({ targets: { old, billing: target() } }))).toThrow('the gateway has no source');
  });
});
