import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { WebhookGateway, WebhookSecret, WebhookSource, WebhookTarget } from '../../lib';
import { resource, statements, target, template, valid, webhookStack } from './fixture';
import { alias, Kind, KINDS, make, stackWith } from './target/places';

const secretArn = (name: string): unknown => ({
  'Fn::Join': ['', [
    'arn:', { Ref: 'AWS::Partition' }, ':secretsmanager:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, `:secret:${name}-??????`,
  ]],
});
const arn = (id: string): unknown => ({ 'Fn::GetAtt': [id, 'Arn'] });
const bucket = (source: Template): unknown => arn(resource(source, 'AWS::S3::Bucket').id);
const table = (source: Template): unknown => arn(resource(source, 'AWS::DynamoDB::Table').id);
const payloads = (source: Template): unknown => ({ 'Fn::Join': ['', [bucket(source), '/payloads/*']] });

test('the ingest role sends to the targets\' queues, asks the table by key and writes to it, puts big bodies, reads the sources\' secrets, and no more', () => {
  const source = template({ ...valid(), targets: { billing: target(), audit: target() } });
  const queue = (name: string): unknown => arn(resource(source, 'AWS::SQS::Queue', `GatewayTargets${name}Queue`).id);
  expect(statements(source, 'GatewayIngestRole')).toEqual({
    'dynamodb:GetItem dynamodb:Query dynamodb:UpdateItem': { Resource: table(source) },
    'logs:CreateLogStream logs:PutLogEvents': { Resource: arn(resource(source, 'AWS::Logs::LogGroup', 'GatewayIngest').id) },
    's3:PutObject': { Resource: payloads(source) },
    'secretsmanager:GetSecretValue': { Resource: secretArn('webhooks/github') },
    'sqs:SendMessage': { Resource: [queue('billing'), queue('audit')] },
    'xray:PutTelemetryRecords xray:PutTraceSegments': { Resource: '*' },
  });
});

test('the delivery role takes from its queue, reads and sets its tags, sends to its dead-letter queue, gets big bodies, writes to the table, reads its secret, and no more', () => {
  const source = template({ ...valid(), targets: { billing: target(), audit: target() } });
  expect(statements(source, 'GatewayTargetsbillingRole')).toEqual({
    'dynamodb:UpdateItem': { Resource: table(source) },
    'logs:CreateLogStream logs:PutLogEvents': { Resource: arn(resource(source, 'AWS::Logs::LogGroup', 'GatewayTargetsbilling').id) },
    's3:GetObject': { Resource: payloads(source) },
    's3:ListBucket': { Resource: bucket(source) },
    'secretsmanager:GetSecretValue': { Resource: { Ref: resource(source, 'AWS::SecretsManager::Secret', 'GatewayTargetsbilling').id } },
    'sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage': {
      Resource: arn(resource(source, 'AWS::SQS::Queue', 'GatewayTargetsbillingQueue').id),
    },
    'sqs:ListQueueTags sqs:TagQueue': { Resource: arn(resource(source, 'AWS::SQS::Queue', 'GatewayTargetsbillingQueue').id) },
    'sqs:SendMessage': { Resource: arn(resource(source, 'AWS::SQS::Queue', 'GatewayTargetsbillingDeadLetterQueue').id) },
    'xray:PutTelemetryRecords xray:PutTraceSegments': { Resource: '*' },
  });
});

