import { DEAD_LETTER_ATTRIBUTES } from '../../lib/contract/dead-letter';
import { ManualClock } from '../../local/clock';
import { SqsEngine } from '../../local/sqs/engine';
import { createDeliver } from './deliver';
import { type SimulatedFunction } from './environment';
import { Faults } from './faults';
import { createQueues } from './gateway-queues';
import { createIngest } from './ingest';
import { judgeEnd } from './judge';
import { Keeper } from './keeper';
import { Ledger, type Violation } from './ledger';
import { TargetMapping } from './mapping';
import { MetricStore } from './metric-store';
import type { WorldOptions } from './options';
import { numberIn } from './post';
import { Random } from './random';
import { kills } from './script';
import { Senders } from './senders';
import { Store, type Balance } from './store';
import { installVirtualTime } from './virtual-time';
import { queuesOf, targetOptions, type WorldParts } from './world-parts';

/** 2026-01-02T03:04:05Z */
const START = 1_767_323_045_000;
const HOUR_MS = 3_600_000;

/** Longer than the longest sender and the longest retry window together: what is not at rest then never will be. */
const HORIZON_MS = 12 * 24 * HOUR_MS;

export interface Report {
  readonly seed: number;
  readonly events: number;
  readonly accepted: number;
  readonly lost: number;
  readonly attempts: number;
  readonly delivered: number;
  readonly duplicates: { readonly [cause: string]: number };
  readonly deadLetters: { readonly [reason: string]: number };
  readonly faults: { readonly [fault: string]: number };
  readonly violations: readonly Violation[];
  readonly trace: readonly string[];
  /** Milliseconds from posted to first delivered, by target. */
  readonly latencyMs: { readonly [target: string]: { readonly p50: number; readonly p99: number; readonly max: number } };
  /** Events that reached a target: the most in one second, and how many hours into the run the last one came. */
  readonly arrivals: { readonly [target: string]: { readonly peakPerSecond: number; readonly lastHours: number } };
  readonly breakers: { readonly [target: string]: { readonly opened: number; readonly closed: number } };
  /** What the event store says in the end. Absent where there is none. */
  readonly balance?: Balance;
  /** How long the run lasted on its own clock, in hours. */
  readonly hours: number;
  /** A digest of all that happened: the same for the same seed. */
  readonly fingerprint: string;
}

/** Runs a gateway, its senders and its targets until everything is at rest, and judges what happened. */
export async function simulate(options: WorldOptions): Promise<Report> {
  const clock = new ManualClock(START);
  const restore = installVirtualTime(clock);
  try {
    const world = new World(clock, options);
    await world.run();
    return await world.report();
  } finally {
    clock.close();
    restore();
  }
}

class World {
  private readonly parts: WorldParts;
  private readonly senders: Senders[];
  private readonly functions: { readonly [target: string]: SimulatedFunction };
  private readonly mappings: { readonly [target: string]: TargetMapping };
  private readonly keeper: Keeper | undefined;

  constructor(private readonly clock: ManualClock, private readonly options: WorldOptions) {
    const random = new Random(options.seed);
    const engine = new SqsEngine({
      clock, region: 'eu-west-1', account: '123456789012', origin: () => 'https://sqs.eu-west-1.amazonaws.com', random: random.fork('message ids').next,
    });
    const names = Object.keys(options.targets);
    const faults = new Faults(options.faults ?? {}, random.fork('faults'), clock);
    this.parts = {
      options, start: clock.now(), clock, random, engine,
      queues: mapValues(options.targets, (target, name) => createQueues(engine, name, target)),
      payloads: new Map(),
      faults,
      store: options.store === false ? undefined : new Store(faults, random.fork('late writes')),
      ledger: new Ledger(() => clock.now(), options.trace),
      metrics: new MetricStore(),
      latencies: mapValues(options.targets, () => []),
    };
    this.functions = mapValues(options.targets, (_target, name) => createDeliver(name, this.parts));
    this.mappings = mapValues(this.functions, (deliver, name) => new TargetMapping(name, deliver, this.parts));
    this.keeper = options.keeper === false ? undefined : new Keeper(this.functions, this.mappings, this.parts);
    const ingest = createIngest(this.parts);
    this.senders = Object.entries(options.sources).map(([name, source]) => {
      const targets = names.filter((target) => options.targets[target]?.sources?.includes(name) ?? true);
      return new Senders(name, source, targets, ingest, random.fork(`senders of ${name}`), this.parts);
    });
  }

