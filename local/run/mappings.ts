import type { Resource } from '../assembly/deployed-stack';
import type { Deployment } from '../assembly/deployment';
import type { MappingDescription } from '../lambda/mapping-control';
import { findFunction } from './functions';
import { orWarning, type Warn } from './lines';

/** One event source mapping that can run here: from a queue of the assembly to a function of it. */
export interface MappingPlan extends MappingDescription {
  readonly enabled: boolean;
}

/** Every mapping from a queue to a function. Others are named in a warning. */
export function planMappings(deployment: Deployment, functions: ReadonlyMap<string, Resource>, warn: Warn): MappingPlan[] {
  const queues = new Set(deployment.resources('AWS::SQS::Queue').map(({ stack, logicalId }) => stack.identity(logicalId).attributes.Arn));
  return deployment.resources('AWS::Lambda::EventSourceMapping').flatMap((mapping) => (
    orWarning(() => planMapping(mapping, queues, functions, warn), warn) ?? []));
}

function planMapping(
  { stack, logicalId }: Resource, queues: ReadonlySet<string | undefined>, functions: ReadonlyMap<string, Resource>, warn: Warn,
): MappingPlan | undefined {
  const user = `the event source mapping ${JSON.stringify(logicalId)} of stack ${JSON.stringify(stack.name)}`;
  const property = (name: string): unknown => stack.property(logicalId, name);
  const queueArn = String(property('EventSourceArn'));
  if (!queues.has(queueArn)) {
    warn('not-run', `${user} is left out: its source ${JSON.stringify(queueArn)} is no queue of the assembly`);
    return undefined;
  }
  const functionArn = findFunction(String(property('FunctionName')), functions, user, warn);
  if (functionArn === undefined) return undefined;
  if (property('FilterCriteria') !== undefined) warn('not-run', `the filter of ${user} is left out: its function gets every message`);
  const { ref: id, attributes } = stack.identity(logicalId);
  return {
    id,
    arn: attributes.EventSourceMappingArn as string,
    queueArn,
    functionArn,
    batchSize: optionalNumber(property('BatchSize')),
    batchingWindowSeconds: optionalNumber(property('MaximumBatchingWindowInSeconds')),
    maximumConcurrency: optionalNumber((property('ScalingConfig') as { MaximumConcurrency?: unknown } | undefined)?.MaximumConcurrency),
    reportBatchItemFailures: ((property('FunctionResponseTypes') ?? []) as string[]).includes('ReportBatchItemFailures'),
    enabled: String(property('Enabled') ?? true) === 'true',
  };
}

function optionalNumber(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}
