import type { Resource } from '../assembly/deployed-stack';
import type { Deployment } from '../assembly/deployment';
import { orWarning, type Warn } from './lines';

/** Warns of functions that a service may call on AWS and that nothing calls here: rules, topics, buckets, APIs that do not run. */
export function warnOfOtherCallers(deployment: Deployment, apiIds: readonly string[], warn: Warn): void {
  for (const permission of deployment.resources('AWS::Lambda::Permission')) {
    const caller = orWarning(() => otherCaller(permission, apiIds), warn);
    if (caller !== undefined) {
      warn('not-run', `${caller} calls a function by the permission ${JSON.stringify(permission.logicalId)} of stack ${JSON.stringify(permission.stack.name)}, `
        + 'but in a local run only HTTP APIs and queues call functions');
    }
  }
}

/** The service that may call, unless it is an HTTP API of this run. */
function otherCaller({ stack, logicalId }: Resource, apiIds: readonly string[]): string | undefined {
  const principal = String(stack.property(logicalId, 'Principal'));
  if (principal !== 'apigateway.amazonaws.com') return principal;
  const source = String(stack.property(logicalId, 'SourceArn'));
  return apiIds.some((id) => source.includes(`:${id}/`)) ? undefined : principal;
}
