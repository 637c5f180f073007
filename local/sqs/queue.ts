import type { Clock } from '../clock';
import { Deduplication } from './deduplication';
import { invalidValue, queueDoesNotExist, sqsError } from './errors';
import { FifoOrder } from './fifo-order';
import { MAX_IN_FLIGHT, MAX_VISIBILITY_SECONDS, PURGE_INTERVAL_MS } from './limits';
import { Listeners } from './listeners';
import { type ReceivedMessage, type ReceiveOptions, type SendMessageInput, type SentMessage, StoredMessage, toReceived, toSent } from './message';
import { StandardOrder } from './message-order';
import { acceptMessage, checkVisibility } from './message-rules';
import { type MessageCounts, MessageStore } from './message-store';
import { type AttributeMap, mergeAttributes, newAttributes, type QueueSettings, toSettings } from './queue-attributes';
import { ReceiveAttempts } from './receive-attempts';
import { decodeReceiptHandle, encodeReceiptHandle } from './receipt-handle';
import { checkDeadLetterTarget } from './redrive-policy';

/** What a queue needs of the engine it is in. */
export interface QueueHost {
  readonly clock: Clock;
  newId(): string;
  urlOf(name: string): string;
  arnOf(name: string): string;
  findByArn(arn: string): Queue | undefined;
}

export class Queue {
  readonly arn: string;
  readonly fifo: boolean;
  readonly tags = new Map<string, string>();
  readonly createdAt: number;
  modifiedAt: number;
  attributes: AttributeMap;
  settings: QueueSettings;
  /** Deleted, or its engine closed: it takes and gives nothing more. */
  closed = false;

  private readonly token: string;
  private readonly store: MessageStore;
  private readonly deduplication = new Deduplication();
  private readonly attempts = new ReceiveAttempts();
  private readonly listeners = new Listeners();
  private lastReceipt = 0;
  private purgedAt = -Infinity;

  constructor(private readonly host: QueueHost, readonly name: string, attributes: AttributeMap = {}) {
    this.fifo = name.endsWith('.fifo');
    this.arn = host.arnOf(name);
    this.token = host.newId();
    this.createdAt = this.modifiedAt = host.clock.now();
    this.attributes = newAttributes(this.fifo, attributes);
    this.settings = toSettings(this.attributes);
    this.checkRedrive(this.settings);
    const order = this.fifo ? new FifoOrder() : new StandardOrder();
    this.store = new MessageStore(host.clock, order, () => this.settings.retentionSeconds * 1000, () => this.listeners.call());
  }

  get url(): string {
    return this.host.urlOf(this.name);
  }

  /** The messages by state, after everything that is due at this instant. */
  counts(): Readonly<MessageCounts> {
    this.store.settle();
    return { ...this.store.counts };
  }

  send(input: SendMessageInput): SentMessage {
    if (this.closed) throw queueDoesNotExist();
    const { content, delaySeconds, deduplicationId } = acceptMessage(input, this.fifo, this.settings);
    const now = this.host.clock.now();
    const message = new StoredMessage(this.host.newId(), content, now);
    message.deduplicationId = deduplicationId;
    const first = this.deduplication.find(message, this.settings.deduplicatesByGroup, now);
    if (first) return toSent({ ...first, content });
    this.enter(message, now + delaySeconds * 1000);
    return toSent(message);
  }

  /** Receives what is available now, and moves what was received too often to the dead-letter queue. Never waits. */
  receive({ maxMessages = 1, visibilityTimeoutSeconds, receiveRequestAttemptId }: ReceiveOptions = {}): ReceivedMessage[] {
    const visibility = visibilityTimeoutSeconds ?? this.settings.visibilitySeconds;
    checkVisibility(visibility);
    this.store.settle();
    const now = this.host.clock.now();
    const until = now + visibility * 1000;
    const attemptId = this.fifo ? receiveRequestAttemptId : undefined;
    const repeated = attemptId === undefined ? undefined : this.attempts.repeat(attemptId, now);
    const messages = repeated ?? this.take(maxMessages, now);
    for (const message of messages) {
      message.receivedAt = now;
      this.store.hide(message, until);
    }
    if (attemptId !== undefined) this.attempts.remember(attemptId, messages, now);
    return messages.map((message) => toReceived(message, encodeReceiptHandle(this.token, message)));
  }

  /**
   * Deletes a message. On a standard queue the handle of an earlier receive succeeds and deletes nothing; on a FIFO queue a
   * handle whose visibility timeout is over is an error.
   */
  delete(receiptHandle: string): void {
    const { message, latest } = this.resolve(receiptHandle);
    if (!message) return;
    const expired = !latest || (message.state !== 'in-flight' && this.host.clock.now() > message.visibleAt);
    if (this.fifo && expired) throw invalidValue('ReceiptHandle', receiptHandle, 'The receipt handle has expired.');
    if (latest) this.store.remove(message);
  }