test('the keeper\'s role takes from the queues, sends to the dead-letter queues, calls the functions, turns the mappings off and on, writes to the table, and no more', () => {
  const source = template({ ...valid(), targets: { billing: target(), audit: target() } });
  const all = (type: string, part: string): unknown => ['billing', 'audit'].map((name) => arn(resource(source, type, `GatewayTargets${name}${part}`).id));
  const { Resource: mappings, ...rest } = statements(source, 'GatewayKeeperRole')['lambda:GetEventSourceMapping lambda:UpdateEventSourceMapping'] as { Resource: any[] };
  expect(rest).toEqual({});
  expect(mappings.map((mapping) => mapping['Fn::Join'][1].slice(-2))).toEqual(
    ['billing', 'audit'].map((name) => [':event-source-mapping:', { Ref: resource(source, 'AWS::Lambda::EventSourceMapping', `GatewayTargets${name}`).id }]),
  );
  expect(statements(source, 'GatewayKeeperRole')).toEqual({
    'cloudwatch:GetMetricData': { Resource: '*' },
    'dynamodb:UpdateItem': { Resource: table(source) },
    'lambda:GetEventSourceMapping lambda:UpdateEventSourceMapping': expect.anything(),
    'lambda:InvokeFunction': { Resource: all('AWS::Lambda::Function', 'Function') },
    'logs:CreateLogStream logs:PutLogEvents': { Resource: arn(resource(source, 'AWS::Logs::LogGroup', 'GatewayKeeper').id) },
    'sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ListQueueTags sqs:ReceiveMessage sqs:TagQueue sqs:UntagQueue': {
      Resource: all('AWS::SQS::Queue', 'Queue'),
    },
    'sqs:GetQueueUrl sqs:SendMessage': { Resource: all('AWS::SQS::Queue', 'DeadLetterQueue') },
    'xray:PutTelemetryRecords xray:PutTraceSegments': { Resource: '*' },
  });
});

test('the roles have no other policies', () => {
  const source = template();
  source.resourceCountIs('AWS::IAM::Policy', 3);
  source.allResourcesProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent(), Policies: Match.absent() });
});

test('a secret with a customer-managed key may be decrypted, through Secrets Manager only', () => {
  const stack = new Stack(new App(), 'Own');
  const encryptionKey = new Key(stack, 'Key');
  const secret = new Secret(stack, 'Secret', { encryptionKey });
  new WebhookGateway(stack, 'Hooks', {
    sources: { github: WebhookSource.github({ secret: WebhookSecret.fromSecretsManager(secret) }) },
    targets: { billing: WebhookTarget.http('https://billing.example.com', { signingSecret: WebhookSecret.generate({ encryptionKey }) }) },
  });
  const source = Template.fromStack(stack);
  const decrypt = {
    Resource: arn(resource(source, 'AWS::KMS::Key').id),
    Condition: {
      StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['secretsmanager.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } },
    },
  };
  expect(statements(source, 'HooksIngestRole')['kms:Decrypt']).toEqual(decrypt);
  expect(statements(source, 'HooksTargetsbillingRole')['kms:Decrypt']).toEqual(decrypt);
});

test('of a parameter, a role gets the parameter and decrypts with the key it names, through Parameter Store only, and no more', () => {
  const stack = new Stack(new App(), 'Own');
  const encryptionKey = new Key(stack, 'Key');
  const secret = (id: string) => WebhookSecret.fromSsmParameter(
    StringParameter.fromSecureStringParameterAttributes(stack, id, { parameterName: `/webhooks/${id}`, encryptionKey }));
  new WebhookGateway(stack, 'Hooks', {
    sources: { github: WebhookSource.github({ secret: secret('github') }) },
    targets: { billing: WebhookTarget.http('https://billing.example.com', { signingSecret: secret('billing') }) },
  });
  const source = Template.fromStack(stack);
  for (const [role, id] of [['HooksIngestRole', 'github'], ['HooksTargetsbillingRole', 'billing']] as const) {
    const all = statements(source, role);
    expect(Object.entries(all).filter(([actions]) => /\b(ssm|secretsmanager|kms):/.test(actions))).toEqual([
      ['ssm:GetParameter', {
        Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ssm:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, `:parameter/webhooks/${id}`]] },
      }],
      ['kms:Decrypt', {
        Resource: arn(resource(source, 'AWS::KMS::Key').id),
        Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['ssm.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } } },
      }],
    ]);
  }
});

test('a secret that is imported by name or partial ARN is granted with the suffix it has', () => {
  const stack = new Stack(new App(), 'Own', { env: { account: '111111111111', region: 'eu-central-1' } });
  const byName = Secret.fromSecretNameV2(stack, 'ByName', 'by-name');
  const complete = Secret.fromSecretCompleteArn(stack, 'Complete', 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:complete-AbCdEf');
  new WebhookGateway(stack, 'Hooks', {
    ...valid(),
    sources: {
      named: WebhookSource.github({ secret: WebhookSecret.fromSecretsManager(byName) }),
      complete: WebhookSource.github({ secret: WebhookSecret.fromSecretsManager(complete) }),
    },
  });
  expect(statements(Template.fromStack(stack), 'HooksIngestRole')['secretsmanager:GetSecretValue']).toEqual({
    Resource: [
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':secretsmanager:eu-central-1:111111111111:secret:by-name-??????']] },
      'arn:aws:secretsmanager:eu-central-1:111111111111:secret:complete-AbCdEf',
    ],
  });
});

