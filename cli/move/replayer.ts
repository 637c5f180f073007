import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { CliError, Exit } from '../cli-error';
import type { Printer } from '../print';
import { BODY_MISSING } from '../store/bodies';
import { eventsById } from '../store/lookup';
import type { Store } from '../store/open-store';
import type { StoredEvent } from '../store/rows';
import { checkSize, deduplicationId, groupOf, isFifo, writeMessage, type MessageBody } from './message';
import { Pace } from './pace';
import { add, IN_QUARANTINE, NEWER, queueOfIsGone, type Planned } from './planned';
import type { Progress } from './progress';
import { ask, breakerOf, isQueueGone, unlessGone, type TargetQueues } from './target-queues';

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
  /** Up to here everything is sent, or is among the failures. */
  position?: string;
  stoppedBy: null | 'breaker' | 'interrupt';
  /** Whose breaker stopped it. */
  breaker?: string;
  /** Some of what failed. */
  readonly failures: Failure[];
  /** The failure that the rest was not begun for. */
  endedBy?: CliError;
  readonly why: Map<string, number>;
}

export interface Failure {
  readonly id: string;
  /** Absent where the event is in its queues, and this is not on record. */
  readonly target?: string;
  readonly message: string;
}

type Outcome = 'sent' | 'skipped' | 'failed';

/** Messages on their way at a time. */
const IN_FLIGHT = 16;

/** Where so many in a row fail and none succeeds, the rest will not do better. */
const HOPELESS = 10;

/** So many failures are named. */
const NAMED_FAILURES = 20;

/** Sends stored events to delivery queues, at a rate, until it is done or stopped. What is in memory does not grow with their number. */
export class Replayer {
  private readonly result: Replayed = { done: 0, failed: 0, skipped: 0, stoppedBy: null, failures: [], why: new Map() };
  private readonly pace: Pace;
  private readonly inFlight = new Set<Promise<void>>();
  /** The newest send of each FIFO queue: the next one waits for it. */
  private readonly order = new Map<string, Promise<void>>();
  /** What was begun of a batch. */
  private begun: { readonly position: string; readonly ok: Promise<boolean> }[] = [];
  private failuresInARow = 0;

  constructor(private readonly options: ReplayOptions) {
    this.pace = new Pace(options.perSecond);
  }

  async run(batches: AsyncIterable<readonly Planned[]>): Promise<Replayed> {
    try {
      await this.checkBreakers();
      if (this.stopped()) return this.result;
      for await (const batch of batches) {
        await this.launch(batch);
        await this.settle();
        if (this.stopped()) break;
      }
    } catch (error) {
      this.result.endedBy ??= failureOf(error);
      await this.settle();
    }
    this.stopped();
    return this.result;
  }

  private async launch(batch: readonly Planned[]): Promise<void> {
    const newer = new Set<string>();
    const ids = batch.flatMap(({ names, found: { id } }) => (names.length > 0 ? [id] : []));
    const events = await eventsById(this.options.store.table, ids, (id) => newer.add(id));
    for (const each of batch) {
      if (this.stopped()) break;
      const { position, names, skipped, found: { id } } = each;
      for (const reason of skipped) this.skip(reason);
      if (newer.has(id)) this.skip(NEWER, names.length);
      const ok = names.length > 0 && !newer.has(id) ? await this.sendEvent(each, events.get(id)) : undefined;
      this.begun.push({ position, ok: ok?.all ?? Promise.resolve(true) });
      if (this.options.progress.isDue()) await this.lookAround();
    }
  }

  /** Waits for what is under way. Where the rest is left, what failed of the batch comes again with it. */
  private async settle(): Promise<void> {
    await Promise.all(this.inFlight);
    for (const { position, ok } of this.begun) {
      if (this.result.endedBy && !await ok) break;
      this.result.position = position;
    }
    this.begun = [];
  }

  private stopped(): boolean {
    if (this.options.signal.aborted) this.result.stoppedBy ??= 'interrupt';
    return this.result.stoppedBy !== null || this.result.endedBy !== undefined;
  }

  private async lookAround(): Promise<void> {
    await this.options.progress.say(this.result.done);
    await this.checkBreakers();
  }

