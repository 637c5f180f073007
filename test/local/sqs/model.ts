import type { StoredMessage } from '../../../local/sqs/message';
import type { Queue } from '../../../local/sqs/queue';
import { type Run, SECOND, startRun, withDeadLetters } from './support';

export const MAX_RECEIVE_COUNT = 3;
const RETENTION_SECONDS = { source: 600, dlq: 900 };
const DEDUPLICATION_MS = 300 * SECOND;

export type Place = keyof typeof RETENTION_SECONDS;

export type Operation =
  /** `repeat` picks the deduplication id of an earlier message (FIFO only). */
  | { readonly op: 'send'; readonly group: string; readonly delaySeconds: number; readonly repeat: number | null }
  | { readonly op: 'receive'; readonly place: Place; readonly max: number; readonly seconds: number }
  | { readonly op: 'delete'; readonly pick: number }
  | { readonly op: 'change'; readonly pick: number; readonly seconds: number }
  | { readonly op: 'advance'; readonly ms: number }
  | { readonly op: 'move' };

/** What the model knows of one message. Bodies are unique, so that they name messages across moves. */
interface Known {
  readonly body: string;
  readonly group: string;
  place: Place | 'deleted' | 'expired';
  /** Order of arrival in its place. */
  arrival: number;
  enqueuedAt: number;
  /** Delayed or in flight until then. */
  hiddenUntil: number;
  inFlight: boolean;
  receives: number;
  /** The handle of the last receive in its place. */
  handle?: string;
}

/** A source, its dead-letter queue and a plain account of what must be in them. Every step asserts. */
export class Model {
  private readonly run: Run = startRun();
  private readonly queues: { [place in Place]: Queue };
  private readonly known: Known[] = [];
  private readonly ids: { readonly id: string; sentAt: number }[] = [];
  private readonly handles: { readonly message: Known; readonly place: Place; readonly handle: string }[] = [];
  private sends = 0;
  private arrivals = 0;

  constructor(private readonly fifo: boolean) {
    const { queue, dlq } = withDeadLetters(this.run, MAX_RECEIVE_COUNT, { fifo });
    this.queues = { source: queue, dlq };
    for (const place of ['source', 'dlq'] as const) this.queues[place].setAttributes({ MessageRetentionPeriod: String(RETENTION_SECONDS[place]) });
  }

  async apply(operation: Operation): Promise<void> {
    this.expire();
    switch (operation.op) {
      case 'send': this.send(operation); break;
      case 'receive': this.receive(operation.place, operation.max, operation.seconds); break;
      case 'delete': this.delete(operation.pick); break;
      case 'change': this.change(operation.pick, operation.seconds); break;
      case 'advance': await this.run.clock.advance(operation.ms); break;
      case 'move': await this.move(); break;
    }
    this.check();
  }

  private get now(): number {
    return this.run.clock.now();
  }

  private send({ group, delaySeconds, repeat }: Operation & { op: 'send' }): void {
    const body = `m${++this.sends}`;
    const repeated = repeat === null ? undefined : this.ids[repeat % (this.ids.length || 1)];
    const id = repeated?.id ?? body;
    this.queues.source.send(this.fifo ? { body, groupId: group, deduplicationId: id } : { body, delaySeconds });
    if (this.fifo && repeated && this.now - repeated.sentAt < DEDUPLICATION_MS) return;
    if (repeated) repeated.sentAt = this.now;
    else this.ids.push({ id, sentAt: this.now });
    this.known.push({
      body, group, place: 'source', arrival: ++this.arrivals, enqueuedAt: this.now,
      hiddenUntil: this.fifo ? 0 : this.now + delaySeconds * SECOND, inFlight: false, receives: 0,
    });
  }

  private receive(place: Place, max: number, seconds: number): void {
    const deliverable = this.deliverable(place);
    const received = this.queues[place].receive({ maxMessages: max, visibilityTimeoutSeconds: seconds });
    if (place === 'source') this.noteDeadLetters();
    const messages = received.map(({ body }) => this.known.find((message) => message.body === body) as Known);
    expect(messages).toHaveLength(Math.min(max, deliverable.length));
    expect(new Set(messages).size).toBe(messages.length);
    if (this.fifo) expectOrder(messages, deliverable);
    received.forEach(({ receiptHandle, attributes }, i) => {
      const message = messages[i] as Known;
      expect(deliverable).toContain(message);
      expect(attributes['ApproximateReceiveCount']).toBe(String(++message.receives));
      Object.assign(message, { hiddenUntil: this.now + seconds * SECOND, inFlight: seconds > 0, handle: receiptHandle });
      this.handles.push({ message, place, handle: receiptHandle });
    });
  }