test.each([false, true])('all queues share a statement, so that many targets fit a role (minimizePolicies: %s)', (flag) => {
  const targets = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`t${i}`, target()]));
  const source = template({ ...valid(), targets }, { '@aws-cdk/aws-iam:minimizePolicies': flag });
  expect((statements(source, 'GatewayIngestRole')['sqs:SendMessage'] as { Resource: unknown[] }).Resource).toHaveLength(33);
  const managed = Object.entries(source.findResources('AWS::IAM::ManagedPolicy'));
  expect(managed.filter(([id]) => !id.startsWith('GatewayKeeperRole'))).toEqual([]);
  // 6,144 characters are allowed, and the longest ARN of a queue has 130.
  for (const [, { Properties }] of managed) {
    expect(Properties.PolicyDocument.Statement.flatMap(({ Resource }: any) => Resource).length * 130).toBeLessThan(6_000);
  }
});

test('API Gateway may call the ingest function for each source\'s route', () => {
  const source = template();
  const api = resource(source, 'AWS::ApiGatewayV2::Api').id;
  source.resourcePropertiesCountIs('AWS::Lambda::Permission', { Principal: 'apigateway.amazonaws.com' }, 1);
  source.hasResourceProperties('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    SourceArn: {
      'Fn::Join': ['', [
        'arn:', { Ref: 'AWS::Partition' }, ':execute-api:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':', { Ref: api }, '/*/*/github',
      ]],
    },
  });
});

test('a function waits for the policy of its role', () => {
  const source = template();
  for (const prefix of ['GatewayIngest', 'GatewayKeeper', 'GatewayTargetsbilling']) {
    const policy = resource(source, 'AWS::IAM::Policy', prefix).id;
    expect(resource(source, 'AWS::Lambda::Function', prefix).all.DependsOn).toContain(policy);
  }
});

test('a custom target\'s grants come to the role that it was handed', () => {
  const stack = webhookStack();
  stack.gateway.addTarget('custom', {
    bind(scope, { role }) {
      // An id that the gateway uses for a part of its own.
      new Secret(scope, 'Queue').grantRead(role);
      return { senderDirectory: `${__dirname}/target/sender` };
    },
  });
  expect(statements(Template.fromStack(stack), 'GatewayTargetscustomRole')).toHaveProperty(['secretsmanager:DescribeSecret secretsmanager:GetSecretValue']);
});