  private async checkBreakers(): Promise<void> {
    const { client, queues, store: { access } } = this.options;
    const states = await Promise.all([...queues.values()].map(async (each) => (
      { name: each.name, state: await unlessGone(breakerOf(client, each, access)) })));
    const open = states.find(({ state }) => state?.phase === 'open');
    if (!open || this.result.stoppedBy !== null) return;
    this.result.stoppedBy = 'breaker';
    this.result.breaker = open.name;
  }

  /** `all` says later whether nothing of it failed. Undefined: it is skipped. */
  private async sendEvent({ names }: Planned, event: StoredEvent | undefined): Promise<{ readonly all: Promise<boolean> } | undefined> {
    const cannot = !event ? 'only its attempts are on record' : this.unfit(event);
    if (cannot !== undefined) return this.skip(cannot, names.length);
    const body = await this.bodyFor(event as StoredEvent, names);
    if (!body) return this.skip('its body is gone from the payload bucket', names.length);
    const { message, whole } = body;
    const { id } = event as StoredEvent;
    const sends = names.map(async (name) => {
      await this.pace.turn(this.options.signal);
      const queues = this.options.queues.get(name) as TargetQueues;
      return this.start(() => this.send(event as StoredEvent, queues, message, whole), id, name);
    });
    const sent = await Promise.all(sends);
    const noted = await this.start(async () => {
      const outcomes = await Promise.all(sent.map((each) => each.outcome));
      const taken = names.filter((_, i) => outcomes[i] === 'sent');
      if (taken.length > 0) await this.options.onSent(event as StoredEvent, taken, taken.length === names.length);
    }, id);
    return { all: Promise.all([...sent, noted].map((each) => each.outcome)).then((outcomes) => !outcomes.includes('failed')) };
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
  private async start(work: () => Promise<void>, id: string, name?: string): Promise<{ readonly outcome: Promise<Outcome> }> {
    while (this.inFlight.size >= IN_FLIGHT) await Promise.race(this.inFlight);
    const before = name === undefined ? undefined : this.order.get(name);
    const outcome = (async () => {
      await before;
      return this.attempt(work, id, name);
    })();
    const settled = outcome.then(() => undefined);
    this.inFlight.add(settled);
    void settled.then(() => this.inFlight.delete(settled));
    if (name !== undefined && isFifo(this.options.queues.get(name)?.url ?? '')) this.order.set(name, settled);
    return { outcome };
  }

  private async attempt(work: () => Promise<void>, id: string, target: string | undefined): Promise<Outcome> {
    try {
      await work();
      return 'sent';
    } catch (error) {
      if (target !== undefined && isQueueGone(error)) {
        this.skip(queueOfIsGone(target));
        return 'skipped';
      }
      this.fail(failureOf(error), id, target);
      return 'failed';
    }
  }

  private fail(failure: CliError, id: string, target: string | undefined): void {
    const { result } = this;
    result.failed++;
    this.failuresInARow++;
    if (result.failures.length < NAMED_FAILURES) result.failures.push({ id, ...(target !== undefined && { target }), message: failure.message });
    if (failure.exit === Exit.NO_ACCESS || this.failuresInARow >= HOPELESS) result.endedBy ??= failure;
  }

  private async send(event: StoredEvent, { url, part }: TargetQueues, message: string, whole: Buffer): Promise<void> {
    const { client, replay, store: { access } } = this.options;
    checkSize(event.id, message);
    await ask(access, url, () => client.send(new SendMessageCommand({
      QueueUrl: url, MessageBody: message,
      ...(isFifo(url) && { MessageGroupId: groupOf(part.orderingKey, event, whole), MessageDeduplicationId: deduplicationId(event.id, replay) }),
    })), 'send to');
    this.result.done++;
    this.failuresInARow = 0;
  }

  private skip(reason: string, copies = 1): undefined {
    this.result.skipped += copies;
    for (let i = 0; i < copies; i++) add(this.result.why, reason);
    return undefined;
  }
}

function failureOf(error: unknown): CliError {
  return error instanceof CliError ? error : new CliError(Exit.FAILED, (error as Error).message);
}
