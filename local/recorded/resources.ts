import type { Resource } from '../assembly/deployed-stack';
import type { Deployment } from '../assembly/deployment';
import { LocalRunError } from '../local-run-error';
import { partitionOf } from '../partition';
import type { Place } from '../run/place';

/** What of the assembly may be called without running here. ARNs by ARN and by every name that a call may use. */
export interface RecordedResources {
  readonly topics: ReadonlyMap<string, string>;
  readonly eventBuses: ReadonlyMap<string, string>;
  readonly stateMachines: ReadonlyMap<string, string>;
  /** Those of `stateMachines` whose executions have no name that is theirs alone. */
  readonly expressStateMachines: ReadonlySet<string>;
  readonly streams: ReadonlyMap<string, string>;
  readonly deliveryStreams: ReadonlyMap<string, string>;
}

export function recordedResources(deployment: Deployment, { region, account }: Place): RecordedResources {
  const stateMachines = deployment.resources('AWS::StepFunctions::StateMachine');
  const express = stateMachines.filter(({ stack, logicalId }) => orNothing(() => stack.property(logicalId, 'StateMachineType')) === 'EXPRESS');
  const defaultBus = `arn:${partitionOf(region)}:events:${region}:${account}:event-bus/default`;
  return {
    topics: byArnAndName(deployment.resources('AWS::SNS::Topic'), 'TopicArn'),
    // Every account has this one.
    eventBuses: new Map([[defaultBus, defaultBus], ['default', defaultBus], ...byArnAndName(deployment.resources('AWS::Events::EventBus'))]),
    stateMachines: byArnAndName(stateMachines),
    expressStateMachines: new Set(byArnAndName(express).values()),
    streams: byArnAndName(deployment.resources('AWS::Kinesis::Stream')),
    deliveryStreams: byArnAndName(deployment.resources('AWS::KinesisFirehose::DeliveryStream')),
  };
}

function byArnAndName(resources: readonly Resource[], arnAttribute = 'Arn'): Map<string, string> {
  return new Map(resources.flatMap(({ stack, logicalId }): [string, string][] => {
    const identity = orNothing(() => stack.identity(logicalId));
    const arn = identity?.attributes[arnAttribute];
    return identity && arn !== undefined ? [[arn, arn], [identity.ref, arn]] : [];
  }));
}

/** What cannot be resolved is told where somebody is given it. Nobody can call what nobody can name. */
function orNothing<T>(resolve: () => T): T | undefined {
  try {
    return resolve();
  } catch (error) {
    if (error instanceof LocalRunError) return undefined;
    throw error;
  }
}
