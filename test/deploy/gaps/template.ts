import { FUNCTION_CODE } from './function-code';

type Properties = { readonly [name: string]: unknown };

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Properties;
  readonly DeletionPolicy?: string;
}

type TemplateResources = { readonly [logicalId: string]: TemplateResource };

interface MappedQueue {
  readonly queue?: Properties;
  readonly mapping?: Properties;
  readonly function?: string;
}

const ref = (Ref: string) => ({ Ref });
const attribute = (logicalId: string, name: string) => ({ 'Fn::GetAtt': [logicalId, name] });

export const MEMORY_MB = 192;
export const TIMEOUT_SECONDS = 5;
/** The one that the reading role may get. */
export const PARAMETER = '/probes/secret';
/** As short as the function's timeout lets it be: what comes again shall come soon. */
const VISIBILITY_SECONDS = TIMEOUT_SECONDS;

/** Queues that the function takes messages from, and how. */
const MAPPED_QUEUES: { readonly [name: string]: MappedQueue } = {
  Partial: {},
  EmptyIdentifier: {},
  UnknownIdentifier: {},
  Poison: { queue: { RedrivePolicy: { deadLetterTargetArn: attribute('DeadLetters', 'Arn'), maxReceiveCount: 2 } } },
  Throwing: {},
  Filtered: { mapping: { FilterCriteria: { Filters: [{ Pattern: '{"body":{"keep":[true]}}' }] } } },
  Window: { mapping: { BatchSize: 100, MaximumBatchingWindowInSeconds: 4 } },
  BigBatch: { mapping: { BatchSize: 100, MaximumBatchingWindowInSeconds: 1 } },
  Parallel: { mapping: { BatchSize: 1 }, queue: { VisibilityTimeout: 60 } },
  Limited: { mapping: { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } }, queue: { VisibilityTimeout: 60 } },
  Reserved: { mapping: { BatchSize: 1 }, queue: { VisibilityTimeout: 60 }, function: 'ReservedFunction' },
  Record: {},
  Impatient: { queue: { VisibilityTimeout: 1 } },
};

/** What all probes look at: one stack, without the CDK, so that it is no more than what they need. */
export function template(): { Parameters: Properties; Resources: TemplateResources; Outputs: { [name: string]: { Value: unknown } } } {
  const throttle = { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 };
  return {
    Parameters: { Recorder: { Type: 'String' } },
    Resources: {
      ...plainQueues(),
      ...functions(),
      ...Object.assign({}, ...Object.entries(MAPPED_QUEUES).map(([name, options]) => mappedQueue(name, options))),
      ...api('Api', ['/echo', '/throw', '/limited'], {
        RouteSettings: { 'ANY /limited': throttle },
        AccessLogSettings: { DestinationArn: attribute('AccessLog', 'Arn'), Format: '$context.requestId $context.status' },
      }),
      ...api('SlowApi', ['/echo'], { DefaultRouteSettings: throttle }),
      AccessLog: { Type: 'AWS::Logs::LogGroup' },
      ...targets(),
      Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true } } },
    },
    Outputs: { SecretRef: { Value: ref('Secret') }, SecretArn: { Value: attribute('Secret', 'Id') }, FunctionArn: { Value: attribute('Function', 'Arn') } },
  };
}

function plainQueues(): TemplateResources {
  const queue = (properties: Properties = {}): TemplateResource => ({ Type: 'AWS::SQS::Queue', Properties: properties });
  return {
    DeadLetters: queue(),
    Dead: queue(),
    Alive: queue({ RedrivePolicy: { deadLetterTargetArn: attribute('Dead', 'Arn'), maxReceiveCount: 7 } }),
    Decorated: queue({
      KmsMasterKeyId: 'alias/aws/sqs', RedriveAllowPolicy: { redrivePermission: 'denyAll' }, Tags: [{ Key: 'team', Value: 'probes' }],
    }),
    Fifo: queue({ FifoQueue: true }),
    Retained: { ...queue(), DeletionPolicy: 'Retain' },
    Deleted: queue(),
    Large: queue(),
  };
}

