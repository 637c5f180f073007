import type { SourcePart } from '../lib/contract/parts';
import { isLoopback, type AwsAccess } from './aws-access';
import { CliError, Exit } from './cli-error';
import { findGateways, type Gateway } from './gateway';

export interface FoundSource {
  readonly name: string;
  readonly gateway: Gateway;
  readonly part: SourcePart;
}

/**
 * The one source of that name. Where several gateways have one, `Stack/name` and `Path/of/gateway/name` are understood too, as a
 * local run writes them.
 */
export async function findSource(access: AwsAccess, stack: string | undefined, asked: string): Promise<FoundSource> {
  const slash = asked.lastIndexOf('/');
  const name = asked.slice(slash + 1);
  const owner = slash === -1 ? undefined : asked.slice(0, slash);
  const gateways = await findGateways(access, stack);
  const found = gateways.filter((gateway) => Object.hasOwn(gateway.parts.sources, name) && (owner === undefined || isCalled(gateway, owner)));
  const [first] = found;
  if (!first) throw new CliError(Exit.NO_MATCH, `there is no source ${JSON.stringify(asked)}; there are ${knownSources(gateways)}`);
  if (found.length > 1) {
    const names = found.map(({ parts }) => `${parts.gateway}/${name}`).join(', ');
    throw new CliError(Exit.USAGE, `the source ${JSON.stringify(asked)} is in several gateways; write one of ${names}, or name the stack with --stack`);
  }
  return { name, gateway: first, part: first.parts.sources[name] as SourcePart };
}

function isCalled({ stack, parts }: Gateway, owner: string): boolean {
  return owner === stack || owner === parts.gateway;
}

function knownSources(gateways: readonly Gateway[]): string {
  return gateways.flatMap(({ parts }) => Object.keys(parts.sources).map((name) => (gateways.length > 1 ? `${parts.gateway}/${name}` : name))).join(', ');
}

/** Where a source is posted to: what the local run says, else an output of the stack, else the API's address. */
export async function sourceUrl(access: AwsAccess, { name, gateway, part }: FoundSource): Promise<URL> {
  const noted = [`${gateway.parts.gateway}/${name}`, `${gateway.stack}/${name}`, name].map((key) => access.run?.sources?.[key]).find((url) => url !== undefined);
  const known = noted ?? outputWithPath(gateway, part.path);
  if (known !== undefined && !(isAtAws(known) && access.endpoint !== undefined && isLoopback(access.endpoint))) return new URL(known);
  if (access.endpoint !== undefined) {
    throw new CliError(Exit.NO_MATCH, `the URL of source ${JSON.stringify(name)} at ${access.endpoint} is not known here; give it with --url`);
  }
  const [, partition, , region] = gateway.stackArn.split(':');
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return new URL(`https://${await gateway.physicalId(gateway.parts.api)}.execute-api.${region}.${suffix}${part.path}`);
}

/** Not every emulator writes an address of its own into a stack's outputs: what is sent to one must not reach AWS. */
function isAtAws(url: string): boolean {
  return /\.amazonaws\.(com|com\.cn|eu)$/.test(new URL(url).hostname);
}

function outputWithPath({ alone, outputs }: Gateway, path: string): string | undefined {
  if (!alone) return undefined;
  return [...outputs.values()].find((value) => /^https?:\/\//.test(value) && URL.canParse(value) && new URL(value).pathname === path);
}
