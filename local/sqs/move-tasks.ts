import { invalidParameter, invalidValue, sqsError } from './errors';
import { MAX_ACTIVE_MOVE_TASKS, MAX_LISTED_MOVE_TASKS, MAX_MOVES_PER_SECOND } from './limits';
import { MoveTask } from './move-task';
import type { Queue, QueueHost } from './queue';

/** The move tasks of an engine: who may start one, which are remembered. */
export class MoveTasks {
  /** The latest tasks of each source by its ARN, newest first. */
  private readonly bySource = new Map<string, MoveTask[]>();

  constructor(private readonly host: QueueHost, private readonly queues: () => Queue[]) {}

  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html. Returns the task's handle. */
  start(sourceArn: string, destinationArn?: string, perSecond?: number): string {
    if (perSecond !== undefined && (perSecond < 1 || perSecond > MAX_MOVES_PER_SECOND)) {
      throw invalidValue('MaxNumberOfMessagesPerSecond', perSecond, `Must be between 1 and ${MAX_MOVES_PER_SECOND}, if provided.`);
    }
    const source = this.find('SourceArn', sourceArn);
    if (!this.queues().some(({ settings }) => settings.redrive?.deadLetterTargetArn === sourceArn)) {
      throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
    }
    if (destinationArn !== undefined) this.checkDestination(source, this.find('DestinationArn', destinationArn));
    this.checkActive(sourceArn);
    const task = new MoveTask({
      id: this.host.newId(),
      source,
      ...(destinationArn !== undefined && { destinationArn }),
      ...(perSecond !== undefined && { perSecond }),
    }, this.host.clock, this.host.findByArn);
    this.bySource.set(sourceArn, [task, ...this.tasksOf(sourceArn)].slice(0, MAX_LISTED_MOVE_TASKS));
    return handleOf(task);
  }

  /** Returns how many messages the task has moved. */
  cancel(handle: string): number {
    const { taskId, sourceArn } = decodeHandle(handle);
    this.find('SourceArn', sourceArn);
    const task = this.tasksOf(sourceArn).find(({ options }) => options.id === taskId);
    if (!task) throw sqsError('ResourceNotFoundException', 'Task does not exist.');
    if (task.status !== 'RUNNING') throw invalidParameter('Only active tasks can be cancelled.');
    task.cancel();
    return task.moved;
  }

  /** The most recent tasks, newest first, as `ListMessageMoveTasks` shows them. */
  list(sourceArn: string, maxResults = 1): object[] {
    if (maxResults < 1 || maxResults > MAX_LISTED_MOVE_TASKS) {
      throw invalidValue('MaxResults', maxResults, `Must be between 1 and ${MAX_LISTED_MOVE_TASKS}, if provided.`);
    }
    this.find('SourceArn', sourceArn);
    return this.tasksOf(sourceArn).slice(0, maxResults).map(describe);
  }

  close(): void {
    for (const task of this.active()) task.cancel();
  }

  private active(): MoveTask[] {
    return [...this.bySource.values()].flat().filter(({ status }) => status === 'RUNNING');
  }

  private tasksOf(sourceArn: string): MoveTask[] {
    return this.bySource.get(sourceArn) ?? [];
  }

  private find(parameter: 'SourceArn' | 'DestinationArn', arn: string): Queue {
    if (!/^arn:[^:]+:sqs:[^:]+:[^:]+:[^:]+$/.test(arn)) {
      throw invalidParameter(`You must use this format to specify the ${parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>`);
    }
    const queue = this.host.findByArn(arn);
    if (!queue) throw sqsError('ResourceNotFoundException', `The resource that you specified for the ${parameter} parameter doesn't exist.`);
    return queue;
  }

  private checkDestination(source: Queue, destination: Queue): void {
    if (source === destination) throw invalidParameter('Source queue arn and destination queue arn cannot be the same.');
    if (source.fifo !== destination.fifo) throw invalidParameter('Source queue and destination queue must be of the same type.');
  }

  private checkActive(sourceArn: string): void {
    if (this.tasksOf(sourceArn)[0]?.status === 'RUNNING') {
      throw invalidParameter('There is already a task running. Only one active task is allowed for a source queue arn at a given time.');
    }
    if (this.active().length >= MAX_ACTIVE_MOVE_TASKS) {
      throw sqsError('RequestThrottled', `At most ${MAX_ACTIVE_MOVE_TASKS} message move tasks can be active at a time.`);
    }
  }
}

function describe(task: MoveTask): object {
  const { source, destinationArn, perSecond } = task.options;
  return {
    ...(task.status === 'RUNNING' && { TaskHandle: handleOf(task) }),
    Status: task.status,
    SourceArn: source.arn,
    ...(destinationArn !== undefined && { DestinationArn: destinationArn }),
    ...(perSecond !== undefined && { MaxNumberOfMessagesPerSecond: perSecond }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failureReason !== undefined && { FailureReason: task.failureReason }),
    StartedTimestamp: task.startedAt,
  };
}

function handleOf({ options: { id, source } }: MoveTask): string {
  return Buffer.from(JSON.stringify({ taskId: id, sourceArn: source.arn })).toString('base64');
}

function decodeHandle(handle: string): { taskId: string; sourceArn: string } {
  try {
    const { taskId, sourceArn } = JSON.parse(Buffer.from(handle, 'base64').toString()) as { taskId?: unknown; sourceArn?: unknown };
    if (typeof taskId === 'string' && typeof sourceArn === 'string') return { taskId, sourceArn };
  } catch {
    // Not a handle: refused below.
  }
  throw invalidParameter('Value for parameter TaskHandle is invalid.');
}
