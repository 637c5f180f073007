import type { SourcePart, TargetPart } from '../../lib/contract/parts';
import { readAssembly } from '../assembly/assembly';
import type { Resource } from '../assembly/deployed-stack';
import { Deployment } from '../assembly/deployment';
import { LocalRunError } from '../local-run-error';
import { type ApiPlan, planApis } from './apis';
import { functionResources } from './functions';
import { findGateways, type Gateway, type Part, sourcesByName, targetsByName } from './gateways';
import type { Warn } from './lines';
import { type MappingPlan, planMappings } from './mappings';
import { warnOfOtherCallers } from './other-callers';
import { choosePlace, distinctStacks, type Place, runEnvironment } from './place';

/** What of an assembly runs here. */
export interface RunPlan {
  readonly place: Place;
  readonly deployment: Deployment;
  readonly gateways: Gateway[];
  /** By the names that the run tells. */
  readonly sources: ReadonlyMap<string, Part<SourcePart>>;
  readonly targets: ReadonlyMap<string, Part<TargetPart>>;
  /** The first one is the first gateway's. */
  readonly apis: ApiPlan[];
  readonly mappings: MappingPlan[];
  /** The functions that a route or a mapping calls, by ARN. */
  readonly functions: ReadonlyMap<string, Resource>;
}

export function planRun(assembly: string, queueOrigin: string, warn: Warn): RunPlan {
  const artifacts = distinctStacks(readAssembly(assembly), warn);
  const place = choosePlace(artifacts, warn);
  const deployment = new Deployment(artifacts, runEnvironment(place, queueOrigin));
  const gateways = findGateways(deployment);
  const resources = functionResources(deployment);
  const apis = planApis(deployment, resources, warn);
  const mappings = planMappings(deployment, resources, warn);
  warnOfOtherCallers(deployment, apis.map(({ id }) => id), warn);
  return {
    place, deployment, gateways, mappings,
    sources: sourcesByName(gateways),
    targets: targetsByName(gateways),
    apis: gatewaysFirst(apis, gateways),
    functions: called(resources, apis, mappings),
  };
}

/** The id of a gateway's HTTP API. */
export function apiIdOf({ stack, parts }: Gateway): string {
  return stack.identity(parts.api).ref;
}

function gatewaysFirst(apis: readonly ApiPlan[], gateways: readonly Gateway[]): ApiPlan[] {
  const own = gateways.map((gateway) => {
    const api = apis.find(({ id }) => id === apiIdOf(gateway));
    if (api) return api;
    throw new LocalRunError('assembly-invalid', `the gateway ${JSON.stringify(gateway.parts.gateway)} has no route that can run: synthesise the app again`);
  });
  return [...own, ...apis.filter((api) => !own.includes(api))];
}

function called(resources: ReadonlyMap<string, Resource>, apis: readonly ApiPlan[], mappings: readonly MappingPlan[]): Map<string, Resource> {
  const arns = new Set([...apis.flatMap(({ routes }) => routes), ...mappings].map(({ functionArn }) => functionArn));
  return new Map([...resources].filter(([arn]) => arns.has(arn)));
}
