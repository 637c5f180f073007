import type { DeployedStack } from '../assembly/deployed-stack';
import type { Deployment } from '../assembly/deployment';
import { LocalRunError } from '../local-run-error';
import { type GatewayParts, PARTS_METADATA_PREFIX, type SourcePart, type TargetPart } from '../../lib/contract/parts';

/** One gateway and the stack that it is in. */
export interface Gateway {
  readonly stack: DeployedStack;
  readonly parts: GatewayParts;
}

/** One source or target of one gateway. */
export interface Part<T> {
  readonly gateway: Gateway;
  readonly part: T;
}

/** All gateways of the assembly, in the order of the stacks. */
export function findGateways(deployment: Deployment): Gateway[] {
  const gateways = deployment.stacks.flatMap((stack) => Object.entries(stack.template.Metadata ?? {})
    .filter(([key]) => key.startsWith(PARTS_METADATA_PREFIX))
    .map(([key, parts]) => ({ stack, parts: stack.resolve(parts, `Metadata/${key}`) as GatewayParts })));
  if (gateways.length > 0) return gateways;
  throw new LocalRunError('no-gateway', `no stack of the assembly has a webhook gateway (it has ${names(deployment)}): add a WebhookStack or a WebhookGateway`);
}

export function sourcesByName(gateways: readonly Gateway[]): Map<string, Part<SourcePart>> {
  return byName(gateways, ({ sources }) => sources);
}

export function targetsByName(gateways: readonly Gateway[]): Map<string, Part<TargetPart>> {
  return byName(gateways, ({ targets }) => targets);
}

/** A name is told alone unless two gateways share it: then each has its stack's name before it, or its construct path where even those are shared. */
function byName<T>(gateways: readonly Gateway[], partsOf: (parts: GatewayParts) => { readonly [name: string]: T }): Map<string, Part<T>> {
  const all = gateways.flatMap((gateway) => Object.entries(partsOf(gateway.parts)).map(([name, part]) => ({ name, gateway, part })));
  const qualify = (entry: (typeof all)[number]): string => {
    const sharers = all.filter(({ name, gateway }) => name === entry.name && gateway !== entry.gateway);
    if (sharers.length === 0) return entry.name;
    const sameStack = sharers.some(({ gateway }) => gateway.stack === entry.gateway.stack);
    return `${sameStack ? entry.gateway.parts.gateway : entry.gateway.stack.name}/${entry.name}`;
  };
  return new Map(all.map((entry) => [qualify(entry), { gateway: entry.gateway, part: entry.part }]));
}

function names({ stacks }: Deployment): string {
  return stacks.length === 0 ? 'no stack at all' : stacks.map(({ name }) => JSON.stringify(name)).join(', ');
}
