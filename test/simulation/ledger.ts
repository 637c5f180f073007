import { createHash } from 'node:crypto';

/** What became of one event at one target. */
export class Copy {
  /** Messages that entered the delivery queue. */
  messages = 0;
  attempts = 0;
  /** Attempts that the keeper asked for. */
  probes = 0;
  firstAttemptAt = 0;
  lastAttemptAt = 0;
  /** How often the target took it. */
  delivered = 0;
  deadLetters = 0;
  /** Receives whose pause was not the schedule's, because a fault was in the way. */
  disturbances = 0;
  lastMessageId = '';
  /** What the target knows the event by. */
  id: string | undefined;
  lastStatus: number | null = null;
  /** Faults that each explain one more outcome than the first. */
  causes: string[] | undefined;
}

/** One webhook, from its sender to its targets. */
export interface EventRecord {
  readonly number: number;
  readonly source: string;
  /** The ordering key's value, where the source has keys. */
  readonly key: string | undefined;
  readonly postedAt: number;
  acceptedAt: number | undefined;
  /** Why the gateway may get it once more. */
  again: string | undefined;
  readonly copies: { readonly [target: string]: Copy };
}

/** How events come in at a target. */
export class Arrivals {
  /** The most in one second. */
  peakPerSecond = 0;
  /** Milliseconds since the start of the run. */
  last = 0;
  private second = 0;
  private inSecond = 0;

  constructor(private readonly start: number) {}

  add(now: number): void {
    this.last = now - this.start;
    const second = Math.floor(this.last / 1_000);
    this.inSecond = second === this.second ? this.inSecond + 1 : 1;
    this.second = second;
    this.peakPerSecond = Math.max(this.peakPerSecond, this.inSecond);
  }
}

export interface Violation {
  readonly rule: 'lost' | 'early' | 'repeated' | 'unexplained' | 'order' | 'hammered' | 'identity' | 'open' | 'unrecorded' | 'balance';
  readonly event: number | null;
  readonly target: string | null;
  /** Milliseconds since the start of the run. */
  readonly at: number;
  readonly detail: string;
}

/** A run that goes wrong goes wrong everywhere. */
const MAX_VIOLATIONS = 50;

/** Knows every event of a run: what was promised, what happened, and which fault explains what happened twice. */
export class Ledger {
  readonly events: EventRecord[] = [];
  readonly violations: Violation[] = [];
  readonly duplicates = new Map<string, number>();
  readonly deadLetters = new Map<string, number>();
  readonly lines: string[] = [];
  accepted = 0;
  delivered = 0;
  attempts = 0;
  private readonly start: number;
  private readonly traced: ReadonlySet<number>;
  private readonly arrivalsOf = new Map<string, Arrivals>();
  private readonly lastOfKey = new Map<string, number>();

  constructor(private readonly now: () => number, traced: readonly number[] = []) {
    this.start = now();
    this.traced = new Set(traced);
  }

  post(source: string, key: string | undefined, targets: readonly string[]): EventRecord {
    const copies = Object.fromEntries(targets.map((target) => [target, new Copy()]));
    const event = { number: this.events.length, source, key, postedAt: this.now(), acceptedAt: undefined, again: undefined, copies };
    this.events.push(event);
    return event;
  }

  accept(event: EventRecord): void {
    if (event.acceptedAt !== undefined) return;
    event.acceptedAt = this.now();
    this.accepted++;
  }

  /** A message of the event is in the target's queue. */
  enqueue(event: EventRecord, target: string, messageId: string): void {
    const copy = this.copy(event, target);
    this.trace(event.number, `${target}: in the queue as ${messageId}`);
    // A FIFO queue answers a message that it has had with the first one's id.
    if (copy.lastMessageId === messageId) return;
    copy.lastMessageId = messageId;
    if (++copy.messages === 1) return;
    if (event.again === undefined) this.violate('unexplained', event.number, target, 'it was put into the queue again, and no fault was the cause');
    else this.explain(event, target, event.again);
  }

