import type { Clock, Timer } from '../clock';
import { failedMessages } from './batch-response';
import { MAX_EVENT_BYTES, type InvokeResult } from './invocation';
import { batchesBySize, sqsRecord, type QueueMessage } from './sqs-event';

/** What a mapping needs of a queue. */
export interface MappedQueue {
  readonly arn: string;
  /** Takes at most this many messages, without waiting, for the queue's own visibility timeout. */
  receive(options: { readonly maxMessages: number }): QueueMessage[];
  delete(receiptHandle: string): void;
  /** Calls when a message may have become receivable. */
  onVisible(listener: () => void): () => void;
}

/** What a mapping needs of a function; a `LocalFunction` is one. */
export interface MappedFunction {
  /** How many invocations could start now. */
  readonly free: number;
  onFree(listener: () => void): () => void;
  invoke(event: unknown): Promise<InvokeResult>;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html */
export interface EventSourceMappingOptions {
  readonly queue: MappedQueue;
  readonly function: MappedFunction;
  readonly clock: Clock;
  /** 1 to 10, or to 10,000 with a batching window. Default: 10. */
  readonly batchSize?: number;
  /** How long a batch that is not full waits for more, 0 to 300 seconds of the run's clock. Default: 0. */
  readonly batchingWindowSeconds?: number;
  /** Batches at a time. Default: 5, where Lambda starts; it does not scale up here. */
  readonly maximumConcurrency?: number;
  /** Whether the function's response says which messages failed. Default: false, and every response is success. */
  readonly reportBatchItemFailures?: boolean;
  /** Default: true. */
  readonly enabled?: boolean;
}

export type MappingState = 'Enabled' | 'Disabled' | 'Closed';

/** Messages of one ReceiveMessage. */
const RECEIVE_LIMIT = 10;

/** Lambda's poller: receives messages, invokes the function with batches of them, and deletes what succeeded. */
export class EventSourceMapping {
  private current: MappingState;
  private readonly batchSize: number;
  private readonly maximumConcurrency: number;
  private readonly stopListening: (() => void)[];
  /** Received and waiting for the batching window to end. */
  private gathered: QueueMessage[] = [];
  private window: Timer | null = null;
  /** Received, and to be invoked as soon as there is room. */
  private ready: QueueMessage[][] = [];
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly options: EventSourceMappingOptions) {
    this.current = options.enabled === false ? 'Disabled' : 'Enabled';
    this.batchSize = options.batchSize ?? 10;
    this.maximumConcurrency = options.maximumConcurrency ?? 5;
    const poll = (): void => this.poll();
    this.stopListening = [options.queue.onVisible(poll), options.function.onFree(poll)];
    this.poll();
  }

  get state(): MappingState {
    return this.current;
  }

  /** Receives no more. What has been received is still processed. */
  pause(): void {
    if (this.current !== 'Enabled') return;
    this.current = 'Disabled';
    this.endWindow();
  }

  resume(): void {
    if (this.current !== 'Disabled') return;
    this.current = 'Enabled';
    this.poll();
  }

  /** Ends the mapping for good. Resolves when the batches under way have ended; what was only received becomes visible again by itself. */
  async close(): Promise<void> {
    this.current = 'Closed';
    for (const stop of this.stopListening) stop();
    this.window?.cancel();
    this.ready = [];
    await Promise.all(this.running);
  }

  /** Takes and starts batches while there are messages, and room for them in the mapping and in the function. */
  private poll(): void {
    while (this.current !== 'Closed' && this.running.size < this.maximumConcurrency && this.options.function.free > 0) {
      // Only now, so that a message is not received, and its receives not counted, to wait for a busy function.
      const batch = this.ready.shift() ?? this.gather();
      if (!batch) return;
      this.start(batch);
    }
  }

  /** The next batch, if one is due. */
  private gather(): QueueMessage[] | undefined {
    if (this.current !== 'Enabled') return undefined;
    this.receive();
    const seconds = this.options.batchingWindowSeconds ?? 0;
    if (this.gathered.length === 0) return undefined;
    if (this.gathered.length < this.batchSize && seconds > 0) {
      this.window ??= this.options.clock.schedule(this.options.clock.now() + seconds * 1000, () => this.endWindow());
      return undefined;
    }
    this.makeReady();
    return this.ready.shift();
  }

  private receive(): void {
    for (;;) {
      const maxMessages = Math.min(RECEIVE_LIMIT, this.batchSize - this.gathered.length);
      const messages = maxMessages > 0 ? this.options.queue.receive({ maxMessages }) : [];
      if (messages.length === 0) return;
      this.gathered.push(...messages);
    }
  }

  private endWindow(): void {
    this.makeReady();
    this.poll();
  }

  private makeReady(): void {
    this.window?.cancel();
    this.window = null;
    this.ready.push(...batchesBySize(this.gathered, this.options.queue.arn, MAX_EVENT_BYTES));
    this.gathered = [];
  }

  private start(batch: QueueMessage[]): void {
    const run: Promise<void> = this.options.clock.track(this.process(batch)).finally(() => {
      this.running.delete(run);
      this.poll();
    });
    this.running.add(run);
  }

  private async process(batch: QueueMessage[]): Promise<void> {
    const { queue, function: target, reportBatchItemFailures } = this.options;
    const result = await target.invoke({ Records: batch.map((message) => sqsRecord(message, queue.arn)) });
    // A failed batch stays in flight until its visibility timeout ends, which the function may have changed.
    if (result.outcome !== 'success') return;
    const failed = reportBatchItemFailures ? failedMessages(result.payload, batch.map(({ messageId }) => messageId)) : new Set();
    for (const message of batch) if (!failed.has(message.messageId)) this.delete(message);
  }

  private delete({ receiptHandle }: QueueMessage): void {
    try {
      this.options.queue.delete(receiptHandle);
    } catch {
      // The queue is gone, or the message's time was over: it is delivered again, as on AWS.
    }
  }
}
