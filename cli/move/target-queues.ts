import { GetQueueAttributesCommand, ListQueueTagsCommand, SQSClient } from '@aws-sdk/client-sqs';
import { BREAKER_TAG, readBreakerState, type BreakerState } from '../../lib/contract/breaker';
import type { TargetPart } from '../../lib/contract/parts';
import { awsFailure, type AwsAccess } from '../aws-access';
import { CliError, Exit } from '../cli-error';
import type { Gateway } from '../gateway';
import { unknown } from '../store/filters';

/** A target and where its queues are. */
export interface TargetQueues {
  readonly name: string;
  readonly part: TargetPart;
  readonly url: string;
  readonly deadLetterUrl: string;
}

/** How many messages a queue has. SQS says it approximately. */
export interface Depth {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export const total = ({ visible, inFlight, delayed }: Depth): number => visible + inFlight + delayed;

/** The queue's URL is in the request; where an endpoint is named, that is where the request goes. */
export function sqsClient(access: AwsAccess): SQSClient {
  return new SQSClient({ ...access.client, ...(access.endpoint !== undefined && { useQueueUrlAsEndpoint: false }) });
}

/** The queues of a target. Throws where the gateway has no such target. */
export async function queuesOf({ parts, physicalId }: Gateway, name: string): Promise<TargetQueues> {
  const part = Object.hasOwn(parts.targets, name) ? parts.targets[name] : undefined;
  if (!part) throw unknown('target', name, Object.keys(parts.targets));
  return { name, part, url: await physicalId(part.queue), deadLetterUrl: await physicalId(part.deadLetterQueue) };
}

export async function depthOf(client: SQSClient, url: string, access: AwsAccess): Promise<Depth> {
  const { Attributes = {} } = await ask(access, url, () => client.send(new GetQueueAttributesCommand({
    QueueUrl: url,
    AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'],
  })));
  return {
    visible: Number(Attributes['ApproximateNumberOfMessages'] ?? 0),
    inFlight: Number(Attributes['ApproximateNumberOfMessagesNotVisible'] ?? 0),
    delayed: Number(Attributes['ApproximateNumberOfMessagesDelayed'] ?? 0),
  };
}

export async function arnOf(client: SQSClient, url: string, access: AwsAccess): Promise<string> {
  const { Attributes = {} } = await ask(access, url, () => client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] })));
  return Attributes['QueueArn'] as string;
}

/** Undefined where the breaker has never been open. */
export async function breakerOf(client: SQSClient, { url }: TargetQueues, access: AwsAccess): Promise<BreakerState | undefined> {
  const { Tags = {} } = await ask(access, url, () => client.send(new ListQueueTagsCommand({ QueueUrl: url })));
  return readBreakerState(Tags[BREAKER_TAG]);
}

/** The code of the failure that a queue is no more. */
const QUEUE_GONE = 'queue-gone';

export const isQueueGone = (error: unknown): boolean => error instanceof CliError && error.code === QUEUE_GONE;

/** CloudFormation makes a queue again only where the template had none in between. */
export const QUEUE_GONE_CURE = 'deploy the stack without the target and then with it, which makes a new one';

/** Undefined where the queue is gone. */
export async function unlessGone<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isQueueGone(error)) return undefined;
    throw error;
  }
}

/** One call about a queue, with its failure as one of the command line's. `doing` is what the call does with it. */
export async function ask<T>(access: AwsAccess, url: string, call: () => Promise<T>, doing?: string): Promise<T> {
  const queue = `queue ${JSON.stringify(url.split('/').at(-1))}`;
  try {
    return await call();
  } catch (error) {
    if (/QueueDoesNotExist|NonExistentQueue/.test((error as Error).name)) {
      throw new CliError(Exit.NO_MATCH, `the ${queue} is gone; ${QUEUE_GONE_CURE}`, QUEUE_GONE);
    }
    throw awsFailure(error, queue, access, doing);
  }
}
