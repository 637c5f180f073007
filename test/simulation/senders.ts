import type { SimulatedFunction } from './environment';
import type { EventRecord } from './ledger';
import type { SourceOptions } from './options';
import { apiEvent } from './post';
import { share, type Random } from './random';
import type { WorldParts } from './world-parts';

/** When a sender that retries comes again, in seconds after each failure; then it gives up. About three days, as Stripe. */
const RETRY_SECONDS = [10, 60, 300, 1_800, ...Array.from({ length: 70 }, () => 3_600)];

/** More than two queues' threshold for bodies that go to the payload bucket. */
const BIG_BODY_BYTES = 300_000;
const BIG = 0xB16;

/** The senders of one source. They are done when each event has been taken, or given up by its sender. */
export class Senders {
  private waiting = 0;
  private posted = 0;
  /** By key: what must be answered before the next event of the key is posted. */
  private readonly lines = new Map<string, EventRecord[]>();

  constructor(
    private readonly source: string,
    private readonly options: SourceOptions,
    private readonly targets: readonly string[],
    private readonly ingest: SimulatedFunction,
    private readonly random: Random,
    private readonly parts: WorldParts,
  ) {}

  get done(): boolean {
    return this.posted >= this.options.events && this.waiting === 0;
  }

  /** Posts the events, one after the other, at the source's rate. */
  start(): void {
    const { clock, ledger, start } = this.parts;
    const { events, perSecond, keys } = this.options;
    const next = (): void => {
      if (this.posted >= events) return;
      clock.schedule(start + Math.floor(this.posted * 1_000 / perSecond), () => {
        const key = keys === undefined ? undefined : `key-${this.random.integer(1, keys)}`;
        this.posted++;
        this.begin(ledger.post(this.source, key, this.targets));
        next();
      });
    };
    next();
  }

  private begin(event: EventRecord): void {
    this.waiting++;
    if (event.key === undefined) return void this.post(event, 0);
    const line = this.lines.get(event.key) ?? [];
    this.lines.set(event.key, line);
    if (line.push(event) === 1) void this.post(event, 0);
  }

  private async post(event: EventRecord, tries: number): Promise<void> {
    const { clock, faults, ledger } = this.parts;
    const big = share(event.number, BIG) < (this.options.bigShare ?? 0);
    const result = await this.ingest.invoke(apiEvent(event, big ? BIG_BODY_BYTES : 0));
    const status = result.outcome === 'success' ? (JSON.parse(result.payload) as { statusCode: number }).statusCode : 502;
    const lost = faults.happens('answer-lost', 'sender');
    ledger.trace(event.number, `posted, answered ${status}${lost ? ', and the answer was lost' : ''}`);
    if (status >= 200 && status < 300 && !lost) {
      ledger.accept(event);
      return this.end(event);
    }
    const pause = this.options.sender === 'once' ? undefined : RETRY_SECONDS[tries];
    if (pause === undefined) return this.end(event);
    event.again = lost ? 'ingest: the sender did not get the answer' : `ingest: the sender was answered ${status}`;
    clock.schedule(clock.now() + pause * 1_000, () => void this.post(event, tries + 1));
  }

  private end(event: EventRecord): void {
    this.waiting--;
    const line = event.key === undefined ? undefined : this.lines.get(event.key);
    if (!line) return;
    line.shift();
    const next = line[0];
    if (next) void this.post(next, 0);
  }
}
