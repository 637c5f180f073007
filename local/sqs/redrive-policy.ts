import { invalidValue } from './errors';
import { DEFAULT_RECEIVE_COUNT, MAX_RECEIVE_COUNT, MAX_REDRIVE_SOURCE_ARNS } from './limits';

/** Which queue takes the messages that were received too often. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Which queues may name this one as their dead-letter queue. */
export interface RedriveAllowPolicy {
  readonly redrivePermission: 'allowAll' | 'denyAll' | 'byQueue';
  readonly sourceQueueArns: readonly string[];
}

const QUEUE_ARN = /^arn:[a-z-]+:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}(\.fifo)?$/;

export function parseRedrivePolicy(text: string): RedrivePolicy {
  const invalid = (reason: string) => invalidValue('RedrivePolicy', text, reason);
  const { deadLetterTargetArn, maxReceiveCount = DEFAULT_RECEIVE_COUNT } =
    parseObject(text, () => invalid('Redrive policy is not a valid JSON map.'));
  if (typeof deadLetterTargetArn !== 'string' || !QUEUE_ARN.test(deadLetterTargetArn)) {
    throw invalid('Invalid value for deadLetterTargetArn.');
  }
  const count = typeof maxReceiveCount === 'string' && /^\d+$/.test(maxReceiveCount) ? Number(maxReceiveCount) : maxReceiveCount;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > MAX_RECEIVE_COUNT) {
    throw invalid(`Invalid value for maxReceiveCount: ${maxReceiveCount}, valid values are from 1 to ${MAX_RECEIVE_COUNT} both inclusive.`);
  }
  return { deadLetterTargetArn, maxReceiveCount: count };
}

export function parseRedriveAllowPolicy(text: string): RedriveAllowPolicy {
  const invalid = (reason: string) => invalidValue('RedriveAllowPolicy', text, reason);
  const { redrivePermission = 'allowAll', sourceQueueArns } = parseObject(text, () => invalid('Redrive allow policy is not a valid JSON map.'));
  if (redrivePermission === 'byQueue') {
    if (!Array.isArray(sourceQueueArns) || sourceQueueArns.length < 1 || sourceQueueArns.length > MAX_REDRIVE_SOURCE_ARNS) {
      throw invalid(`sourceQueueArns must have 1 to ${MAX_REDRIVE_SOURCE_ARNS} entries when redrivePermission is byQueue.`);
    }
    if (!sourceQueueArns.every((arn) => typeof arn === 'string' && QUEUE_ARN.test(arn))) throw invalid('Invalid value for sourceQueueArns.');
    return { redrivePermission, sourceQueueArns };
  }
  if (redrivePermission !== 'allowAll' && redrivePermission !== 'denyAll') {
    throw invalid('redrivePermission must be one of [denyAll, allowAll, byQueue].');
  }
  if (sourceQueueArns !== undefined) throw invalid('sourceQueueArns can be given only when redrivePermission is byQueue.');
  return { redrivePermission, sourceQueueArns: [] };
}

interface RedriveEnd {
  readonly arn: string;
  readonly fifo: boolean;
}

/** Refuses a redrive policy whose dead-letter queue is not there, is of the other type or does not allow the source. */
export function checkDeadLetterTarget(policy: RedrivePolicy, source: RedriveEnd, target: RedriveEnd | undefined, allow: RedriveAllowPolicy): void {
  const invalid = (reason: string) => invalidValue('RedrivePolicy', JSON.stringify(policy), reason);
  if (!target) throw invalid('Dead letter target does not exist.');
  if (target.fifo !== source.fifo) throw invalid('Dead-letter queue must be same type of queue as the source.');
  const { redrivePermission, sourceQueueArns } = allow;
  if (redrivePermission === 'denyAll' || (redrivePermission === 'byQueue' && !sourceQueueArns.includes(source.arn))) {
    throw invalid('The dead-letter queue\'s RedriveAllowPolicy does not allow this source queue.');
  }
}

function parseObject(text: string, error: () => Error): { [name: string]: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw error();
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw error();
  return value as { [name: string]: unknown };
}
