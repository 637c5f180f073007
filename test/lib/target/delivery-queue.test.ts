import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { IWebhookTarget, RetryPolicy, WebhookSecret, WebhookTarget, WebhookTargetConfig, WebhookTargetOptions } from '../../../lib';
import { VISIBILITY_PER_FUNCTION_TIMEOUT } from '../../../lib/contract/retry';
import { deliverConfig, gateway, ingestConfig, partsOf, resource, template, valid, webhookStack } from '../fixture';

const billing = (options: WebhookTargetOptions = {}) => ({ ...valid(), targets: { billing: WebhookTarget.http('https://billing.example.com', options) } });
const senderDirectory = `${__dirname}/sender`;
const custom = (config: Partial<WebhookTargetConfig> = {}): IWebhookTarget => ({ bind: () => ({ senderDirectory, ...config }) });
const queue = (source: Template, prefix = 'GatewayTargetsbillingQueue') => resource(source, 'AWS::SQS::Queue', prefix);

describe('queue and dead-letter queue', () => {
  test.each(['GatewayTargetsbillingQueue', 'GatewayTargetsbillingDeadLetterQueue'])('%s is encrypted, kept for 14 days, retained and unnamed', (prefix) => {
    const { all } = queue(template(), prefix);
    expect(all).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties: { SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 } });
    expect(all.Properties).not.toHaveProperty('QueueName');
  });

  test.each(['GatewayTargetsbillingQueue', 'GatewayTargetsbillingDeadLetterQueue'])('%s refuses plain HTTP', (prefix) => {
    const source = template();
    const { id } = queue(source, prefix);
    source.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: id }],
      PolicyDocument: {
        Statement: [Match.objectLike({ Effect: 'Deny', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      },
    });
  });

  test('a crashing function\'s events reach the dead-letter queue after 1000 receives', () => {
    const source = template();
    expect(queue(source).properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': [queue(source, 'GatewayTargetsbillingDeadLetterQueue').id, 'Arn'] },
      maxReceiveCount: 1000,
    });
    expect(queue(source, 'GatewayTargetsbillingDeadLetterQueue').properties).not.toHaveProperty('RedrivePolicy');
  });

  test('go when the gateway\'s removal policy says so, and log groups with them', () => {
    const source = template({ ...valid(), removalPolicy: RemovalPolicy.DESTROY });
    for (const type of ['AWS::SQS::Queue', 'AWS::Logs::LogGroup']) {
      expect(Object.values(source.findResources(type)).every(({ DeletionPolicy }) => DeletionPolicy === 'Delete')).toBe(true);
    }
  });
});

describe('time', () => {
  test.each([
    [undefined, 30, 180],
    [Duration.seconds(1), 16, 96],
    [Duration.seconds(30), 45, 270],
  ])('with a timeout of %s the function has %d s, and the queue hides events for six times that', (timeout, seconds, visibility) => {
    const stack = webhookStack(billing({ timeout }));
    const source = Template.fromStack(stack);
    expect(resource(source, 'AWS::Lambda::Function', 'GatewayTargetsbilling').properties.Timeout).toBe(seconds);
    expect(queue(source).properties.VisibilityTimeout).toBe(visibility);
    expect(visibility / seconds).toBe(VISIBILITY_PER_FUNCTION_TIMEOUT);
    expect(deliverConfig(stack, 'billing').config.timeoutSeconds).toBe(timeout?.toSeconds() ?? 15);
  });

  test.each([[Duration.millis(1500), '1 second 500 millis'], [Duration.seconds(0), '0 seconds'], [Duration.seconds(31), '31 seconds']])('fails when the timeout is %s', (timeout, shown) => {
    expect(() => gateway(billing({ timeout }))).toThrow(`timeout of target "billing" must be whole seconds from 1 second to 30 seconds, got ${shown}`);
  });

  test('the standard retries are 5 s to an hour, for 4 days', () => {
    expect(deliverConfig(webhookStack(), 'billing').config.retry).toEqual({ delaysSeconds: [5, 30, 120, 600, 1800, 3600], maxAgeSeconds: 345_600 });
  });

  test('retries may go on for another time', () => {
    const retryPolicy = RetryPolicy.standard(Duration.minutes(1));
    expect(deliverConfig(webhookStack(billing({ retryPolicy })), 'billing').config.retry.maxAgeSeconds).toBe(60);
  });

  test.each([[Duration.seconds(59), '59 seconds'], [Duration.days(14), '14 days']])('fails when retries go on for %s', (maxAge, shown) => {
    expect(() => RetryPolicy.standard(maxAge)).toThrow(`maxAge must be whole seconds from 1 minute to 13 days, got ${shown}`);
  });

  test('the retry window ends, with the longest pause and the visibility timeout, within 13 days', () => {
    const fits = Duration.seconds(13 * 86_400 - 4320 - 180);
    expect(() => gateway(billing({ retryPolicy: RetryPolicy.standard(fits) }))).not.toThrow();
    expect(() => gateway(billing({ retryPolicy: RetryPolicy.standard(fits.plus(Duration.seconds(1))) }))).toThrow(
      'retry window of target "billing" is 13.00 days (maxAge 1118701 s, longest pause 4320 s, visibility timeout 180 s) and must fit into 13, '
      + 'because a queue keeps messages for 14: use a maxAge of 1118700 s or less',
    );
  });
});

