import { randomUUID } from 'node:crypto';
import { AwsError, type AwsJsonService } from '../aws-service';
import type { Clock } from '../clock';
import { type Input, recordedService } from './recorded-service';
import type { Recorder } from './recorder';
import type { RecordedResources } from './resources';

interface Execution {
  readonly executionArn: string;
  /** Seconds since 1970. */
  readonly startDate: number;
  readonly input: unknown;
}

/** Executions by ARN: so many are remembered for their names. */
const CAPACITY = 10_000;

/** StartExecution. A standard execution runs for as long as the local run does, so its name is taken. */
export function stepFunctions(
  { stateMachines, expressStateMachines }: Pick<RecordedResources, 'stateMachines' | 'expressStateMachines'>, record: Recorder, clock: Clock,
): AwsJsonService {
  const executions = new Map<string, Execution>();
  const start = (input: Input): object => {
    const given = String(input['stateMachineArn']);
    const resource = stateMachines.get(given);
    if (resource === undefined) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${given}'`);
    const name = String(input['name'] ?? randomUUID());
    const express = expressStateMachines.has(resource);
    const executionArn = express
      ? `${resource.replace(':stateMachine:', ':express:')}:${name}:${randomUUID()}` : `${resource.replace(':stateMachine:', ':execution:')}:${name}`;
    const known = executions.get(executionArn);
    if (known && known.input !== input['input']) throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
    const { startDate } = known ?? { startDate: clock.now() / 1_000 };
    if (!known) record({ service: 'states', action: 'StartExecution', resource, input });
    if (!known && !express) remember({ executionArn, startDate, input: input['input'] }, executions);
    return { executionArn, startDate };
  };
  return recordedService({ name: 'Step Functions', prefix: 'AWSStepFunctions', contentType: 'application/x-amz-json-1.0', actions: { StartExecution: start } });
}

function remember(execution: Execution, executions: Map<string, Execution>): void {
  executions.set(execution.executionArn, execution);
  const [oldest] = executions.keys();
  if (executions.size > CAPACITY) executions.delete(oldest as string);
}
