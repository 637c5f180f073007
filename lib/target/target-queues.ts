import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption, QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { MAX_RECEIVES } from '../contract/retry';

/** The longest that SQS keeps a message. */
const RETENTION = Duration.days(14);

/**
 * Order and the search for duplicates are each key's own, so that keys do not slow each other. Content-based deduplication stays off:
 * two events may have the same bytes, and a replay must not vanish.
 */
const FIFO: QueueProps = {
  fifo: true,
  contentBasedDeduplication: false,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
};

export interface TargetQueuesProps {
  readonly fifo: boolean;
  readonly visibilityTimeout: Duration;
  readonly removalPolicy: RemovalPolicy;
}

export interface TargetQueues {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
}

/**
 * A target's two queues. A FIFO queue has an id of its own: CloudFormation cannot turn one kind into the other, so under the same
 * id it would put a new queue into the place of one in which events may wait.
 */
export function createQueues(scope: Construct, { fifo, visibilityTimeout, removalPolicy }: TargetQueuesProps): TargetQueues {
  const common: QueueProps = {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: RETENTION,
    removalPolicy,
    ...(fifo && FIFO),
  };
  const prefix = fifo ? 'Fifo' : '';
  const deadLetterQueue = new Queue(scope, `${prefix}DeadLetterQueue`, common);
  for (const id of ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy']) {
    Validations.of(deadLetterQueue).acknowledge({ id, reason: 'This is the dead-letter queue.' });
  }
  const queue = new Queue(scope, `${prefix}Queue`, {
    ...common,
    visibilityTimeout,
    // Only the net under a crashing function: a failure that is understood is moved with its reason long before.
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: MAX_RECEIVES },
  });
  return { queue, deadLetterQueue };
}
