import { AwsError } from '../aws-service';
import type { Clock, Timer } from '../clock';
import { errorCode, queueDoesNotExist } from './errors';
import { MAX_MOVES_PER_SECOND } from './limits';
import type { StoredMessage } from './message';
import type { Queue } from './queue';

export type MoveTaskStatus = 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

export interface MoveTaskOptions {
  readonly id: string;
  readonly source: Queue;
  /** Absent: each message goes back to the queue it was dead-lettered from. */
  readonly destinationArn?: string;
  /** 1 to 500. Absent: as fast as SQS ever moves, 500. */
  readonly perSecond?: number;
}

/** Moves are done in portions this far apart, so that a fast task does not need a timer for each message. */
const PORTION_MS = 100;

/**
 * One redrive: moves as many messages as the source had available at the start, the first at once, the others at the rate asked
 * for. What is in flight or delayed stays.
 */
export class MoveTask {
  status: MoveTaskStatus = 'RUNNING';
  failureReason?: string;
  moved = 0;
  readonly startedAt: number;
  readonly toMove: number;
  private timer: Timer;

  constructor(
    readonly options: MoveTaskOptions,
    private readonly clock: Clock,
    private readonly findByArn: (arn: string) => Queue | undefined,
  ) {
    this.startedAt = clock.now();
    this.toMove = options.source.counts().available;
    this.timer = clock.schedule(this.startedAt, () => this.run());
  }

  /** Stops where it is: what was moved stays moved. */
  cancel(): void {
    this.end('CANCELLED');
  }

  private run(): void {
    try {
      this.movePortion();
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.failureReason = errorCode(error);
      this.end('FAILED');
    }
  }

  private movePortion(): void {
    const { source, perSecond = MAX_MOVES_PER_SECOND } = this.options;
    if (source.closed) throw queueDoesNotExist();
    const now = this.clock.now();
    const allowed = Math.min(this.toMove, 1 + Math.floor((now - this.startedAt) * perSecond / 1000));
    while (this.moved < allowed) {
      if (!source.moveFirst((message) => this.destinationOf(message))) return this.end('COMPLETED');
      this.moved++;
    }
    if (this.moved >= this.toMove) return this.end('COMPLETED');
    const next = Math.max(now + PORTION_MS, this.startedAt + Math.ceil(this.moved * 1000 / perSecond));
    this.timer = this.clock.schedule(next, () => this.run());
  }

  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/troubleshooting-dlq-redrive.html */
  private destinationOf({ deadLetterSourceArn }: StoredMessage): Queue {
    const arn = this.options.destinationArn ?? deadLetterSourceArn;
    if (arn === undefined) throw new AwsError('com.amazonaws.sqs#CouldNotDetermineMessageSource', 'the message was sent to this queue directly');
    const queue = this.findByArn(arn);
    if (!queue) throw queueDoesNotExist();
    return queue;
  }

  private end(status: MoveTaskStatus): void {
    this.timer.cancel();
    this.status = status;
  }
}
