import { LOWER_ALPHANUMERIC, stableId, stableUuid, UPPER_ALPHANUMERIC } from '../stable-id';
import type { RunEnvironment } from './run-environment';

/** What `Ref` and `Fn::GetAtt` of one resource give. */
export interface PhysicalResource {
  readonly ref: string;
  readonly attributes: { readonly [name: string]: string };
}

/** One resource whose identity is asked for. */
export interface Identifiable {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  /** A property's value with its intrinsic functions carried out, or undefined. */
  property(name: string): unknown;
}

type Identify = (resource: Identifiable, environment: RunEnvironment) => PhysicalResource;

/** The types whose `Ref` or attributes a function of a gateway may well be given. All others are guessed by `guess`. */
const IDENTITIES: { readonly [type: string]: Identify } = {
  'AWS::SQS::Queue': (resource, environment) => {
    const name = queueName(resource);
    const url = environment.queueUrl(name);
    return { ref: url, attributes: { QueueName: name, QueueUrl: url, Arn: arn(environment, 'sqs', name) } };
  },
  'AWS::Lambda::Function': (resource, environment) => {
    const name = given(resource, 'FunctionName') ?? generated(resource, 64);
    return { ref: name, attributes: { Arn: arn(environment, 'lambda', `function:${name}`) } };
  },
  'AWS::Lambda::Version': (resource, environment) => qualified(resource, environment, '1'),
  'AWS::Lambda::Alias': (resource, environment) => qualified(resource, environment, given(resource, 'Name') ?? 'live'),
  'AWS::Lambda::EventSourceMapping': (resource, environment) => {
    const id = stableUuid(seed(resource));
    return { ref: id, attributes: { Id: id, EventSourceMappingArn: arn(environment, 'lambda', `event-source-mapping:${id}`) } };
  },
  'AWS::Events::Rule': (resource, environment) => {
    const name = given(resource, 'Name') ?? generated(resource, 64);
    return { ref: name, attributes: { Arn: arn(environment, 'events', `rule/${name}`) } };
  },
  'AWS::SecretsManager::Secret': (resource, environment) => {
    const secretArn = environment.secretArn(secretName(resource));
    return { ref: secretArn, attributes: { Id: secretArn } };
  },
  'AWS::ApiGatewayV2::Api': (resource, environment) => {
    const id = stableId(seed(resource), 10, LOWER_ALPHANUMERIC);
    return { ref: id, attributes: { ApiId: id, ApiEndpoint: `https://${id}.execute-api.${environment.region}.${environment.urlSuffix}` } };
  },
  'AWS::ApiGatewayV2::DomainName': (resource, environment) => {
    const host = `d-${stableId(seed(resource), 10, LOWER_ALPHANUMERIC)}.execute-api.${environment.region}.${environment.urlSuffix}`;
    const zone = `Z${stableId(`${seed(resource)}/zone`, 13, UPPER_ALPHANUMERIC)}`;
    return { ref: String(resource.property('DomainName')), attributes: { RegionalDomainName: host, RegionalHostedZoneId: zone } };
  },
  'AWS::ApiGatewayV2::Integration': shortId('IntegrationId'),
  'AWS::ApiGatewayV2::Route': shortId('RouteId'),
  'AWS::ApiGatewayV2::Stage': (resource) => ({ ref: given(resource, 'StageName') ?? '$default', attributes: {} }),
  'AWS::IAM::Role': (resource, environment) => {
    const name = given(resource, 'RoleName') ?? generated(resource, 64);
    return { ref: name, attributes: { Arn: globalArn(environment, 'iam', `role/${name}`) } };
  },
  'AWS::Logs::LogGroup': (resource, environment) => {
    const name = given(resource, 'LogGroupName') ?? generated(resource, 512);
    return { ref: name, attributes: { Arn: `${arn(environment, 'logs', `log-group:${name}`)}:*` } };
  },
  'AWS::SNS::Topic': (resource, environment) => {
    const name = given(resource, 'TopicName') ?? fifoName(resource, 'FifoTopic', 256);
    const topicArn = arn(environment, 'sns', name);
    return { ref: topicArn, attributes: { TopicArn: topicArn, TopicName: name } };
  },
  'AWS::Events::EventBus': (resource, environment) => named(resource, 'Name', (name) => arn(environment, 'events', `event-bus/${name}`)),
  'AWS::StepFunctions::StateMachine': (resource, environment) => {
    const name = given(resource, 'StateMachineName') ?? generated(resource, 80);
    const stateMachineArn = arn(environment, 'states', `stateMachine:${name}`);
    return { ref: stateMachineArn, attributes: { Arn: stateMachineArn, Name: name } };
  },
  'AWS::Kinesis::Stream': (resource, environment) => named(resource, 'Name', (name) => arn(environment, 'kinesis', `stream/${name}`)),
  'AWS::KinesisFirehose::DeliveryStream': (resource, environment) => (
    named(resource, 'DeliveryStreamName', (name) => arn(environment, 'firehose', `deliverystream/${name}`))),
  'AWS::DynamoDB::Table': (resource, environment) => named(resource, 'TableName', (name) => arn(environment, 'dynamodb', `table/${name}`)),
  'AWS::S3::Bucket': (resource, environment) => {
    const name = given(resource, 'BucketName') ?? generated(resource, 63).toLowerCase();
    return { ref: name, attributes: { Arn: `arn:${environment.partition}:s3:::${name}` } };
  },
};

