import type { Resource } from '../assembly/deployed-stack';
import type { Deployment } from '../assembly/deployment';
import { findFunction } from './functions';
import { orWarning, type Warn } from './lines';

/** One HTTP API of the assembly that can run here. */
export interface ApiPlan {
  readonly id: string;
  readonly stage: string;
  readonly routes: RoutePlan[];
}

export interface RoutePlan {
  readonly method: string;
  readonly path: string;
  readonly functionArn: string;
  readonly throttle?: { readonly rate: number; readonly burst: number };
}

interface RouteSettings {
  readonly ThrottlingRateLimit?: number;
  readonly ThrottlingBurstLimit?: number;
}

/** Every HTTP API that has a route to a function, in the order of the stacks. */
export function planApis(deployment: Deployment, functions: ReadonlyMap<string, Resource>, warn: Warn): ApiPlan[] {
  return deployment.resources('AWS::ApiGatewayV2::Api')
    .map((api) => planApi(api, deployment, functions, warn))
    .filter(({ routes }) => routes.length > 0);
}

function planApi(api: Resource, deployment: Deployment, functions: ReadonlyMap<string, Resource>, warn: Warn): ApiPlan {
  const id = api.stack.identity(api.logicalId).ref;
  const ofApi = (type: string): Resource[] => deployment.resources(type).filter(({ stack, logicalId }) => stack.property(logicalId, 'ApiId') === id);
  const stage = ofApi('AWS::ApiGatewayV2::Stage').find(isDefaultStage);
  if (!stage) {
    warn('not-run', `the API ${name(api)} is left out: it has no stage "$default", the only one that runs here`);
    return { id, stage: '$default', routes: [] };
  }
  const integrations = new Map(ofApi('AWS::ApiGatewayV2::Integration').map((integration) => [integration.stack.identity(integration.logicalId).ref, integration]));
  const routes = ofApi('AWS::ApiGatewayV2::Route').flatMap((route) => (
    orWarning(() => planRoute(route, integrations, stage, functions, warn), warn) ?? []));
  return { id, stage: '$default', routes };
}

function planRoute(
  route: Resource, integrations: ReadonlyMap<string, Resource>, stage: Resource, functions: ReadonlyMap<string, Resource>, warn: Warn,
): RoutePlan | undefined {
  const routeKey = String(route.stack.property(route.logicalId, 'RouteKey'));
  const user = `the route ${JSON.stringify(routeKey)} of stack ${JSON.stringify(route.stack.name)}`;
  const [method, path] = routeKey.split(' ');
  if (method === undefined || path === undefined || /[{}]/.test(path)) {
    warn('not-run', `${user} is left out: a local run has routes of a method and a literal path only`);
    return undefined;
  }
  const target = String(route.stack.property(route.logicalId, 'Target')).replace('integrations/', '');
  const integration = integrations.get(target);
  const property = (name: string): unknown => integration?.stack.property(integration.logicalId, name);
  if (property('PayloadFormatVersion') !== '2.0') {
    warn('not-run', `${user} is left out: a local run has the payload format 2.0 only`);
    return undefined;
  }
  const functionArn = findFunction(String(property('IntegrationUri')), functions, user, warn);
  return functionArn === undefined ? undefined : { method, path, functionArn, throttle: throttleOf(stage, routeKey) };
}

/** The settings of a route stand before those of its stage. */
function throttleOf({ stack, logicalId }: Resource, routeKey: string): RoutePlan['throttle'] {
  const routes = (stack.property(logicalId, 'RouteSettings') ?? {}) as { [routeKey: string]: RouteSettings };
  const settings = { ...stack.property(logicalId, 'DefaultRouteSettings') as RouteSettings | undefined, ...routes[routeKey] };
  if (settings.ThrottlingRateLimit === undefined || settings.ThrottlingBurstLimit === undefined) return undefined;
  return { rate: Number(settings.ThrottlingRateLimit), burst: Number(settings.ThrottlingBurstLimit) };
}

function isDefaultStage({ stack, logicalId }: Resource): boolean {
  return stack.property(logicalId, 'StageName') === '$default';
}

function name({ stack, logicalId }: Resource): string {
  return `${JSON.stringify(logicalId)} of stack ${JSON.stringify(stack.name)}`;
}