  /** What a receive may give, in order of arrival. */
  private deliverable(place: Place): Known[] {
    const all = this.in(place);
    const locked = new Set(this.fifo ? all.filter(({ hiddenUntil }) => hiddenUntil > this.now).map(({ group }) => group) : []);
    const spent = (message: Known) => place === 'source' && message.receives >= MAX_RECEIVE_COUNT;
    return all.filter((message) => message.hiddenUntil <= this.now && !locked.has(message.group) && !spent(message));
  }

  /** Only what was visible and received often enough may be in the dead-letter queue now. */
  private noteDeadLetters(): void {
    const held = this.held('dlq');
    for (const message of this.in('source').filter(({ body }) => held.has(body))) {
      expect(message.receives).toBeGreaterThanOrEqual(MAX_RECEIVE_COUNT);
      expect(message.hiddenUntil).toBeLessThanOrEqual(this.now);
      Object.assign(message, { place: 'dlq', arrival: ++this.arrivals, inFlight: false, handle: undefined });
      if (this.fifo) message.enqueuedAt = this.now;
    }
  }

  private delete(pick: number): void {
    this.useHandle(pick, (queue, handle) => queue.delete(handle), (message) => {
      message.place = 'deleted';
    });
  }

  private change(pick: number, seconds: number): void {
    this.useHandle(pick, (queue, handle) => queue.changeVisibility(handle, seconds), (message) => {
      Object.assign(message, { hiddenUntil: this.now + seconds * SECOND, inFlight: seconds > 0 });
    });
  }

  private useHandle(pick: number, use: (queue: Queue, handle: string) => void, effect: (message: Known) => void): void {
    const used = this.handles[pick % (this.handles.length || 1)];
    if (!used) return;
    const { message, place, handle } = used;
    const latest = message.place === place && message.handle === handle;
    try {
      use(this.queues[place], handle);
    } catch (error) {
      expect((error as Error).name).toMatch(/^(InvalidParameterValueException|MessageNotInflight)$/);
      expect(latest && message.hiddenUntil > this.now).toBe(false);
      return;
    }
    if (latest) effect(message);
  }

  private async move(): Promise<void> {
    const begun = this.now;
    const movable = this.deliverable('dlq');
    this.run.engine.moveTasks.start(this.queues.dlq.arn, this.queues.source.arn);
    await this.run.clock.advance(SECOND);
    const held = this.held('source');
    for (const message of this.in('dlq').filter(({ body }) => held.has(body))) {
      const { enqueuedAt, receives } = held.get(message.body) as StoredMessage;
      expect(enqueuedAt).toBeGreaterThanOrEqual(begun);
      expect(receives).toBe(0);
      Object.assign(message, {
        place: 'source', arrival: ++this.arrivals, enqueuedAt, hiddenUntil: 0, inFlight: false, receives: 0, handle: undefined,
      });
    }
    this.expire();
    for (const { place } of movable) expect(place).not.toBe('dlq');
  }

  /** Sent = deleted + expired + what the queues hold: each message in one place, in the state that the model has it in. */
  private check(): void {
    this.expire();
    for (const place of ['source', 'dlq'] as const) {
      const expected = this.in(place);
      expect([...this.held(place).keys()].sort()).toEqual(expected.map(({ body }) => body).sort());
      const hidden = expected.filter(({ hiddenUntil }) => hiddenUntil > this.now);
      const inFlight = hidden.filter((message) => message.inFlight).length;
      expect(this.queues[place].counts()).toEqual({ available: expected.length - hidden.length, delayed: hidden.length - inFlight, inFlight });
    }
    expect(this.run.clock.due).toBeLessThanOrEqual(2);
  }

  private expire(): void {
    for (const message of this.known) {
      if (message.place === 'deleted' || message.place === 'expired') continue;
      if (message.enqueuedAt + RETENTION_SECONDS[message.place] * SECOND <= this.now) message.place = 'expired';
    }
  }

  private in(place: Place): Known[] {
    return this.known.filter((message) => message.place === place).sort((a, b) => a.arrival - b.arrival);
  }

  /** What a queue holds, looked up behind its doors. */
  private held(place: Place): Map<string, StoredMessage> {
    this.queues[place].counts();
    const { store } = this.queues[place] as unknown as { store: { messages: Map<string, StoredMessage> } };
    return new Map([...store.messages.values()].map((message) => [message.content.body, message]));
  }
}

/** Each group comes in the order of its arrival, from its first message on and without a gap. */
function expectOrder(received: readonly Known[], deliverable: readonly Known[]): void {
  for (const group of new Set(received.map((message) => message.group))) {
    const inGroup = received.filter((message) => message.group === group);
    expect(inGroup).toEqual(deliverable.filter((message) => message.group === group).slice(0, inGroup.length));
  }
}
