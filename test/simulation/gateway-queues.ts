import { MAX_RECEIVES, VISIBILITY_PER_FUNCTION_TIMEOUT } from '../../lib/contract/retry';
import type { Clock } from '../../local/clock';
import type { MappedQueue } from '../../local/lambda/event-source-mapping';
import type { QueueMessage } from '../../local/lambda/sqs-event';
import type { SqsEngine } from '../../local/sqs/engine';
import type { Queue } from '../../local/sqs/queue';
import type { Faults } from './faults';
import { functionTimeoutSeconds, type TargetOptions } from './options';
import { markHandle, numberIn, readHandle } from './post';
import type { Random } from './random';

export interface QueuePair {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
}

/** The two queues of a target, with the attributes that the constructs give them. */
export function createQueues(engine: SqsEngine, name: string, options: TargetOptions): QueuePair {
  const fifo = options.ordered ? { FifoQueue: 'true', DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' } : undefined;
  const suffix = fifo ? '.fifo' : '';
  const attributes = { MessageRetentionPeriod: String(14 * 86_400), ...fifo };
  const deadLetterQueue = engine.createQueue(`${name}-dead${suffix}`, attributes);
  const queue = engine.createQueue(`${name}${suffix}`, {
    ...attributes,
    VisibilityTimeout: String(functionTimeoutSeconds(options) * VISIBILITY_PER_FUNCTION_TIMEOUT),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetterQueue.arn, maxReceiveCount: MAX_RECEIVES }),
  });
  return { queue, deadLetterQueue };
}

/** SQS delivers twice within so many milliseconds: while the first receiver is at work, or has just deleted the message. */
const TWICE_WITHIN_MS = 80;

/** A delivery queue as a mapping sees it through faults of SQS. Its receipt handles are marked. */
export class FaultyQueue implements MappedQueue {
  constructor(
    private readonly queue: Queue,
    private readonly faults: Faults,
    private readonly random: Random,
    private readonly clock: Clock,
    /** The event of this number may be delivered once more, for this reason. */
    private readonly onRepeat: (number: number, cause: string) => void,
  ) {}

  get arn(): string {
    return this.queue.arn;
  }

  receive(options: { readonly maxMessages: number }): QueueMessage[] {
    const messages = this.queue.receive(options).map((message) => (
      { ...message, receiptHandle: markHandle(message.receiptHandle, numberIn(message.body)) }
    ));
    // A FIFO queue does neither.
    if (this.queue.fifo) return messages;
    for (const { receiptHandle } of messages) if (this.faults.happens('duplicate')) this.duplicate(receiptHandle);
    return messages.length > 1 && this.faults.happens('reorder') ? this.random.shuffle(messages) : messages;
  }

  delete(receiptHandle: string): void {
    const { handle, number } = readHandle(receiptHandle);
    if (this.faults.happens('delete-lost')) this.onRepeat(number, 'the message was not deleted');
    else this.queue.delete(handle);
  }

  onVisible(listener: () => void): () => void {
    return this.queue.onVisible(listener);
  }

  /** Makes it receivable again while the first receiver works on it. */
  private duplicate(receiptHandle: string): void {
    const { handle, number } = readHandle(receiptHandle);
    this.clock.schedule(this.clock.now() + this.random.integer(1, TWICE_WITHIN_MS), () => {
      try {
        this.queue.changeVisibility(handle, 0);
        this.onRepeat(number, 'SQS delivered it twice');
      } catch {
        // It is deleted, or received again: there is nothing to deliver twice.
      }
    });
  }
}