  async run(): Promise<void> {
    for (const senders of this.senders) senders.start();
    for (const seconds of this.options.deploysAtSeconds ?? []) this.clock.schedule(START + seconds * 1_000, () => this.redeploy());
    this.keeper?.start();
    while (!this.atRest() && this.clock.now() < START + HORIZON_MS) await this.clock.advance(HOUR_MS);
    // What is under way ends.
    this.keeper?.stop();
    await this.clock.advance(HOUR_MS);
    for (const mapping of Object.values(this.mappings)) await mapping.close();
  }

  async report(): Promise<Report> {
    const { ledger, faults, latencies } = this.parts;
    const letters = mapValues(this.options.targets, (_target, name) => this.readDeadLetters(name));
    judgeEnd(letters, mapValues(this.options.targets, (_target, name) => this.keeper?.closed(name) ?? 0), this.parts);
    const balance = this.parts.store?.judge(letters, this.parts);
    return {
      seed: this.options.seed, events: ledger.events.length, accepted: ledger.accepted,
      lost: ledger.violations.filter(({ rule }) => rule === 'lost').length,
      attempts: ledger.attempts, delivered: ledger.delivered,
      duplicates: toObject(ledger.duplicates), deadLetters: toObject(ledger.deadLetters), faults: toObject(faults.counts),
      violations: ledger.violations, trace: ledger.lines,
      latencyMs: mapValues(latencies, percentiles),
      arrivals: mapValues(this.options.targets, (_target, name) => {
        const { peakPerSecond, last } = ledger.arrivals(name);
        return { peakPerSecond, lastHours: Math.round(last / HOUR_MS * 1_000) / 1_000 };
      }),
      breakers: mapValues(this.options.targets, (_target, name) => (
        { opened: this.keeper?.opened(name) ?? 0, closed: this.keeper?.closed(name) ?? 0 }
      )),
      ...(balance && { balance }),
      hours: (this.clock.now() - START) / HOUR_MS,
      fingerprint: ledger.fingerprint(),
    };
  }

  private redeploy(): void {
    for (const deliver of Object.values(this.functions)) deliver.redeploy();
    for (const mapping of Object.values(this.mappings)) mapping.redeploy();
  }

  private atRest(): boolean {
    return this.senders.every(({ done }) => done) && Object.keys(this.options.targets).every((name) => {
      const { available, inFlight, delayed } = queuesOf(this.parts, name).queue.counts();
      return available + inFlight + delayed === 0;
    });
  }

  /** The events in a target's dead-letter queue, and why they are there. */
  private readDeadLetters(target: string): Map<number, string> {
    const { ledger } = this.parts;
    const { deadLetterQueue } = queuesOf(this.parts, target);
    const found = new Map<number, string>();
    for (let messages = deadLetterQueue.receive({ maxMessages: 10 }); messages.length > 0; messages = deadLetterQueue.receive({ maxMessages: 10 })) {
      for (const { body, messageAttributes, receiptHandle } of messages) {
        const number = numberIn(body);
        const reason = messageAttributes[DEAD_LETTER_ATTRIBUTES.reason]?.StringValue ?? 'crashed';
        found.set(number, reason);
        deadLetterQueue.delete(receiptHandle);
        const event = ledger.events[number];
        // SQS itself moved it: nobody could judge it then.
        if (reason === 'crashed' && event) ledger.crash(event, target, kills(targetOptions(this.parts, target).script, number));
      }
    }
    return found;
  }
}

function mapValues<T, R>(values: { readonly [name: string]: T }, change: (value: T, name: string) => R): { [name: string]: R } {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));
}

function toObject(counts: ReadonlyMap<string, number>): { [name: string]: number } {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function percentiles(values: readonly number[]): { p50: number; p99: number; max: number } {
  const sorted = Float64Array.from(values).sort();
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