export function identify(resource: Identifiable, environment: RunEnvironment): PhysicalResource {
  return (IDENTITIES[resource.type] ?? guess)(resource, environment);
}

/** The name CloudFormation makes for a secret: without the stack's. */
export function secretName(resource: Identifiable): string {
  return given(resource, 'Name') ?? `${resource.logicalId}-${random(resource)}`;
}

export function queueName(resource: Identifiable): string {
  return given(resource, 'QueueName') ?? fifoName(resource, 'FifoQueue', 80);
}

function fifoName(resource: Identifiable, property: string, maxLength: number): string {
  const fifo = String(resource.property(property) ?? false) === 'true';
  return fifo ? `${generated(resource, maxLength - '.fifo'.length)}.fifo` : generated(resource, maxLength);
}

/** A name of the form that CloudFormation makes: stack, logical id and twelve characters, the first two cut to fit. */
export function generated(resource: Pick<Identifiable, 'stackName' | 'logicalId'>, maxLength: number): string {
  const room = maxLength - 14;
  const logicalId = resource.logicalId.slice(0, Math.max(room - resource.stackName.length, Math.floor(room / 2)));
  return `${resource.stackName.slice(0, room - logicalId.length)}-${logicalId}-${random(resource)}`;
}

/** For a type that a local run does not make: an id and an ARN that look right, so that a template resolves. */
function guess(resource: Identifiable, environment: RunEnvironment): PhysicalResource {
  const [, service = 'custom', kind = 'resource'] = resource.type.split('::');
  const ref = given(resource, `${kind}Name`) ?? given(resource, 'Name') ?? generated(resource, 128);
  return { ref, attributes: { Arn: arn(environment, service.toLowerCase(), `${kind.toLowerCase()}/${ref}`) } };
}

/** `Ref` is the name. */
function named(resource: Identifiable, property: string, arnOf: (name: string) => string): PhysicalResource {
  const name = given(resource, property) ?? generated(resource, 64);
  return { ref: name, attributes: { Arn: arnOf(name), Name: name } };
}

function shortId(attribute: string): Identify {
  return (resource) => {
    const id = stableId(seed(resource), 7, LOWER_ALPHANUMERIC);
    return { ref: id, attributes: { [attribute]: id } };
  };
}

/** A version or an alias: the ARN of the function with a qualifier. */
function qualified(resource: Identifiable, environment: RunEnvironment, qualifier: string): PhysicalResource {
  const name = String(resource.property('FunctionName'));
  const ref = `${name.startsWith('arn:') ? name : arn(environment, 'lambda', `function:${name}`)}:${qualifier}`;
  return { ref, attributes: { FunctionArn: ref, AliasArn: ref, Version: qualifier } };
}

function given(resource: Identifiable, property: string): string | undefined {
  const value = resource.property(property);
  return typeof value === 'string' ? value : undefined;
}

function random(resource: Pick<Identifiable, 'stackName' | 'logicalId'>): string {
  return stableId(seed(resource), 12, UPPER_ALPHANUMERIC);
}

function seed({ stackName, logicalId }: Pick<Identifiable, 'stackName' | 'logicalId'>): string {
  return `${stackName}/${logicalId}`;
}

function arn({ partition, region, account }: RunEnvironment, service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

function globalArn({ partition, account }: RunEnvironment, service: string, resource: string): string {
  return `arn:${partition}:${service}::${account}:${resource}`;
}
