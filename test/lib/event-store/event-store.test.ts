import { App, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { EventStore, InvalidEventAction, WebhookGateway, WebhookSchema, WebhookSecret, WebhookSource, WebhookTarget } from '../../../lib';
import { deliverConfig, ingestConfig, keeperFile, partsOf, resource, statements, template, valid, webhookStack } from '../fixture';

const DAY_SECONDS = 86_400;

test('the table is on demand, recoverable, kept, forgets by itself, and has the two indexes', () => {
  const { all } = resource(template(), 'AWS::DynamoDB::Table');
  expect(all).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  expect(all.Properties).toEqual({
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', 'gpk1', 'gsk1', 'gpk2', 'gsk2'].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byTime',
        KeySchema: [{ AttributeName: 'gpk1', KeyType: 'HASH' }, { AttributeName: 'gsk1', KeyType: 'RANGE' }],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['source', 'type', 'time', 'bytes', 'targets', 'quarantined', 'unrouted'] },
      },
      {
        IndexName: 'byOutcome',
        KeySchema: [{ AttributeName: 'gpk2', KeyType: 'HASH' }, { AttributeName: 'gsk2', KeyType: 'RANGE' }],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['source', 'type', 'outcome'] },
      },
    ],
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
  });
});

test('goes when the gateway\'s removal policy says so', () => {
  expect(resource(template({ ...valid(), removalPolicy: RemovalPolicy.DESTROY }), 'AWS::DynamoDB::Table').all.DeletionPolicy).toBe('Delete');
});

test('all functions and the command line know it, and the stack\'s author has it as `table`', () => {
  const stack = webhookStack({ ...valid(), eventStore: EventStore.dynamoDb({ retention: Duration.days(90) }) });
  const source = Template.fromStack(stack);
  const { id } = resource(source, 'AWS::DynamoDB::Table');
  for (const { config, values } of [ingestConfig(stack), deliverConfig(stack, 'billing'), keeperFile(stack)]) {
    const { tableName, retentionSeconds } = config.store as any;
    expect({ tableName: values[tableName.$value], retentionSeconds }).toEqual({ tableName: { Ref: id }, retentionSeconds: 90 * DAY_SECONDS });
  }
  expect(partsOf(source).store).toEqual({ table: id, retentionSeconds: 90 * DAY_SECONDS });
  expect(stack.resolve(stack.gateway.table?.tableName)).toEqual({ Ref: id });
});

test.each([1, 30, 365])('keeps events for %d days', (days) => {
  const { config } = ingestConfig(webhookStack({ ...valid(), eventStore: EventStore.dynamoDb({ retention: Duration.days(days) }) }));
  expect(config.store?.retentionSeconds).toBe(days * DAY_SECONDS);
});

test.each([
  [Duration.seconds(DAY_SECONDS - 1), 'retention of the event store must be whole seconds from 1 day to 365 days, got 23 hours 59 minutes'],
  [Duration.days(366), 'got 366 days'],
  [Duration.days(0), 'from 1 day to 365 days'],
  [Duration.millis(DAY_SECONDS * 1000 + 1), 'must be whole seconds'],
  [Duration.seconds(Token.asNumber({ Ref: 'Days' })), 'is known only at deployment'],
])('fails when the retention is %s', (retention, message) => {
  expect(() => EventStore.dynamoDb({ retention })).toThrow(message);
});

