import type { Endpoint } from './endpoint';
import { arnOf, createQueue, type QueueAttributes, receiveNone, receiveOne, send } from './steps';

export interface DeadLetterPair {
  readonly queue: string;
  readonly dlq: string;
  readonly dlqArn: string;
}

/** The attribute that makes another queue one's dead-letter queue. */
export async function redriveTo(endpoint: Endpoint, dlq: string, maxReceiveCount = 1): Promise<{ RedrivePolicy: string }> {
  return { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: await arnOf(endpoint, dlq), maxReceiveCount }) };
}

/** A queue and its dead-letter queue. */
export async function createPair(
  endpoint: Endpoint, maxReceiveCount = 1, attributes: QueueAttributes = {}, dlqAttributes: QueueAttributes = {},
): Promise<DeadLetterPair> {
  const dlq = await createQueue(endpoint, { ...attributes, ...dlqAttributes });
  const queue = await createQueue(endpoint, { ...attributes, ...await redriveTo(endpoint, dlq, maxReceiveCount) });
  return { queue, dlq, dlqArn: await arnOf(endpoint, dlq) };
}

/** Sends messages to a standard queue and receives each of them too often. */
export async function bury(endpoint: Endpoint, queue: string, maxReceiveCount: number, ...bodies: string[]): Promise<void> {
  for (const body of bodies) {
    await send(endpoint, queue, body);
    for (let i = 0; i < maxReceiveCount; i++) await receiveOne(endpoint, queue, { VisibilityTimeout: 0 });
    await receiveNone(endpoint, queue, 'it was received too often');
  }
}
