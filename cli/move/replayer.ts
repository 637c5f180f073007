import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { CliError, Exit } from '../cli-error';
import type { Printer } from '../print';
import { BODY_MISSING } from '../store/bodies';
import { eventsById } from '../store/lookup';
import type { Store } from '../store/open-store';
import type { StoredEvent } from '../store/rows';
import { checkSize, deduplicationId, groupOf, isFifo, writeMessage, type MessageBody } from './message';
import { Pace } from './pace';
import { add, IN_QUARANTINE, type Planned } from './planned';
import type { Progress } from './progress';
import { ask, breakerOf, type TargetQueues } from './target-queues';

export interface ReplayOptions {
  readonly store: Store;
  readonly client: SQSClient;
  /** The queues of every target that is sent to, by name. */
  readonly queues: ReadonlyMap<string, TargetQueues>;
  /** The id of this replay. */
  readonly replay: string;
  readonly perSecond: number;
  readonly progress: Progress;
  readonly print: Printer;
  readonly signal: AbortSignal;
  /** True where what is sent is in quarantine until then. */
  readonly release: boolean;
  /** Called once queues have an event: which, and whether these are all. */
  readonly onSent: (event: StoredEvent, names: readonly string[], all: boolean) => Promise<void>;
}

export interface Replayed {
  done: number;
  failed: number;
  skipped: number;
  /** Up to here everything is sent. */
  position?: string;
  stoppedBy: null | 'breaker' | 'interrupt';
  /** Whose breaker stopped it. */
  breaker?: string;
  /** The first failure, and whether it ended everything. */
  error?: CliError;
  readonly why: Map<string, number>;
}

/** Messages on their way at a time. */
const IN_FLIGHT = 16;

/** Where so many in a row fail and none succeeds, the rest will not do better. */
const HOPELESS = 10;

/** Sends stored events to delivery queues, at a rate, until it is done or stopped. What is in memory does not grow with their number. */
export class Replayer {
  private readonly result: Replayed = { done: 0, failed: 0, skipped: 0, stoppedBy: null, why: new Map() };
  private readonly pace: Pace;
  private readonly inFlight = new Set<Promise<void>>();
  /** The newest send of each FIFO queue: the next one waits for it. */
  private readonly order = new Map<string, Promise<void>>();
  private failuresInARow = 0;

  constructor(private readonly options: ReplayOptions) {
    this.pace = new Pace(options.perSecond);
  }

  async run(batches: AsyncIterable<readonly Planned[]>): Promise<Replayed> {
    await this.checkBreakers();
    if (this.stopped()) return this.result;
    for await (const batch of batches) {
      const launched = await this.launch(batch);
      await Promise.all(this.inFlight);
      if (!this.hasGivenUp() && launched !== undefined) this.result.position = launched;
      if (this.stopped()) break;
    }
    return this.result;
  }

  /** Begins to send a batch. Returns the position of the last event that was begun. */
  private async launch(batch: readonly Planned[]): Promise<string | undefined> {
    const events = await this.readEvents(batch);
    let position: string | undefined;
    for (const each of batch) {
      if (this.stopped()) break;
      for (const reason of each.skipped) this.skip(reason);
      if (each.names.length > 0) await this.sendEvent(each, events.get(each.found.id));
      position = each.position;
      if (this.options.progress.isDue()) await this.lookAround();
    }
    return position;
  }

  private stopped(): boolean {
    if (this.options.signal.aborted) this.result.stoppedBy ??= 'interrupt';
    return this.result.stoppedBy !== null || this.hasGivenUp();
  }

  private hasGivenUp(): boolean {
    return this.failuresInARow >= HOPELESS || this.result.error?.exit === Exit.NO_ACCESS;
  }

  private async lookAround(): Promise<void> {
    await this.options.progress.say(this.result.done);
    await this.checkBreakers();
  }

