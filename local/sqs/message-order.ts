import { LinkedList } from './linked-list';
import type { MessageState, StoredMessage } from './message';

/** Which messages of a queue may be received, and in what order. */
export interface MessageOrder {
  /**
   * A message came (`from` is null), changed its state or left (`to` is null). True when a message may have become receivable.
   */
  change(message: StoredMessage, from: MessageState | null, to: MessageState | null): boolean;
  /** What one receive may return, next first. The queue must not change during the walk. */
  receivable(): Iterable<StoredMessage>;
  clear(): void;
}

/**
 * Standard queues promise no order. Here a message waits behind those that became available before it, so that what fails
 * again and again never starves the rest.
 */
export class StandardOrder implements MessageOrder {
  private readonly available = new LinkedList<StoredMessage>();

  change(message: StoredMessage, _from: MessageState | null, to: MessageState | null): boolean {
    if (message.node) this.available.remove(message.node);
    message.node = to === 'available' ? this.available.append(message) : null;
    return to === 'available';
  }

  *receivable(): Iterable<StoredMessage> {
    for (let node = this.available.head; node; node = node.next) yield node.value;
  }

  clear(): void {
    this.available.clear();
  }
}
