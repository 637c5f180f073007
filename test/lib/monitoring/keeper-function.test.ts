import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RetryPolicy, WebhookTarget } from '../../../lib';
import { KEEPER_NAMED_TARGETS } from '../../../lib/contract/config';
import { keeperFile, partsOf, resource, target, template, valid, webhookStack } from '../fixture';

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`target${index}`, target()]));

test('runs every minute, is over before the next, and nothing is tried again', () => {
  const source = template();
  const { id, properties } = resource(source, 'AWS::Lambda::Function', 'GatewayKeeper');
  expect(id).toBe('GatewayKeeperFunction221D3162');
  expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler', Timeout: 55, TracingConfig: { Mode: 'Active' } });
  expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
  const rule = resource(source, 'AWS::Events::Rule');
  expect(rule.properties).toEqual({
    ScheduleExpression: 'rate(1 minute)',
    State: 'ENABLED',
    Targets: [{ Arn: { 'Fn::GetAtt': [id, 'Arn'] }, Id: 'Target0', RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 } }],
  });
  source.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { FunctionName: { Ref: id }, MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 });
  source.hasResourceProperties('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction', FunctionName: { 'Fn::GetAtt': [id, 'Arn'] }, Principal: 'events.amazonaws.com', SourceArn: { 'Fn::GetAtt': [rule.id, 'Arn'] },
  });
  expect(partsOf(source).keeper).toBe(id);
});

test('knows of each target where it is, how long its retries last and how long its queue hides events', () => {
  const retryPolicy = RetryPolicy.exponential({ initialDelay: Duration.minutes(1), maxDelay: Duration.minutes(2), maxAge: Duration.hours(1) });
  const stack = webhookStack({
    ...valid(),
    targets: { billing: target(), brief: WebhookTarget.http('https://brief.example.com', { retryPolicy, timeout: Duration.seconds(5) }) },
  });
  const source = Template.fromStack(stack);
  const { config, values } = keeperFile(stack);
  expect(config.gateway).toBe('Webhooks/Gateway');
  expect(config.targets.billing).toMatchObject({
    retry: { delaysSeconds: [5, 30, 120, 600, 1800, 3600], maxAgeSeconds: 345_600 }, visibilityTimeoutSeconds: 180,
  });
  expect(config.targets.brief).toMatchObject({ retry: { delaysSeconds: [60, 120], maxAgeSeconds: 3600 }, visibilityTimeoutSeconds: 120 });
  for (const name of ['billing', 'brief']) {
    const found = config.targets[name] as any;
    const ref = (type: string, part: string) => ({ Ref: resource(source, type, `GatewayTargets${name}${part}`).id });
    expect([found.queueUrl, found.deadLetterQueueUrl, found.functionName, found.mappingId].map(({ $value }) => values[$value])).toEqual([
      ref('AWS::SQS::Queue', 'Queue'), ref('AWS::SQS::Queue', 'DeadLetterQueue'), ref('AWS::Lambda::Function', 'Function'),
      ref('AWS::Lambda::EventSourceMapping', 'Mapping'),
    ]);
  }
});

test('knows the table', () => {
  const stack = webhookStack();
  const { config, values } = keeperFile(stack);
  expect(config.store).toEqual({ tableName: { $value: 0 }, retentionSeconds: 30 * 86_400 });
  expect(values[0]).toEqual({ Ref: resource(Template.fromStack(stack), 'AWS::DynamoDB::Table').id });
});

test('knows of more targets than its environment has room for by their mappings alone', () => {
  const few = keeperFile(webhookStack({ ...valid(), targets: many(KEEPER_NAMED_TARGETS) }));
  expect(few.values).toHaveLength(4 * KEEPER_NAMED_TARGETS + 1);
  const all = keeperFile(webhookStack({ ...valid(), targets: many(KEEPER_NAMED_TARGETS + 1) }));
  expect(all.values).toHaveLength(KEEPER_NAMED_TARGETS + 2);
  for (const found of Object.values(all.config.targets)) {
    expect(Object.keys(found).sort()).toEqual(['mappingId', 'retry', 'visibilityTimeoutSeconds']);
  }
});

test('the names of as many targets as it is given fit its environment, however long they are', () => {
  const name = 'a'.repeat(60);
  const targets = Object.fromEntries(Array.from({ length: KEEPER_NAMED_TARGETS }, (_, index) => [`${name}${index}`, target()]));
  const stack = webhookStack({ ...valid(), targets, stackName: 'b'.repeat(100) });
  expect(() => Template.fromStack(stack)).not.toThrow();
});