  attempt(event: EventRecord, target: string, probe: boolean): Copy {
    const copy = this.copy(event, target);
    this.attempts++;
    if (probe) copy.probes++;
    copy.lastAttemptAt = this.now();
    if (copy.attempts++ === 0) copy.firstAttemptAt = copy.lastAttemptAt;
    this.trace(event.number, `${target}: attempt ${copy.attempts}${probe ? ', a probe' : ''}`);
    return copy;
  }

  /** The target has taken the event, whatever the delivery function gets to know. */
  deliver(event: EventRecord, target: string, ordered: boolean): void {
    const copy = this.copy(event, target);
    this.delivered++;
    this.arrivals(target).add(this.now());
    if (copy.delivered++ === 0 && ordered) this.checkOrder(event, target);
    this.outcome(event, target, 'delivered');
  }

  deadLetter(event: EventRecord, target: string, reason: string): void {
    this.copy(event, target).deadLetters++;
    this.deadLetters.set(reason, (this.deadLetters.get(reason) ?? 0) + 1);
    this.outcome(event, target, `dead letter: ${reason}`);
  }

  /** SQS itself has moved a message to the dead-letter queue, because it was received too often. */
  crash(event: EventRecord, target: string, kills: boolean): void {
    if (!kills) this.violate('early', event.number, target, 'dead letter of reason crashed, and the event kills no function');
    this.deadLetter(event, target, 'crashed');
  }

  /** When events reached a target. */
  arrivals(target: string): Arrivals {
    let arrivals = this.arrivalsOf.get(target);
    if (!arrivals) this.arrivalsOf.set(target, arrivals = new Arrivals(this.start));
    return arrivals;
  }

  /** A digest of all that happened, in order. */
  fingerprint(): string {
    const hash = createHash('sha256');
    for (const { number, acceptedAt, copies } of this.events) {
      for (const [target, { attempts, delivered, deadLetters, firstAttemptAt, lastAttemptAt, lastMessageId }] of Object.entries(copies)) {
        hash.update(`${number} ${acceptedAt} ${target} ${attempts} ${delivered} ${deadLetters} ${firstAttemptAt} ${lastAttemptAt} ${lastMessageId}\n`);
      }
    }
    return hash.digest('hex').slice(0, 16);
  }

  /** A fault that may lead to one more outcome of this event. */
  explain(event: EventRecord, target: string, cause: string): void {
    (this.copy(event, target).causes ??= []).push(cause);
    this.trace(event.number, `${target}: may come again, because ${cause}`);
  }

  disturb(event: EventRecord, target: string, what: string): void {
    this.copy(event, target).disturbances++;
    this.trace(event.number, `${target}: ${what}`);
  }

  violate(rule: Violation['rule'], event: number | null, target: string | null, detail: string): void {
    if (this.violations.length < MAX_VIOLATIONS) this.violations.push({ rule, event, target, at: this.now() - this.start, detail });
  }

  trace(event: number, text: string): void {
    if (this.traced.has(event)) this.lines.push(`${((this.now() - this.start) / 1_000).toFixed(2)} s  event ${event}  ${text}`);
  }

  copy(event: EventRecord, target: string): Copy {
    const copy = event.copies[target];
    if (!copy) throw new Error(`event ${event.number} is not for target ${JSON.stringify(target)}`);
    return copy;
  }

  /** One outcome is due. Each further one must have a fault of its own. */
  private outcome(event: EventRecord, target: string, what: string): void {
    const copy = this.copy(event, target);
    this.trace(event.number, `${target}: ${what}`);
    if (copy.delivered + copy.deadLetters === 1) return;
    const cause = copy.causes?.shift();
    if (cause === undefined) return this.violate('unexplained', event.number, target, `${what} once more, and no fault was the cause`);
    this.duplicates.set(cause, (this.duplicates.get(cause) ?? 0) + 1);
  }

  /** The sender of a key waits for each answer, so the numbers of its events are in the order of acceptance. */
  private checkOrder(event: EventRecord, target: string): void {
    if (event.key === undefined) return;
    const place = `${target} ${event.source} ${event.key}`;
    const last = this.lastOfKey.get(place) ?? -1;
    if (event.number < last) this.violate('order', event.number, target, `of key ${event.key}, event ${last} was delivered before it`);
    this.lastOfKey.set(place, Math.max(last, event.number));
  }
}