test('the mapping takes ten at a time without waiting, reports failures one by one, and never says whether it is enabled', () => {
  const source = template();
  expect(resource(source, 'AWS::Lambda::EventSourceMapping').properties).toEqual({
    BatchSize: 10,
    EventSourceArn: { 'Fn::GetAtt': [queue(source).id, 'Arn'] },
    FunctionName: { Ref: resource(source, 'AWS::Lambda::Function', 'GatewayTargets').id },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
});

test('the delivery function is the package\'s own, on arm64, traced', () => {
  expect(resource(template(), 'AWS::Lambda::Function', 'GatewayTargets').properties).toMatchObject({
    Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler', MemorySize: 256, TracingConfig: { Mode: 'Active' },
  });
});

test('the delivery function\'s file names its queues and its secret by value', () => {
  const stack = webhookStack();
  const source = Template.fromStack(stack);
  const { config, values } = deliverConfig(stack, 'billing');
  expect(config).toMatchObject({
    gateway: 'Webhooks/Gateway',
    target: 'billing',
    queueUrl: { $value: 0 },
    deadLetterQueueUrl: { $value: 1 },
    payloadBucket: { $value: 2 },
    store: { tableName: { $value: 3 }, retentionSeconds: 30 * 86_400 },
    settings: { signingSecret: { id: { $value: 4 } }, previousSecretOverlapSeconds: 86_400 },
  });
  expect(values).toEqual([
    { Ref: queue(source).id },
    { Ref: queue(source, 'GatewayTargetsbillingDeadLetterQueue').id },
    { Ref: resource(source, 'AWS::S3::Bucket').id },
    { Ref: resource(source, 'AWS::DynamoDB::Table').id },
    { Ref: resource(source, 'AWS::SecretsManager::Secret').id },
  ]);
});

test('the ingest function\'s file has the queue, and the sources where the target names them', () => {
  const stack = webhookStack({ ...valid(), targets: { all: custom(), some: custom({ sources: ['github'] }) } });
  const { targets } = ingestConfig(stack).config;
  expect(targets.all).toEqual({ queueUrl: { $value: 0 } });
  expect(targets.some).toEqual({ queueUrl: { $value: 1 }, sources: ['github'] });
});

test('a signing secret of the user\'s own is used, and none is made', () => {
  const stack = webhookStack({ ...valid(), targets: { billing: WebhookTarget.http('https://billing.example.com', { signingSecret: WebhookSecret.fromSecretName('mine', 'key') }) } });
  expect(deliverConfig(stack, 'billing').config.settings.signingSecret).toEqual({ id: 'mine', field: 'key' });
  Template.fromStack(stack).resourceCountIs('AWS::SecretsManager::Secret', 0);
  expect(partsOf(Template.fromStack(stack)).targets.billing?.signingSecret).toEqual({ id: 'mine', field: 'key', key: 'whsec' });
});

describe('retries', () => {
  test('fails when more attempts are possible than SQS has receives', () => {
    const every = (delay: Duration, maxAge: Duration) => () =>
      gateway(billing({ retryPolicy: RetryPolicy.exponential({ initialDelay: delay, maxDelay: delay, maxAge }) }));
    // 0.8 of ten minutes goes 898 times into 4 days and 23 h 44 min.
    expect(every(Duration.minutes(10), Duration.seconds(898 * 480 - 1))).not.toThrow();
    expect(every(Duration.minutes(10), Duration.seconds(899 * 480))).toThrow('retries of target "billing" may make 901 attempts at an event within 431520 s '
      + 'and may make 900, because SQS gives a message up after 1000 receives: use a longer maxDelay or a shorter maxAge');
    expect(every(Duration.seconds(1), Duration.days(4))).toThrow('432002 attempts');
  });

  test('the standard ones stay far from that, however long they go on', () => {
    expect(() => gateway(billing({ retryPolicy: RetryPolicy.standard(Duration.days(12)) }))).not.toThrow();
  });
});

describe('a custom target', () => {
  test('decides settings, environment, time and route', () => {
    const stack = webhookStack({
      ...valid(),
      targets: { custom: custom({ settings: { topic: 'a' }, environment: { MODE: 'x' }, timeout: Duration.seconds(5), retryPolicy: RetryPolicy.standard(Duration.hours(1)), sources: ['github'] }) },
    });
    expect(deliverConfig(stack, 'custom').config).toMatchObject({ settings: { topic: 'a' }, timeoutSeconds: 5, retry: { maxAgeSeconds: 3600 } });
    expect(resource(Template.fromStack(stack), 'AWS::Lambda::Function', 'GatewayTargetscustom').properties.Environment.Variables.MODE).toBe('x');
    expect(ingestConfig(stack).config.targets.custom?.sources).toEqual(['github']);
    expect(partsOf(Template.fromStack(stack)).targets.custom).toMatchObject({ kind: 'custom' });
  });

  test('is told its name, and what to do with what it makes', () => {
    const seen: object[] = [];
    gateway({ removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE }).addTarget('custom', {
      bind(scope, { targetName, removalPolicy }) {
        seen.push({ path: scope.node.path, targetName, removalPolicy });
        return { senderDirectory };
      },
    });
    expect(seen).toEqual([{ path: 'Webhooks/Gateway/Targets/custom/Sender', targetName: 'custom', removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE }]);
  });

  test('cannot replace the variable that carries values', () => {
    const stack = webhookStack({ ...valid(), targets: { custom: custom({ environment: { VALUES: '[]' } }) } });
    expect(deliverConfig(stack, 'custom').values).toHaveLength(4);
  });

  test('is subject to the same rules as ours', () => {
    const add = (config: Partial<WebhookTargetConfig>) => () => gateway().addTarget('custom', custom(config));
    expect(add({ forwardHeaders: ['X-A', 'Cookie'] })).toThrow('forwardHeaders of target "custom": "Cookie" is not allowed: it carries credentials');
    expect(add({ permanentStatusCodes: [200] })).toThrow('permanentStatusCodes of target "custom" must be statuses from 400 to 599, got 200');
    expect(add({ maxInFlight: 1 })).toThrow('maxInFlight of target "custom"');
    expect(add({ vpcSubnets: {} })).toThrow('target "custom" has vpcSubnets but no vpc');
  });

  test('gets the headers that it asks for', () => {
    const stack = webhookStack({ ...valid(), targets: { custom: custom({ forwardHeaders: ['X-A'] }) } });
    expect(ingestConfig(stack).config.targets.custom?.forwardHeaders).toEqual(['x-a']);
  });

  test('fails when its folder has no sender', () => {
    expect(() => gateway().addTarget('custom', { bind: () => ({ senderDirectory: __dirname }) }))
      .toThrow(`target "custom": the senderDirectory ${JSON.stringify(__dirname)} has no "sender.mjs"`);
  });
});