  private async checkBreakers(): Promise<void> {
    const { client, queues, store: { access } } = this.options;
    const states = await Promise.all([...queues.values()].map(async (each) => ({ name: each.name, state: await breakerOf(client, each, access) })));
    const open = states.find(({ state }) => state?.phase === 'open');
    if (!open || this.result.stoppedBy !== null) return;
    this.result.stoppedBy = 'breaker';
    this.result.breaker = open.name;
  }

  private async readEvents(batch: readonly Planned[]): Promise<ReadonlyMap<string, StoredEvent>> {
    return eventsById(this.options.store.table, batch.flatMap(({ names, found: { id } }) => (names.length > 0 ? [id] : [])));
  }

  private async sendEvent({ names }: Planned, event: StoredEvent | undefined): Promise<void> {
    const cannot = !event ? 'only its attempts are on record' : this.unfit(event);
    if (cannot !== undefined) return this.skip(cannot, names.length);
    const body = await this.bodyFor(event as StoredEvent, names);
    if (!body) return this.skip('its body is gone from the payload bucket', names.length);
    const { message, whole } = body;
    const sends = names.map(async (name) => {
      await this.pace.turn(this.options.signal);
      return this.start(() => this.send(event as StoredEvent, this.options.queues.get(name) as TargetQueues, message, whole), name);
    });
    const sent = await Promise.all(sends);
    await this.start(async () => {
      const outcomes = await Promise.all(sent.map((each) => each.outcome));
      const taken = names.filter((_, i) => outcomes[i]);
      if (taken.length > 0) await this.options.onSent(event as StoredEvent, taken, taken.length === names.length);
    });
  }

  private unfit({ quarantined }: StoredEvent): string | undefined {
    if (quarantined !== undefined && !this.options.release) return IN_QUARANTINE;
    return undefined;
  }

  /** Undefined where the body is gone. A large one stays where it is, unless an order has to be read from it. */
  private async bodyFor(event: StoredEvent, names: readonly string[]): Promise<{ message: string; whole: Buffer } | undefined> {
    const { store: { bodies }, queues, replay } = this.options;
    const ordered = names.some((name) => isFifo(queues.get(name)?.url ?? ''));
    try {
      const whole = event.payload && !ordered ? Buffer.alloc(0) : await bodies.read(event);
      if (event.payload) await bodies.check(event);
      const where: MessageBody = event.payload ? { payload: event.payload } : { body: whole };
      return { message: writeMessage(event, where, replay), whole };
    } catch (error) {
      if (error instanceof CliError && error.code === BODY_MISSING) return undefined;
      throw error;
    }
  }

  /** Begins a piece of work as soon as there is room for it. `outcome` says later whether it worked. */
  private async start(work: () => Promise<void>, name?: string): Promise<{ readonly outcome: Promise<boolean> }> {
    while (this.inFlight.size >= IN_FLIGHT) await Promise.race(this.inFlight);
    const before = name === undefined ? undefined : this.order.get(name);
    const outcome = (async () => {
      await before;
      return this.attempt(work);
    })();
    const settled = outcome.then(() => undefined);
    this.inFlight.add(settled);
    void settled.then(() => this.inFlight.delete(settled));
    if (name !== undefined && isFifo(this.options.queues.get(name)?.url ?? '')) this.order.set(name, settled);
    return { outcome };
  }

  private async attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.result.error ??= error instanceof CliError ? error : new CliError(Exit.FAILED, (error as Error).message);
      this.result.failed++;
      this.failuresInARow++;
      return false;
    }
  }

  private async send(event: StoredEvent, { url, part }: TargetQueues, message: string, whole: Buffer): Promise<void> {
    const { client, replay, store: { access } } = this.options;
    checkSize(event.id, message);
    await ask(access, url, () => client.send(new SendMessageCommand({
      QueueUrl: url, MessageBody: message,
      ...(isFifo(url) && { MessageGroupId: groupOf(part.orderingKey, event, whole), MessageDeduplicationId: deduplicationId(event.id, replay) }),
    })));
    this.result.done++;
    this.failuresInARow = 0;
  }

  private skip(reason: string, copies = 1): void {
    this.result.skipped += copies;
    for (let i = 0; i < copies; i++) add(this.result.why, reason);
  }
}