describe('with a key of one\'s own', () => {
  const via = (service: string) => ({ StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', [`${service}.`, { Ref: 'AWS::Region' }, '.amazonaws.com']] } } });

  function encrypted(): { readonly source: Template; readonly key: unknown } {
    const stack = new Stack(new App(), 'Own');
    new WebhookGateway(stack, 'Hooks', {
      ...valid(),
      targets: { billing: WebhookTarget.http('https://billing.example.com', { signingSecret: WebhookSecret.fromSecretName('mine') }) },
      eventStore: EventStore.dynamoDb({ encryptionKey: new Key(stack, 'Key') }),
    });
    const source = Template.fromStack(stack);
    return { source, key: { 'Fn::GetAtt': [resource(source, 'AWS::KMS::Key').id, 'Arn'] } };
  }

  test('the table is encrypted with it', () => {
    const { source, key } = encrypted();
    expect(resource(source, 'AWS::DynamoDB::Table').properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key });
  });

  test('each role may use it through the services that it calls, and for nothing else', () => {
    const { source, key } = encrypted();
    const table = 'kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey kms:ReEncryptFrom kms:ReEncryptTo';
    const keyStatements = (role: string) => Object.fromEntries(Object.entries(statements(source, role)).filter(([actions]) => actions.includes('kms:')));
    expect(keyStatements('HooksIngestRole')).toEqual({
      [table]: { Resource: key, Condition: via('dynamodb') },
      'kms:GenerateDataKey': { Resource: key, Condition: via('s3') },
    });
    expect(keyStatements('HooksTargetsbillingRole')).toEqual({
      [table]: { Resource: key, Condition: via('dynamodb') },
      'kms:Decrypt': { Resource: key, Condition: via('s3') },
    });
    expect(keyStatements('HooksKeeperRole')).toEqual({ [table]: { Resource: key, Condition: via('dynamodb') } });
  });
});

describe('EventStore.none()', () => {
  const none = { ...valid(), eventStore: EventStore.none() };

  test('there is no table, nobody is told of one, and nobody may use one', () => {
    const stack = webhookStack(none);
    const source = Template.fromStack(stack);
    source.resourceCountIs('AWS::DynamoDB::Table', 0);
    for (const { config } of [ingestConfig(stack), deliverConfig(stack, 'billing'), keeperFile(stack)]) expect(config).not.toHaveProperty('store');
    expect(partsOf(source)).not.toHaveProperty('store');
    expect(stack.gateway.table).toBeUndefined();
    expect(JSON.stringify(source.findResources('AWS::IAM::Policy'))).not.toContain('dynamodb');
  });

  const orders = (onInvalid?: InvalidEventAction): WebhookSource => WebhookSource.github({
    secret: WebhookSecret.fromSecretName('orders'), schema: WebhookSchema.fromObject({ type: 'object' }), onInvalid,
  });

  test.each([undefined, InvalidEventAction.QUARANTINE])('fails when a source would quarantine (%s), and says what to do', (onInvalid) => {
    expect(() => Template.fromStack(webhookStack({ ...none, sources: { orders: orders(onInvalid) } }))).toThrow(
      'source "orders" quarantines events that fail its schema, but EventStore.none() keeps none: '
      + 'set its `onInvalid` to InvalidEventAction.REJECT, or give the gateway an event store');
  });

  test('takes a source that rejects', () => {
    expect(() => Template.fromStack(webhookStack({ ...none, sources: { orders: orders(InvalidEventAction.REJECT) } }))).not.toThrow();
  });

  test('a source that quarantines is welcome where there is a store', () => {
    expect(() => Template.fromStack(webhookStack({ ...valid(), sources: { orders: orders() } }))).not.toThrow();
  });
});

describe('recordResponses', () => {
  const recording = { billing: WebhookTarget.http('https://billing.example.com', { recordResponses: true }) };

  test('is told to the function, only where it is true', () => {
    expect(deliverConfig(webhookStack({ ...valid(), targets: recording }), 'billing').config.recordResponses).toBe(true);
    expect(deliverConfig(webhookStack(), 'billing').config).not.toHaveProperty('recordResponses');
    const off = { billing: WebhookTarget.http('https://billing.example.com', { recordResponses: false }) };
    expect(deliverConfig(webhookStack({ ...valid(), targets: off }), 'billing').config).not.toHaveProperty('recordResponses');
  });

  test('fails where there is no place for responses', () => {
    expect(() => webhookStack({ ...valid(), targets: recording, eventStore: EventStore.none() })).toThrow(
      'target "billing" has recordResponses, but the gateway has no event store to record them in: leave it out, or use EventStore.dynamoDb()');
  });
});
