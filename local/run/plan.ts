import type { SourcePart, TargetPart } from '../../lib/contract/parts';
import { readAssembly } from '../assembly/assembly';
import type { Resource } from '../assembly/deployed-stack';
import { Deployment } from '../assembly/deployment';
import { LocalRunError } from '../local-run-error';
import { type ApiPlan, planApis } from './apis';
import { functionResources } from './functions';
import { findGateways, type Gateway, type Part, sourcesByName, targetsByName } from './gateways';
import { invokedFunctions } from './invoked';
import type { Warn } from './lines';
import { type MappingPlan, planMappings } from './mappings';
import { warnOfOtherCallers } from './other-callers';
import { choosePlace, distinctStacks, type Place, runEnvironment } from './place';
import { planSchedules, scheduledRules, type SchedulePlan } from './schedules';

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
  readonly schedules: SchedulePlan[];
  /** The functions that a route, a mapping or a schedule calls, and those that these may invoke, by ARN. */
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
  const schedules = planSchedules(deployment, resources, warn);
  const called = arnsOf([...apis.flatMap(({ routes }) => routes), ...mappings, ...schedules.flatMap(({ targets }) => targets)]);
  const reached = invokedFunctions(deployment, called, resources, warn);
  warnOfOtherCallers(deployment, { apiIds: apis.map(({ id }) => id), rules: scheduledRules(deployment) }, warn);
  return {
    place, deployment, gateways, mappings, schedules,
    sources: sourcesByName(gateways),
    targets: targetsByName(gateways),
    apis: gatewaysFirst(apis, gateways),
    functions: new Map([...resources].filter(([arn]) => reached.has(arn))),
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

function arnsOf(callers: readonly { readonly functionArn: string }[]): Set<string> {
  return new Set(callers.map(({ functionArn }) => functionArn));
}