  /** Makes a message in flight visible after this many seconds from now, at most 12 hours after its receive. */
  changeVisibility(receiptHandle: string, seconds: number): void {
    checkVisibility(seconds);
    const { message, latest } = this.resolve(receiptHandle);
    if (!message || !latest) {
      throw invalidValue('ReceiptHandle', receiptHandle, 'Message does not exist or is not available for visibility timeout change.');
    }
    if (message.state !== 'in-flight') throw sqsError('MessageNotInflight', 'The specified message isn\'t in flight.');
    const until = this.host.clock.now() + seconds * 1000;
    if (until > message.receivedAt + MAX_VISIBILITY_SECONDS * 1000) {
      throw invalidValue('VisibilityTimeout', seconds,
        `Total VisibilityTimeout for the message is beyond the limit [${MAX_VISIBILITY_SECONDS} seconds]`);
    }
    message.visibilityChanged = true;
    this.store.hide(message, until);
  }

  /**
   * Calls the listener, once per turn of the event loop, whenever a message may have become receivable, and when the queue
   * closes. Returns what ends it.
   */
  onVisible(listener: () => void): () => void {
    return this.listeners.add(listener);
  }

  purge(): void {
    const now = this.host.clock.now();
    if (now - this.purgedAt < PURGE_INTERVAL_MS) {
      throw sqsError('PurgeQueueInProgress', `Only one PurgeQueue operation on ${this.name} is allowed every 60 seconds.`);
    }
    this.purgedAt = now;
    this.store.clear();
  }

  setAttributes(given: AttributeMap): void {
    const attributes = mergeAttributes(this.fifo, this.attributes, given);
    const settings = toSettings(attributes);
    if (given['RedrivePolicy'] !== undefined) this.checkRedrive(settings);
    this.store.settle();
    const { delaySeconds, retentionSeconds } = this.settings;
    Object.assign(this, { attributes, settings, modifiedAt: this.host.clock.now() });
    if (delaySeconds !== settings.delaySeconds || retentionSeconds !== settings.retentionSeconds) this.reschedule();
  }

  close(): void {
    this.closed = true;
    this.store.clear();
    this.listeners.call();
  }

  /**
   * Moves the first available message as a move task does: it enters the destination as a new message, with a new id, a new
   * enqueue time and no receives. It is never dropped as a duplicate there. False when no message is available.
   */
  moveFirst(destinationOf: (message: StoredMessage) => Queue): boolean {
    this.store.settle();
    const [moved] = this.store.receivable();
    if (!moved) return false;
    const destination = destinationOf(moved);
    this.store.remove(moved);
    const now = this.host.clock.now();
    const message = new StoredMessage(this.host.newId(), moved.content, now);
    message.deduplicationId = moved.deduplicationId;
    destination.enter(message, now + destination.settings.delaySeconds * 1000);
    return true;
  }

  private take(maxMessages: number, now: number): StoredMessage[] {
    const limit = Math.min(maxMessages, MAX_IN_FLIGHT - this.store.counts.inFlight);
    const { maxReceiveCount = Infinity, deadLetterTargetArn } = this.settings.redrive ?? {};
    const deadLetterQueue = deadLetterTargetArn === undefined ? undefined : this.host.findByArn(deadLetterTargetArn);
    const taken: StoredMessage[] = [];
    const dead: StoredMessage[] = [];
    if (limit > 0) {
      for (const message of this.store.receivable()) {
        if (deadLetterQueue && message.receives >= maxReceiveCount) dead.push(message);
        else if (taken.push(message) >= limit) break;
      }
    }
    for (const message of dead) this.moveTo(deadLetterQueue as Queue, message, now);
    for (const message of taken) {
      message.receives++;
      message.firstReceivedAt ??= now;
      message.receipt = ++this.lastReceipt;
      message.visibilityChanged = false;
    }
    return taken;
  }

  /**
   * A dead letter keeps its id, its counts and, in a standard queue, the start of its retention period. A FIFO queue starts
   * that again and deduplicates by message id, so that two messages which once shared an id both survive.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
   */
  private moveTo(target: Queue, message: StoredMessage, now: number): void {
    this.store.remove(message);
    message.deadLetterSourceArn = this.arn;
    message.receipt = 0;
    if (this.fifo) {
      message.enqueuedAt = now;
      message.deduplicationId = message.id;
    }
    target.enter(message, now);
  }

  private enter(message: StoredMessage, visibleAt: number): void {
    this.store.add(message, visibleAt);
    this.deduplication.remember(message, this.settings.deduplicatesByGroup, this.host.clock.now());
  }

  private resolve(handle: string): { message?: StoredMessage; latest: boolean } {
    if (this.closed) throw queueDoesNotExist();
    const { id, receipt } = decodeReceiptHandle(this.token, handle);
    this.store.settle();
    const message = this.store.find(id);
    return { message, latest: message?.receipt === receipt };
  }

  private checkRedrive({ redrive }: QueueSettings): void {
    if (!redrive) return;
    const target = redrive.deadLetterTargetArn === this.arn ? this : this.host.findByArn(redrive.deadLetterTargetArn);
    checkDeadLetterTarget(redrive, this, target, (target ?? this).settings.redriveAllow);
  }

  /** A new delay holds for messages that already wait in a FIFO queue, and not for those in a standard queue. */
  private reschedule(): void {
    this.store.reschedule((message) => (this.fifo && message.state === 'delayed'
      ? message.enqueuedAt + this.settings.delaySeconds * 1000
      : message.visibleAt));
  }
}
