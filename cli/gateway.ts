import {
  CloudFormationClient, DescribeStacksCommand, GetTemplateCommand, GetTemplateSummaryCommand, paginateDescribeStacks, paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { PARTS_METADATA_PREFIX, type GatewayParts } from '../lib/contract/parts';
import { awsFailure, type AwsAccess } from './aws-access';
import { CliError, Exit } from './cli-error';
import type { OptionSpec } from './command';

/** One gateway of one stack, and what its parts are called. */
export interface Gateway {
  readonly stack: string;
  /** ARN of the stack. */
  readonly stackArn: string;
  /** The parts as the template names them: by logical id. */
  readonly parts: GatewayParts;
  /** Values of the stack's outputs by name. */
  readonly outputs: ReadonlyMap<string, string>;
  /** True when the stack has no other gateway, so that its outputs are this one's. */
  readonly alone: boolean;
  /** The physical id of a part. */
  physicalId(logicalId: string): Promise<string>;
}

/** Options of every command that looks for a gateway. */
export const GATEWAY_OPTIONS: { readonly [name: string]: OptionSpec } = {
  stack: { type: 'string', value: 'NAME', description: 'the CloudFormation stack; default: every stack that has a gateway' },
  endpoint: { type: 'string', value: 'URL', description: 'awsEndpointUrl of a local run; default: AWS_ENDPOINT_URL, else the run of this folder, else your account' },
};

/** Options of every command that works on one gateway. */
export const ONE_GATEWAY_OPTIONS: { readonly [name: string]: OptionSpec } = {
  ...GATEWAY_OPTIONS,
  gateway: { type: 'string', value: 'PATH', description: 'construct path of the gateway, where there are several' },
};

/** How many templates are read at a time when no stack is named. */
const READERS = 4;

/** The gateways of the named stack, or of all. Fails when there is none. */
export async function findGateways(access: AwsAccess, stackName: string | undefined): Promise<Gateway[]> {
  const client = new CloudFormationClient(access.client);
  const stacks = await listStacks(client, access, stackName);
  const found: Gateway[][] = [];
  const waiting = [...stacks.entries()];
  await Promise.all(Array.from({ length: READERS }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) found[next[0]] = await readGateways(client, access, next[1]);
  }));
  const gateways = found.flat();
  if (gateways.length > 0) return gateways;
  const where = access.endpoint ?? 'this account and region';
  throw new CliError(Exit.NO_MATCH, stackName === undefined
    ? `no stack at ${where} has a webhook gateway; deploy one, start cdk-webhooks dev, or name another --endpoint`
    : `the stack ${JSON.stringify(stackName)} at ${where} has no webhook gateway; name another --stack`);
}

/** The one gateway that is meant: the named one, or the only one, or the only one that `suits`. */
export function oneGateway(gateways: readonly Gateway[], path: string | undefined, suits: (gateway: Gateway) => boolean): Gateway {
  const named = gateways.filter(({ parts }) => path === undefined || parts.gateway === path);
  const paths = gateways.map(({ parts }) => parts.gateway).join(', ');
  const [first] = named;
  if (!first) throw new CliError(Exit.NO_MATCH, `there is no gateway ${JSON.stringify(path)}; there are ${paths}`);
  const suitable = named.filter(suits);
  if (suitable.length > 1) throw new CliError(Exit.USAGE, `there are several gateways; name one with --gateway: ${paths}`);
  return suitable[0] ?? first;
}

async function listStacks(client: CloudFormationClient, access: AwsAccess, name: string | undefined): Promise<Stack[]> {
  try {
    if (name !== undefined) return (await client.send(new DescribeStacksCommand({ StackName: name }))).Stacks ?? [];
    const stacks: Stack[] = [];
    for await (const page of paginateDescribeStacks({ client }, {})) stacks.push(...page.Stacks ?? []);
    return stacks.filter((stack) => stack.StackStatus !== 'REVIEW_IN_PROGRESS');
  } catch (error) {
    throw awsFailure(error, name === undefined ? 'stacks' : `stack ${JSON.stringify(name)}`, access);
  }
}

async function readGateways(client: CloudFormationClient, access: AwsAccess, stack: Stack): Promise<Gateway[]> {
  const name = stack.StackName as string;
  const parts = Object.entries(await readMetadata(client, access, name))
    .filter(([key]) => key.startsWith(PARTS_METADATA_PREFIX))
    .map(([, value]) => value as GatewayParts);
  let resources: Promise<ReadonlyMap<string, string>> | undefined;
  return parts.map((each) => ({
    stack: name,
    stackArn: stack.StackId as string,
    parts: each,
    outputs: new Map((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey as string, OutputValue ?? ''])),
    alone: parts.length === 1,
    physicalId: async (logicalId) => {
      const id = (await (resources ??= readResources(client, access, name))).get(logicalId);
      if (id) return id;
      throw new CliError(Exit.NO_MATCH, `the stack ${JSON.stringify(name)} has no resource ${JSON.stringify(logicalId)} (any more); deploy it again`);
    },
  }));
}

/**
 * Metadata of the deployed template, as it was sent. The CDK CLI sends JSON, or YAML for a stack whose synthesizer uploads no
 * template; the summary has the metadata of either in JSON, but no local run and few emulators answer for it.
 */
async function readMetadata(client: CloudFormationClient, access: AwsAccess, stack: string): Promise<{ [key: string]: unknown }> {
  try {
    const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName: stack, TemplateStage: 'Original' }));
    if (!TemplateBody.includes(PARTS_METADATA_PREFIX)) return {};
    if (TemplateBody.trimStart().startsWith('{')) return (JSON.parse(TemplateBody) as { Metadata?: { [key: string]: unknown } }).Metadata ?? {};
    const { Metadata = '{}' } = await client.send(new GetTemplateSummaryCommand({ StackName: stack }));
    return JSON.parse(Metadata) as { [key: string]: unknown };
  } catch (error) {
    throw awsFailure(error, `the template of stack ${JSON.stringify(stack)}`, access);
  }
}

async function readResources(client: CloudFormationClient, access: AwsAccess, stack: string): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  try {
    for await (const page of paginateListStackResources({ client }, { StackName: stack })) {
      for (const { LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ?? []) {
        if (LogicalResourceId && PhysicalResourceId) ids.set(LogicalResourceId, PhysicalResourceId);
      }
    }
  } catch (error) {
    throw awsFailure(error, `the resources of stack ${JSON.stringify(stack)}`, access);
  }
  return ids;
}