function functions(): TemplateResources {
  const properties = {
    Runtime: 'nodejs22.x', Handler: 'index.handler', Code: { ZipFile: FUNCTION_CODE }, Role: attribute('Role', 'Arn'), MemorySize: MEMORY_MB,
    Timeout: TIMEOUT_SECONDS, Environment: { Variables: { RECORDER: ref('Recorder') } },
  };
  return {
    Role: role(),
    Logs: { Type: 'AWS::Logs::LogGroup' },
    Function: { Type: 'AWS::Lambda::Function', Properties: { ...properties, LoggingConfig: { LogGroup: ref('Logs') } } },
    ReservedFunction: { Type: 'AWS::Lambda::Function', Properties: { ...properties, ReservedConcurrentExecutions: 1 } },
    ShortFunction: { Type: 'AWS::Lambda::Function', Properties: { ...properties, Timeout: 1 } },
  };
}

/** The role of functions and services. The probes put it on too, to see what it may not do. */
function role(Action = ['sqs:*', 'logs:*', 's3:*', 'lambda:GetEventSourceMapping'], Resource: unknown = '*'): TemplateResource {
  const services = ['lambda', 'states', 'firehose'].map((service) => `${service}.amazonaws.com`);
  const Principal = { Service: services, AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' } };
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: policy({ Action: 'sts:AssumeRole', Principal }),
      Policies: [{ PolicyName: 'Probes', PolicyDocument: policy({ Action, Resource }) }],
    },
  };
}

function policy(statement: Properties): Properties {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] };
}

/** Services that can be targets. */
function targets(): TemplateResources {
  const anyone = (Action: string) => policy({ Action, Principal: '*', Resource: '*' });
  const aes = [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }];
  const logs = [{ CloudWatchLogsLogGroup: { LogGroupArn: attribute('ExecutionLogs', 'Arn') } }];
  return {
    SendingRole: role(['sqs:SendMessage', 'sns:Publish']),
    ReadingRole: role(['ssm:GetParameter'], { 'Fn::Sub': `arn:aws:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter${PARAMETER}` }),
    Topic: { Type: 'AWS::SNS::Topic' },
    Subscribed: { Type: 'AWS::SQS::Queue' },
    SubscribedPolicy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [ref('Subscribed')], PolicyDocument: anyone('sqs:SendMessage') } },
    Subscription: {
      Type: 'AWS::SNS::Subscription',
      Properties: { TopicArn: ref('Topic'), Protocol: 'sqs', Endpoint: attribute('Subscribed', 'Arn'), RawMessageDelivery: true },
    },
    Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: anyone('kms:CreateGrant') } },
    Encrypted: { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: attribute('Key', 'Arn') } },
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: { 'Fn::Sub': '${AWS::StackName}-Bus' } } },
    ExecutionLogs: { Type: 'AWS::Logs::LogGroup' },
    StateMachine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: attribute('Role', 'Arn'), DefinitionString: '{"StartAt":"Done","States":{"Done":{"Type":"Pass","End":true}}}',
        LoggingConfiguration: { Level: 'ALL', Destinations: logs },
      },
    },
    Stream: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } },
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketEncryption: { ServerSideEncryptionConfiguration: aes } } },
    DeliveryStream: {
      Type: 'AWS::KinesisFirehose::DeliveryStream',
      Properties: {
        S3DestinationConfiguration: {
          BucketARN: attribute('Bucket', 'Arn'), RoleARN: attribute('Role', 'Arn'), BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 5 },
        },
      },
    },
  };
}

function mappedQueue(name: string, options: MappedQueue): TemplateResources {
  return {
    [name]: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: VISIBILITY_SECONDS, ...options.queue } },
    [`${name}Mapping`]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: attribute(name, 'Arn'), FunctionName: ref(options.function ?? 'Function'), BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'], ...options.mapping,
      },
    },
  };
}

/** An HTTP API in front of the function. */
function api(name: string, paths: readonly string[], stage: Properties): TemplateResources {
  const routes = paths.map((path): [string, TemplateResource] => [`${name}${path.slice(1)}Route`, {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: { ApiId: ref(name), RouteKey: `ANY ${path}`, Target: { 'Fn::Sub': `integrations/\${${name}Integration}` } },
  }]);
  return {
    [name]: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: name, ProtocolType: 'HTTP' } },
    [`${name}Integration`]: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: { ApiId: ref(name), IntegrationType: 'AWS_PROXY', IntegrationUri: attribute('Function', 'Arn'), PayloadFormatVersion: '2.0' },
    },
    ...Object.fromEntries(routes),
    [`${name}Stage`]: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: ref(name), StageName: '$default', AutoDeploy: true, ...stage } },
    [`${name}Permission`]: {
      Type: 'AWS::Lambda::Permission',
      Properties: { Action: 'lambda:InvokeFunction', FunctionName: ref('Function'), Principal: 'apigateway.amazonaws.com' },
    },
  };
}
