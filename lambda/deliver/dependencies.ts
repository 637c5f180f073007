import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { BreakerState, ProbeAnswer, ProbeMark } from '../../lib/contract/breaker';
import type { DeliverConfig } from '../../lib/contract/config';
import type { Sender } from '../../lib/contract/sender';
import type { MessageOrder, StringAttributes } from '../shared/dead-letter';
import type { Log } from '../shared/log';
import type { WriteMetrics } from '../shared/metrics';
import type { StoreTable } from '../shared/store/table';
import type { Transform } from './transform/transform';

/** What the handler needs of the world. Any of it may fail, and none of it may make an event disappear. */
export interface DeliverDependencies {
  readonly config: DeliverConfig;
  readonly sender: Sender;
  /** What is sent of an event. Absent: the event as it came. */
  readonly shape?: Transform;
  /** Hides a message of the delivery queue for so long from now. */
  readonly changeVisibility: (receiptHandle: string, seconds: number) => Promise<unknown>;
  /** `order` where the delivery queue is a FIFO queue, and so its dead-letter queue. */
  readonly sendDeadLetter: (body: string, attributes: StringAttributes, order?: MessageOrder) => Promise<unknown>;
  /** Deletes a message of the delivery queue that is done with, before the mapping would do it. */
  readonly deleteMessage: (receiptHandle: string) => Promise<unknown>;
  /** An object of the payload bucket; undefined where there is none. */
  readonly readPayload: (key: string) => Promise<Uint8Array | undefined>;
  /** Messages of the delivery queue in flight, those that wait for their next attempt among them. */
  readonly inFlight: () => Promise<number>;
  /** What the keeper wrote about this target; undefined where it wrote nothing. */
  readonly breaker: () => Promise<BreakerState | undefined>;
  /** Absent where there is no event store. */
  readonly table?: Pick<StoreTable, 'update'>;
  /** Tells the keeper that the target wants no more events. */
  readonly flagGone: () => Promise<unknown>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly log: Log;
  readonly metrics: WriteMetrics;
}

export type DeliverEvent = SQSEvent & Partial<ProbeMark>;

export type DeliverAnswer = SQSBatchResponse & Partial<ProbeAnswer>;

export type DeliverHandler = (event: DeliverEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<DeliverAnswer>;
