import { createHash } from 'node:crypto';
import type { Delivery } from '../../../lib/contract/sender';

/**
 * What SQS and SNS allow in the ids of groups and of duplicates:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const FIFO_ID = /^[\x21-\x7E]{1,128}$/;

/** An execution's name, less than Step Functions allows: what CloudWatch can show too. */
const EXECUTION_NAME = /^[\w.-]{1,80}$/;

export interface FifoIds {
  readonly MessageGroupId: string;
  readonly MessageDeduplicationId: string;
}

/** What FIFO queues and topics want of each message. The same for every attempt, so that one that is made twice arrives once. */
export function fifoIds({ id, source, orderingGroup, replay }: Delivery): FifoIds {
  return {
    MessageGroupId: allowed(FIFO_ID, orderingGroup ?? source),
    MessageDeduplicationId: allowed(FIFO_ID, replay === undefined ? id : `${id}#${replay}`),
  };
}

/** A replay starts another execution; a second attempt does not. */
export function executionName({ id, replay }: Delivery): string {
  return allowed(EXECUTION_NAME, replay === undefined ? id : `${id}-${replay}`);
}

/** Anything else becomes a name of its own that is always the same. */
function allowed(names: RegExp, name: string): string {
  return names.test(name) ? name : createHash('sha256').update(name).digest('hex');
}
