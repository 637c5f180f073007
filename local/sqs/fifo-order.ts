import { type HeapItem, IndexedHeap } from './heap';
import { FIFO_LOOK_AHEAD } from './limits';
import { LinkedList, type ListNode } from './linked-list';
import type { MessageOrder } from './message-order';
import type { MessageState, StoredMessage } from './message';

/** The messages of one `MessageGroupId`, in the order they came. They keep their places while they are in flight. */
class MessageGroup implements HeapItem {
  readonly messages = new LinkedList<StoredMessage>();
  inFlight = 0;
  rank = 0;
  slot = -1;

  constructor(readonly id: string) {}
}

/**
 * The order of a FIFO queue. While a message of a group is in flight, no other message of the group can be received; one
 * receive takes as many of a group as it may before it goes to the next group.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export class FifoOrder implements MessageOrder {
  private readonly messages = new LinkedList<StoredMessage>();
  private readonly groups = new Map<string, MessageGroup>();
  /** Groups whose first message can be received, by the place of that message. */
  private readonly ready = new IndexedHeap<MessageGroup>();
  /** The last message that a receive looks at. */
  private lookAheadEnd: ListNode<StoredMessage> | null = null;
  private lastPosition = 0;

  constructor(private readonly lookAhead = FIFO_LOOK_AHEAD) {}

  change(message: StoredMessage, from: MessageState | null, to: MessageState | null): boolean {
    if (from === null) this.enter(message);
    const group = this.groups.get(message.content.groupId as string) as MessageGroup;
    if (from === 'in-flight') group.inFlight--;
    if (to === 'in-flight') group.inFlight++;
    const opened = to === null && this.leave(message, group);
    return this.refresh(group) || opened;
  }

  *receivable(): Iterable<StoredMessage> {
    const looked: MessageGroup[] = [];
    try {
      for (let group = this.nextReady(); group; group = this.nextReady()) {
        this.ready.remove(group);
        looked.push(group);
        for (let node = group.messages.head; node?.value.state === 'available'; node = node.next) yield node.value;
      }
    } finally {
      for (const group of looked) this.refresh(group);
    }
  }

  clear(): void {
    this.messages.clear();
    this.groups.clear();
    this.ready.clear();
    this.lookAheadEnd = null;
  }

  private enter(message: StoredMessage): void {
    const id = message.content.groupId as string;
    let group = this.groups.get(id);
    if (!group) this.groups.set(id, group = new MessageGroup(id));
    message.position = ++this.lastPosition;
    message.sequenceNumber = toSequenceNumber(message.position);
    message.node = this.messages.append(message);
    message.groupNode = group.messages.append(message);
    if (this.messages.size <= this.lookAhead) this.lookAheadEnd = message.node;
  }

  /** True when the look-ahead moved on to a group that is free. */
  private leave(message: StoredMessage, group: MessageGroup): boolean {
    const node = message.node as ListNode<StoredMessage>;
    const end = this.lookAheadEnd as ListNode<StoredMessage>;
    this.messages.remove(node);
    group.messages.remove(message.groupNode as ListNode<StoredMessage>);
    message.node = message.groupNode = null;
    if (group.messages.size === 0) this.groups.delete(group.id);
    if (this.messages.size < this.lookAhead) {
      this.lookAheadEnd = this.messages.tail;
    } else if (message.position <= end.value.position) {
      this.lookAheadEnd = end.next;
      return this.nextReady() !== undefined;
    }
    return false;
  }

  private nextReady(): MessageGroup | undefined {
    const group = this.ready.peek();
    return group && this.lookAheadEnd && group.rank <= this.lookAheadEnd.value.position ? group : undefined;
  }

  /** Puts a group among the ready ones, or takes it out. True when its first message can be received. */
  private refresh(group: MessageGroup): boolean {
    const first = group.messages.head?.value;
    if (!first || group.inFlight > 0 || first.state !== 'available') {
      this.ready.remove(group);
      return false;
    }
    this.ready.set(group, first.position);
    return first.position <= (this.lookAheadEnd?.value.position ?? 0);
  }
}

/** 20 digits that grow with the place in the queue, with gaps: "large, non-consecutive". */
function toSequenceNumber(position: number): string {
  return String(18_000_000_000_000_000_000n + BigInt(position) * 256n);
}
