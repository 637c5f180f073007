import type { SqsEngine } from './engine';
import { sqsError } from './errors';
import { type Input, optionalInteger, optionalText, text } from './input';
import { messageActions } from './message-actions';
import { queueActions } from './queue-actions';

export interface Actions {
  readonly [action: string]: (engine: SqsEngine, input: Input, signal: AbortSignal) => object | void | Promise<object>;
}

const moveTaskActions: Actions = {
  StartMessageMoveTask: ({ moveTasks }, input) => ({
    TaskHandle: moveTasks.start(
      text(input, 'SourceArn'), optionalText(input, 'DestinationArn'), optionalInteger(input, 'MaxNumberOfMessagesPerSecond')),
  }),
  CancelMessageMoveTask: ({ moveTasks }, input) => ({ ApproximateNumberOfMessagesMoved: moveTasks.cancel(text(input, 'TaskHandle')) }),
  ListMessageMoveTasks: ({ moveTasks }, input) => ({ Results: moveTasks.list(text(input, 'SourceArn'), optionalInteger(input, 'MaxResults')) }),
};

const ACTIONS: Actions = { ...queueActions, ...messageActions, ...moveTaskActions };

/** Actions that only make sense where there are permissions. */
const WITHOUT_PERMISSIONS = new Set(['AddPermission', 'RemovePermission']);

/** One call in the AWS JSON protocol: `X-Amz-Target: AmazonSQS.<action>`. */
export async function callAction(engine: SqsEngine, action: string, input: Input, signal: AbortSignal): Promise<object> {
  if (WITHOUT_PERMISSIONS.has(action)) throw sqsError('UnsupportedOperation', `${action} is not supported: this queue has no permissions.`);
  const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (!run) throw sqsError('UnknownOperationException', `The action ${action} is not valid for this endpoint.`);
  return await run(engine, input, signal) ?? {};
}
