import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { WebhookGateway, WebhookSecret, WebhookSource, WebhookTarget } from '../../lib';
import { resource, statements, target, template, valid, webhookStack } from './fixture';

const secretArn = (name: string): unknown => ({
  'Fn::Join': ['', [
    'arn:', { Ref: 'AWS::Partition' }, ':secretsmanager:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, `:secret:${name}-??????`,
  ]],
});
const arn = (id: string): unknown => ({ 'Fn::GetAtt': [id, 'Arn'] });

test('the ingest role sends to the targets\' queues, reads the sources\' secrets, and no more', () => {
  const source = template({ ...valid(), targets: { billing: target(), audit: target() } });
  const queue = (name: string): unknown => arn(resource(source, 'AWS::SQS::Queue', `GatewayTargets${name}Queue`).id);
  expect(statements(source, 'GatewayIngestRole')).toEqual({
    'logs:CreateLogStream logs:PutLogEvents': { Resource: arn(resource(source, 'AWS::Logs::LogGroup', 'GatewayIngest').id) },
    'secretsmanager:GetSecretValue': { Resource: secretArn('webhooks/github') },
    'sqs:SendMessage': { Resource: [queue('billing'), queue('audit')] },
    'xray:PutTelemetryRecords xray:PutTraceSegments': { Resource: '*' },
  });
});

test('the delivery role takes from its queue, sends to its dead-letter queue, reads its secret, and no more', () => {
  const source = template({ ...valid(), targets: { billing: target(), audit: target() } });
  expect(statements(source, 'GatewayTargetsbillingRole')).toEqual({
    'logs:CreateLogStream logs:PutLogEvents': { Resource: arn(resource(source, 'AWS::Logs::LogGroup', 'GatewayTargetsbilling').id) },
    'secretsmanager:GetSecretValue': { Resource: { Ref: resource(source, 'AWS::SecretsManager::Secret', 'GatewayTargetsbilling').id } },
    'sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage': {
      Resource: arn(resource(source, 'AWS::SQS::Queue', 'GatewayTargetsbillingQueue').id),
    },
    'sqs:SendMessage': { Resource: arn(resource(source, 'AWS::SQS::Queue', 'GatewayTargetsbillingDeadLetterQueue').id) },
    'xray:PutTelemetryRecords xray:PutTraceSegments': { Resource: '*' },
  });
});

test('the roles have no other policies', () => {
  const source = template();
  source.resourceCountIs('AWS::IAM::Policy', 2);
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
  const targets = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`t${i}`, target()]));
  const source = template({ ...valid(), targets }, { '@aws-cdk/aws-iam:minimizePolicies': flag });
  expect((statements(source, 'GatewayIngestRole')['sqs:SendMessage'] as { Resource: unknown[] }).Resource).toHaveLength(30);
  source.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
});

test('API Gateway may call the ingest function for each source\'s route', () => {
  const source = template();
  const api = resource(source, 'AWS::ApiGatewayV2::Api').id;
  source.resourcePropertiesCountIs('AWS::Lambda::Permission', {}, 1);
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
  for (const prefix of ['GatewayIngest', 'GatewayTargetsbilling']) {
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
