import type { Resource } from '../assembly/deployed-stack';
import type { Deployment } from '../assembly/deployment';
import { orWarning, type Warn } from './lines';

/** What may call functions and is dealt with elsewhere. */
export interface KnownCallers {
  readonly apiIds: readonly string[];
  /** ARNs. */
  readonly rules: readonly string[];
}

/** Warns of functions that a service may call on AWS and that nothing calls here: events, topics, buckets, APIs that do not run. */
export function warnOfOtherCallers(deployment: Deployment, known: KnownCallers, warn: Warn): void {
  for (const permission of deployment.resources('AWS::Lambda::Permission')) {
    const caller = orWarning(() => otherCaller(permission, known), warn);
    if (caller !== undefined) {
      warn('not-run', `${caller} calls a function by the permission ${JSON.stringify(permission.logicalId)} of stack ${JSON.stringify(permission.stack.name)}, `
        + 'but in a local run only HTTP APIs, queues and schedules call functions');
    }
  }
}

/** The service that may call, unless it is an API or a rule that is dealt with. */
function otherCaller({ stack, logicalId }: Resource, { apiIds, rules }: KnownCallers): string | undefined {
  const principal = String(stack.property(logicalId, 'Principal'));
  const source = String(stack.property(logicalId, 'SourceArn'));
  const known = principal === 'apigateway.amazonaws.com' ? apiIds.some((id) => source.includes(`:${id}/`))
    : principal === 'events.amazonaws.com' && rules.includes(source);
  return known ? undefined : principal;
}
