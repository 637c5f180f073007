import type { AwsClient, CallOptions } from '../shared/aws';
import type { Order } from './order';

/** Puts a message into a queue, with an order where the queue is a FIFO queue. Resolves once the queue has it for good. */
export type Send = (queueUrl: string, message: string, order?: Order) => Promise<unknown>;

/** Two tries of a second each leave a sender with a deadline of three seconds an answer. */
const CALL: CallOptions = { timeoutMs: 1_000, tries: 2 };

export function createSend(client: Pick<AwsClient, 'call'>, options = CALL): Send {
  return (queueUrl, message, order) => client.call('sqs', 'SendMessage', {
    QueueUrl: queueUrl, MessageBody: message, ...(order && { MessageDeduplicationId: order.deduplicationId, MessageGroupId: order.groupId }),
  }, options);
}
