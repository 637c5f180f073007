import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import { CfnFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import { logicalId } from './logical-id';

const SECOND_GATEWAY = 'move some of them to a second gateway in a stack of its own';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MAX_RESOURCES = 500;
const RESOURCE_LIMIT_CONTEXT = '@aws-cdk/core:stackResourceLimit';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: all names and values of a function's environment. */
const MAX_ENVIRONMENT_BYTES = 4096;
/** The same page: all statements of a function's resource-based policy. */
const MAX_POLICY_BYTES = 20_480;

/** What a queue URL, or a secret's ARN, adds to the resource's name: host or service, account, and the six characters of Secrets Manager. */
const AROUND_NAME_BYTES: { [resourceType: string]: number } = { 'AWS::SQS::Queue': 40, 'AWS::SecretsManager::Secret': 51 };
const ARN_BYTES = 60;
const LONGEST_REGION_BYTES = 14;
/** What `Ref` says of an event source mapping is a UUID, and of the others a name, at its longest. */
const REF_BYTES: { [resourceType: string]: number } = { 'AWS::Lambda::EventSourceMapping': 36, 'AWS::Lambda::Function': 64, 'AWS::S3::Bucket': 63 };
/** CloudFormation ends the names it makes up with a hyphen and twelve characters, and keeps most within 80. */
const RANDOM_NAME_BYTES = 13;
const MAX_NAME_BYTES = 80;
/** Those of tables are as long as DynamoDB has them, and `Ref` is no more than the name. */
const MAX_TABLE_NAME_BYTES = 255;

/** One statement that lets API Gateway call a function, with names as long as Lambda has them, but without the path. */
const PERMISSION_BYTES = 418;

/** The parts of a gateway that limits are about. */
export interface LimitedParts {
  readonly sources: (IConstruct & { readonly path: string; readonly ingestFunction: IFunction })[];
  readonly targets: (IConstruct & { readonly deliveryFunction: IFunction })[];
  /** The function that sources share. */
  readonly ingest: IFunction;
  readonly keeper: IFunction;
  readonly localRun: boolean;
}

/** What a deployment would fail of, in sentences. */
export function limitProblems(stack: Stack, { sources, targets, ingest, keeper, localRun }: LimitedParts): string[] {
  const sharing = sources.filter(({ ingestFunction }) => ingestFunction === ingest);
  const own = sources.filter((source) => !sharing.includes(source));
  return [
    resourceProblem(stack, sources, targets),
    // A local run calls the function without asking its policy.
    localRun ? undefined : permissionProblem(ingest, sharing.map((source) => source.path)),
    ...environmentProblems(stack, [
      { func: ingest, entries: `the URL of each target's queue (${targets.length}), the ARN of each source's secret, and the URL of each source whose sender signs it` },
      ...own.map((source) => ({ func: source.ingestFunction, entries: 'the URL of the queue of each target that takes the source\'s events, and the ARNs of its secrets' })),
      { func: keeper, entries: `the id of each target's event source mapping (${targets.length})` },
      ...targets.map((target) => ({
        func: target.deliveryFunction, entries: 'what the target sets, such as its URL, its queues\' URLs and its secrets\' ARNs', cure: 'shorten what the target sets',
      })),
    ]),
  ].filter((problem) => problem !== undefined);
}

/** More resources than a template may have. */
function resourceProblem(stack: Stack, sources: IConstruct[], targets: IConstruct[]): string | undefined {
  const limit = Number(stack.node.tryGetContext(RESOURCE_LIMIT_CONTEXT) ?? MAX_RESOURCES);
  const count = resources(stack, stack).length;
  if (limit === 0 || count <= limit) return undefined;
  const cost = (parts: IConstruct[]): number => Math.max(0, ...parts.map((part) => resources(stack, part).length));
  return `stack ${JSON.stringify(stack.node.path)} has ${count} resources and may have ${limit}: `
    + `each target costs ${cost(targets)}, each source ${cost(sources)}; ${SECOND_GATEWAY}`;
}

/** More than a function's environment may hold. Reckoned from the names that CloudFormation will make up. */
function environmentProblems(stack: Stack, functions: { readonly func: IFunction; readonly entries: string; readonly cure?: string }[]): string[] {
  const types = new Map(resources(stack, stack).map((resource) => [logicalId(resource), resource.cfnResourceType]));
  return functions.flatMap(({ func, entries, cure = SECOND_GATEWAY }) => {
    const { variables = {} } = stack.resolve((func.node.defaultChild as CfnFunction).environment) as { variables?: { [name: string]: unknown } };
    const bytes = Object.entries(variables).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + deployedBytes(value, stack, types), 0);
    if (bytes <= MAX_ENVIRONMENT_BYTES) return [];
    return [`the environment of function ${JSON.stringify(func.node.path)} takes about ${bytes} bytes and may take ${MAX_ENVIRONMENT_BYTES}: `
      + `it holds ${entries}; ${cure}`];
  });
}

/** More sources than a function's policy can name. */
function permissionProblem(func: IFunction, paths: string[]): string | undefined {
  const bytes = paths.reduce((sum, path) => sum + PERMISSION_BYTES + path.length, 0);
  if (bytes <= MAX_POLICY_BYTES) return undefined;
  return `the policy of function ${JSON.stringify(func.node.path)} takes about ${bytes} bytes for ${paths.length} sources and may take ${MAX_POLICY_BYTES}, `
    + `which is ${Math.floor(MAX_POLICY_BYTES / (bytes / paths.length))} sources; ${SECOND_GATEWAY}`;
}

function resources(stack: Stack, scope: IConstruct): CfnResource[] {
  return scope.node.findAll().filter((construct): construct is CfnResource => CfnResource.isCfnResource(construct) && Stack.of(construct) === stack);
}

/** How long a resolved value will be, from above. */
function deployedBytes(value: unknown, stack: Stack, types: Map<string, string>): number {
  if (typeof value !== 'object' || value === null) return Buffer.byteLength(String(value));
  const { 'Fn::Join': join, Ref: ref, 'Fn::GetAtt': attribute } = value as { 'Fn::Join'?: [string, unknown[]]; Ref?: string; 'Fn::GetAtt'?: string[] };
  if (join) return join[1].reduce<number>((sum, part) => sum + join[0].length + deployedBytes(part, stack, types), 0);
  const whole = REF_BYTES[types.get(ref ?? '') ?? ''];
  if (whole !== undefined) return whole;
  const id = ref ?? attribute?.[0] ?? '';
  const region = Token.isUnresolved(stack.region) ? LONGEST_REGION_BYTES : stack.region.length;
  const stackName = Token.isUnresolved(stack.stackName) ? MAX_NAME_BYTES : stack.stackName.length + 1;
  const made = stackName + id.length + RANDOM_NAME_BYTES;
  if (types.get(id) === 'AWS::DynamoDB::Table') return Math.min(MAX_TABLE_NAME_BYTES, made);
  const name = Math.min(MAX_NAME_BYTES, made);
  return (AROUND_NAME_BYTES[types.get(id) ?? ''] ?? ARN_BYTES) + region + name;
}
