import type { Clock, Timer } from '../clock';
import { IndexedHeap } from './heap';
import { MAX_IN_FLIGHT } from './limits';
import type { MessageOrder } from './message-order';
import type { MessageState, StoredMessage } from './message';

export interface MessageCounts {
  available: number;
  delayed: number;
  inFlight: number;
}

/**
 * The messages of one queue and their three states. Every message has one next instant (its delay or visibility timeout
 * ends, or its retention period does) in one heap, and the queue has one timer for the first of them.
 */
export class MessageStore {
  readonly counts: MessageCounts = { available: 0, delayed: 0, inFlight: 0 };
  private readonly messages = new Map<string, StoredMessage>();
  private readonly timetable = new IndexedHeap<StoredMessage>();
  private timer: Timer | null = null;
  private timerAt: number | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly order: MessageOrder,
    private readonly retentionMs: () => number,
    /** Called when a message may have become receivable. */
    private readonly onReceivable: () => void,
  ) {}

  find(id: string): StoredMessage | undefined {
    return this.messages.get(id);
  }

  receivable(): Iterable<StoredMessage> {
    return this.order.receivable();
  }

  add(message: StoredMessage, visibleAt: number): void {
    this.messages.set(message.id, message);
    message.visibleAt = visibleAt;
    this.change(message, null, visibleAt > this.clock.now() ? 'delayed' : 'available');
  }

  /** Makes a message invisible until then, or visible at once when that is now. */
  hide(message: StoredMessage, until: number): void {
    message.visibleAt = until;
    this.change(message, message.state, until > this.clock.now() ? 'in-flight' : 'available');
  }

  remove(message: StoredMessage): void {
    this.messages.delete(message.id);
    this.change(message, message.state, null);
  }

  /** Carries out what is due: a timer may not have run yet at the instant it is set for. */
  settle(): void {
    const now = this.clock.now();
    for (let next = this.timetable.peek(); next && next.rank <= now; next = this.timetable.peek()) {
      if (this.expiresAt(next) <= now) this.remove(next);
      else this.change(next, next.state, 'available');
    }
  }

  /** Works out all instants again, after the retention period or the delay of those who wait has changed. */
  reschedule(visibleAt: (message: StoredMessage) => number): void {
    for (const message of this.messages.values()) {
      message.visibleAt = visibleAt(message);
      this.timetable.set(message, this.dueAt(message));
    }
    this.setTimer();
  }

  clear(): void {
    for (const message of this.messages.values()) message.node = null;
    this.messages.clear();
    this.timetable.clear();
    this.order.clear();
    this.counts.available = this.counts.delayed = this.counts.inFlight = 0;
    this.setTimer();
  }

  private change(message: StoredMessage, from: MessageState | null, to: MessageState | null): void {
    if (from) this.counts[COUNTER[from]]--;
    if (to) {
      this.counts[COUNTER[to]]++;
      message.state = to;
      this.timetable.set(message, this.dueAt(message));
    } else {
      this.timetable.remove(message);
    }
    const belowCeiling = from === 'in-flight' && to !== 'in-flight' && this.counts.inFlight === MAX_IN_FLIGHT - 1;
    if (this.order.change(message, from, to) || belowCeiling) this.onReceivable();
    this.setTimer();
  }

  private dueAt(message: StoredMessage): number {
    const expiresAt = this.expiresAt(message);
    return message.state === 'available' ? expiresAt : Math.min(message.visibleAt, expiresAt);
  }

  private expiresAt(message: StoredMessage): number {
    return message.enqueuedAt + this.retentionMs();
  }

  private setTimer(): void {
    const next = this.timetable.peek()?.rank ?? null;
    if (next === this.timerAt) return;
    this.timer?.cancel();
    this.timerAt = next;
    this.timer = next === null ? null : this.clock.schedule(next, () => {
      this.timer = this.timerAt = null;
      this.settle();
      this.setTimer();
    });
  }
}

const COUNTER = { 'available': 'available', 'delayed': 'delayed', 'in-flight': 'inFlight' } as const;
