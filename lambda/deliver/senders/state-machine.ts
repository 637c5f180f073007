import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { StateMachineSettings } from '../../../lib/contract/aws-settings';
import type { Sender, SenderContext } from '../../../lib/contract/sender';
import { callFor } from '../aws/call';
import { clientOptions } from '../aws/client';
import { documentOf } from '../aws/document';
import { tooBig } from '../aws/failure';
import { executionName } from '../aws/names';

const CALL = 'Step Functions StartExecution';

/** In bytes of UTF-8: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-task-executions */
const MAX_BYTES = 262_144;

/**
 * Starts an execution for each event, named by its id. A standard state machine knows a name for 90 days, so an attempt that is
 * made twice starts one execution; an express one starts two.
 */
export function createSender({ settings, environment }: SenderContext): Sender {
  const { stateMachineArn } = settings as unknown as StateMachineSettings;
  const client = new SFNClient(clientOptions('SFN', environment, stateMachineArn));
  return {
    async send(delivery) {
      const input = documentOf(delivery);
      const bytes = Buffer.byteLength(input);
      if (bytes > MAX_BYTES) return tooBig('the execution\'s input', bytes, MAX_BYTES);
      const command = new StartExecutionCommand({ stateMachineArn, name: executionName(delivery), input });
      return callFor(CALL, () => client.send(command, { abortSignal: delivery.signal }).catch(ranBefore));
    },
  };
}

/** An earlier attempt started it, and its answer was lost. */
function ranBefore(error: unknown): void {
  if (!(error instanceof ExecutionAlreadyExists)) throw error;
}
