import type { Resource } from '../assembly/deployed-stack';
import type { Deployment } from '../assembly/deployment';
import { LocalRunError } from '../local-run-error';
import type { Warn } from './lines';

/** What the run needs of the SQS engine. */
export interface QueueMaker {
  createQueue(name: string, attributes: { [name: string]: string }, tags: { [key: string]: string }): unknown;
}

/** A queue as its template describes it. */
interface QueuePlan {
  readonly resource: Resource;
  readonly name: string;
  readonly attributes: { [name: string]: string };
  readonly tags: { [key: string]: string };
  /** ARN. */
  readonly deadLetterQueue?: string;
}

/** Properties of a template that are attributes of the same name in the API. */
const ATTRIBUTES = [
  'ContentBasedDeduplication', 'DeduplicationScope', 'DelaySeconds', 'FifoThroughputLimit', 'KmsDataKeyReusePeriodSeconds', 'KmsMasterKeyId',
  'MaximumMessageSize', 'MessageRetentionPeriod', 'ReceiveMessageWaitTimeSeconds', 'RedriveAllowPolicy', 'RedrivePolicy', 'SqsManagedSseEnabled',
  'VisibilityTimeout',
];

/** Makes every queue of the deployment, a dead-letter queue before those that use it. */
export function createQueues(deployment: Deployment, engine: QueueMaker, warn: Warn): void {
  const plans = new Map(deployment.resources('AWS::SQS::Queue').map((resource) => [arnOf(resource), planQueue(resource)]));
  const begun = new Set<QueuePlan>();
  const make = (plan: QueuePlan): void => {
    if (begun.has(plan)) return;
    begun.add(plan);
    const deadLetterQueue = plan.deadLetterQueue === undefined ? undefined : plans.get(plan.deadLetterQueue);
    if (deadLetterQueue) make(deadLetterQueue);
    makeQueue(plan, deadLetterQueue !== undefined, engine, warn);
  };
  for (const plan of plans.values()) make(plan);
}

function planQueue(resource: Resource): QueuePlan {
  const { stack, logicalId } = resource;
  const attributes: { [name: string]: string } = {};
  for (const name of ATTRIBUTES) {
    const value = stack.property(logicalId, name);
    if (value !== undefined) attributes[name] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  // A template may say that a queue is no FIFO queue; the API knows the attribute for FIFO queues only.
  if (String(stack.property(logicalId, 'FifoQueue')) === 'true') attributes.FifoQueue = 'true';
  const redrive = stack.property(logicalId, 'RedrivePolicy') as { deadLetterTargetArn?: string } | undefined;
  return {
    resource, attributes, name: stack.identity(logicalId).attributes.QueueName as string, tags: tagsOf(resource),
    deadLetterQueue: redrive?.deadLetterTargetArn,
  };
}

function makeQueue(plan: QueuePlan, hasDeadLetterQueue: boolean, engine: QueueMaker, warn: Warn): void {
  const { resource, name, attributes, tags, deadLetterQueue } = plan;
  const { RedrivePolicy, ...others } = attributes;
  const subject = `the queue ${JSON.stringify(resource.logicalId)} of stack ${JSON.stringify(resource.stack.name)}`;
  if (RedrivePolicy !== undefined && !hasDeadLetterQueue) {
    warn('not-made', `${subject} keeps its messages: its dead-letter queue ${JSON.stringify(deadLetterQueue)} is in no stack of the assembly`);
  }
  try {
    engine.createQueue(name, hasDeadLetterQueue ? attributes : others, tags);
  } catch (error) {
    throw new LocalRunError('invalid-resource', `${subject} cannot be made: ${(error as Error).message}`);
  }
}

function arnOf({ stack, logicalId }: Resource): string {
  return stack.identity(logicalId).attributes.Arn as string;
}

function tagsOf({ stack, logicalId }: Resource): { [key: string]: string } {
  const tags = (stack.property(logicalId, 'Tags') ?? []) as { Key: string; Value: string }[];
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, String(Value)]));
}
