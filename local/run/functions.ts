import type { Resource } from '../assembly/deployed-stack';
import { codeDirectory } from '../assembly/assets';
import type { Deployment } from '../assembly/deployment';
import type { FunctionDefinition } from '../lambda/invocation';
import type { Warn } from './lines';

/** A function of the assembly that can run here. */
export interface FunctionPlan {
  readonly definition: FunctionDefinition;
  /** Reserved concurrency, where the template has it. */
  readonly concurrency?: number;
  /** How often an asynchronous invocation that fails is tried again, where the template says so. */
  readonly asyncRetries?: number;
}

export interface FunctionSettings {
  /** Variables that every function gets. */
  readonly environment: { readonly [name: string]: string };
  /** Variables of one function in place of those of its template, by its ARN. */
  readonly overrides: ReadonlyMap<string, { readonly [name: string]: string }>;
  /** Turns AWS's own addresses of APIs that run here into their addresses here. */
  readonly localUrls: (text: string) => string;
}

/** Types that a function may be given because they run here or their calls are recorded, or because it needs nothing of them. */
const MADE = new Set([
  'AWS::SQS::Queue', 'AWS::SecretsManager::Secret', 'AWS::S3::Bucket', 'AWS::Lambda::Function', 'AWS::Lambda::EventSourceMapping', 'AWS::Events::Rule',
  'AWS::SNS::Topic', 'AWS::Events::EventBus', 'AWS::StepFunctions::StateMachine', 'AWS::Kinesis::Stream', 'AWS::KinesisFirehose::DeliveryStream',
  'AWS::DynamoDB::Table', 'AWS::ApiGatewayV2::Api', 'AWS::ApiGatewayV2::Stage', 'AWS::CloudFormation::Stack', 'AWS::IAM::Role', 'AWS::Logs::LogGroup',
]);

/** A variable with another endpoint would lead a client past this run, to AWS. */
const ENDPOINT_VARIABLE = /^AWS_(ENDPOINT_URL.*|IGNORE_CONFIGURED_ENDPOINT_URLS)$/;

/** Every function of the assembly, by ARN. */
export function functionResources(deployment: Deployment): Map<string, Resource> {
  return new Map(deployment.resources('AWS::Lambda::Function').map((resource) => [arnOf(resource), resource]));
}

/**
 * The function that a route or a mapping names: by name, by ARN with or without a version, or inside the ARN of its invocation.
 * Undefined, with a warning for `user`, where it cannot run.
 */
export function findFunction(reference: string, functions: ReadonlyMap<string, Resource>, user: string, warn: Warn): string | undefined {
  const [arn, resource] = [...functions].find(([candidate]) => isNamed(candidate, reference)) ?? [];
  const problem = resource ? problemOf(resource) : 'is in no stack of the assembly';
  if (problem === undefined) return arn;
  warn('not-run', `${user} is left out: its function ${JSON.stringify(resource?.logicalId ?? reference)} ${problem}`);
  return undefined;
}

function isNamed(arn: string, reference: string): boolean {
  return arn.endsWith(`:function:${/:function:([^:/]+)/.exec(reference)?.[1] ?? reference}`);
}

export function planFunction(resource: Resource, settings: FunctionSettings, warn: Warn): FunctionPlan {
  const { stack, logicalId } = resource;
  const arn = arnOf(resource);
  const where = `the function ${JSON.stringify(logicalId)} of stack ${JSON.stringify(stack.name)}`;
  const { S3Key } = stack.property(logicalId, 'Code') as { S3Key?: string };
  const concurrency = stack.property(logicalId, 'ReservedConcurrentExecutions');
  const asyncRetries = asyncRetriesOf(resource, arn);
  const { Layers, VpcConfig } = stack.resource(logicalId).Properties ?? {};
  if (Layers !== undefined) warn('not-run', `the layers of ${where} are left out`);
  if (VpcConfig !== undefined) warn('not-run', `the VPC of ${where} is left out: it reaches what this machine reaches`);
  return {
    definition: {
      name: stack.identity(logicalId).ref,
      arn,
      codeDirectory: codeDirectory(stack.definition.assets, String(S3Key), where),
      handler: String(stack.property(logicalId, 'Handler')),
      environment: { ...ownVariables(resource, where, settings, warn), ...settings.environment, ...settings.overrides.get(arn) },
      timeoutSeconds: Number(stack.property(logicalId, 'Timeout') ?? 3),
      memoryMegabytes: Number(stack.property(logicalId, 'MemorySize') ?? 128),
    },
    ...(concurrency !== undefined && { concurrency: Number(concurrency) }),
    ...(asyncRetries !== undefined && { asyncRetries: Number(asyncRetries) }),
  };
}

function asyncRetriesOf({ stack }: Resource, arn: string): unknown {
  const config = stack.resources('AWS::Lambda::EventInvokeConfig')
    .find(({ logicalId }) => isNamed(arn, String(stack.property(logicalId, 'FunctionName'))));
  return config && stack.property(config.logicalId, 'MaximumRetryAttempts');
}

/** One variable as the template has it. */
export function variableOf({ stack, logicalId }: Resource, name: string): string | undefined {
  const { Variables = {} } = (stack.property(logicalId, 'Environment') ?? {}) as { Variables?: { [name: string]: unknown } };
  return Variables[name] === undefined ? undefined : String(Variables[name]);
}

/** The template's variables. What they name and is not made here, the function will not find: that is said once for each. */
function ownVariables({ stack, logicalId }: Resource, where: string, { localUrls }: FunctionSettings, warn: Warn): { [name: string]: string } {
  const missing = new Map<string, string>();
  const { Variables = {} } = (stack.property(logicalId, 'Environment', (named) => {
    if (!MADE.has(named.type)) missing.set(`${named.stack.name}/${named.logicalId}`, `${JSON.stringify(named.logicalId)} (${named.type})`);
  }) ?? {}) as { Variables?: { [name: string]: unknown } };
  for (const part of missing.values()) warn('not-made', `${where} is given ${part}, which a local run does not make: what it asks of it will fail`);
  return Object.fromEntries(Object.entries(Variables)
    .filter(([name]) => !ENDPOINT_VARIABLE.test(name))
    .map(([name, value]) => [name, localUrls(String(value))]));
}

function problemOf({ stack, logicalId }: Resource): string | undefined {
  const code = stack.property(logicalId, 'Code') as { S3Key?: unknown; ImageUri?: unknown };
  const runtime = stack.property(logicalId, 'Runtime');
  if (code.ImageUri !== undefined) return 'is a container image, and a local run has Node.js only';
  if (!String(runtime).startsWith('nodejs')) return `has the runtime ${JSON.stringify(runtime)}, and a local run has Node.js only`;
  return code.S3Key === undefined ? 'has its code in the template, and a local run takes a folder only' : undefined;
}

function arnOf({ stack, logicalId }: Resource): string {
  return stack.identity(logicalId).attributes.Arn as string;
}