describe('the delivery role of each kind of target, and no more', () => {
  /** What every delivery role has, whatever the target is; the dead-letter queue is beside it because a queue shares its statement. */
  function common(source: Template): { readonly statements: { [action: string]: unknown }; readonly deadLetterQueue: unknown } {
    const queue = arn(resource(source, 'AWS::SQS::Queue', 'GatewayTargetsownQueue').id);
    const deadLetterQueue = arn(resource(source, 'AWS::SQS::Queue', 'GatewayTargetsownDeadLetterQueue').id);
    const payloadBucket = arn(resource(source, 'AWS::S3::Bucket', 'GatewayPayloads').id);
    return {
      deadLetterQueue,
      statements: {
        'dynamodb:UpdateItem': { Resource: table(source) },
        'logs:CreateLogStream logs:PutLogEvents': { Resource: arn(resource(source, 'AWS::Logs::LogGroup', 'GatewayTargetsown').id) },
        's3:GetObject': { Resource: { 'Fn::Join': ['', [payloadBucket, '/payloads/*']] } },
        's3:ListBucket': { Resource: payloadBucket },
        'sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage': { Resource: queue },
        'sqs:ListQueueTags sqs:TagQueue': { Resource: queue },
        'sqs:SendMessage': { Resource: deadLetterQueue },
        'xray:PutTelemetryRecords xray:PutTraceSegments': { Resource: '*' },
      },
    };
  }

  const own = (source: Template, type: string): string => resource(source, type, 'Own').id;

  /** The statement that a kind adds, and how a key of the user's is used. */
  interface Added {
    readonly add: (source: Template, deadLetterQueue: unknown) => object;
    readonly key?: [actions: string, service: string];
  }
  const ADDED: { readonly [kind in Kind]: Added } = {
    'queue': {
      add: (source, deadLetterQueue) => ({ 'sqs:SendMessage': { Resource: [arn(own(source, 'AWS::SQS::Queue')), deadLetterQueue] } }),
      key: ['kms:Decrypt kms:GenerateDataKey', 'sqs'],
    },
    'topic': { add: (source) => ({ 'sns:Publish': { Resource: { Ref: own(source, 'AWS::SNS::Topic') } } }), key: ['kms:Decrypt kms:GenerateDataKey', 'sns'] },
    'event-bus': { add: (source) => ({ 'events:PutEvents': { Resource: arn(own(source, 'AWS::Events::EventBus')) } }) },
    'function': { add: (source) => ({ 'lambda:InvokeFunction': { Resource: arn(own(source, 'AWS::Lambda::Function')) } }) },
    'state-machine': { add: (source) => ({ 'states:StartExecution': { Resource: { Ref: own(source, 'AWS::StepFunctions::StateMachine') } } }) },
    'stream': { add: (source) => ({ 'kinesis:PutRecords': { Resource: arn(own(source, 'AWS::Kinesis::Stream')) } }), key: ['kms:GenerateDataKey', 'kinesis'] },
    'delivery-stream': { add: (source) => ({ 'firehose:PutRecordBatch': { Resource: arn(own(source, 'AWS::KinesisFirehose::DeliveryStream')) } }) },
    'bucket': {
      add: (source) => ({ 's3:PutObject': { Resource: { 'Fn::Join': ['', [arn(own(source, 'AWS::S3::Bucket')), '/*']] } } }),
      key: ['kms:GenerateDataKey', 's3'],
    },
  };

  test.each(KINDS)('%s', (kind) => {
    const source = Template.fromStack(stackWith((stack) => make[kind](stack)));
    const { statements: expected, deadLetterQueue } = common(source);
    expect(statements(source, 'GatewayTargetsownRole')).toEqual({ ...expected, ...ADDED[kind].add(source, deadLetterQueue) });
  });

  test.each(KINDS.filter((kind) => ADDED[kind].key))('%s, encrypted with a key of one\'s own', (kind) => {
    const [actions, service] = ADDED[kind].key as [string, string];
    const source = Template.fromStack(stackWith((stack) => make[kind](stack, {}, new Key(stack, 'Key'))));
    const { statements: expected, deadLetterQueue } = common(source);
    expect(statements(source, 'GatewayTargetsownRole')).toEqual({
      ...expected,
      ...ADDED[kind].add(source, deadLetterQueue),
      [actions]: {
        Resource: arn(resource(source, 'AWS::KMS::Key').id),
        Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', [`${service}.`, { Ref: 'AWS::Region' }, '.amazonaws.com']] } } },
      },
    });
  });

  test('an alias of a function, and neither the function nor another version', () => {
    const source = Template.fromStack(stackWith((stack) => WebhookTarget.function(alias(stack))));
    expect(statements(source, 'GatewayTargetsownRole')['lambda:InvokeFunction']).toEqual({ Resource: { Ref: resource(source, 'AWS::Lambda::Alias').id } });
  });

  test('a bucket below a prefix only', () => {
    const source = Template.fromStack(stackWith((stack) => WebhookTarget.bucket(new Bucket(stack, 'Own'), { keyPrefix: 'hooks/' })));
    expect(statements(source, 'GatewayTargetsownRole')['s3:PutObject']).toEqual({ Resource: { 'Fn::Join': ['', [arn(own(source, 'AWS::S3::Bucket')), '/hooks/*']] } });
  });

  test('nothing is granted on the resource itself, whose policies stay as they are', () => {
    const source = Template.fromStack(stackWith((stack) => make.function(stack)));
    expect(Object.keys(source.findResources('AWS::Lambda::Permission')).filter((id) => id.startsWith('Own'))).toEqual([]);
  });
});
