import { DIMENSIONS, GATEWAY_METRICS, type MetricsLine } from '../../lib/contract/metrics';
import type { DeliverConfig } from '../../lib/contract/config';
import { describe } from '../shared/log';
import { metricsLines } from '../shared/metrics';
import { RowConflictError, type RowChange } from '../shared/store/change';
import type { StoreTable } from '../shared/store/table';
import { targetChange, type TargetChange } from '../shared/store/target-row';
import type { Attempt } from './attempt';
import type { Message } from './message';
import type { Warn } from './target-state';

/** An event as the event store knows it. */
export interface RecordableEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string | null;
  /** When the event was accepted, ISO 8601. Absent where the message does not say: it has no row then. */
  readonly time?: string;
  readonly replay?: string;
}

/** What became of it. */
export interface Fate extends Pick<TargetChange, 'outcome' | 'receivedAt' | 'nextAttemptAt' | 'reason' | 'detail'> {
  /** What was tried. */
  readonly result?: Attempt;
  readonly pauseSeconds?: number | null;
}

/**
 * Writes what became of events into the event store, one update each, beside their way: an event never waits for its row. What ends
 * after its invocation goes on in the next one.
 */
export class Records {
  readonly #config: DeliverConfig;
  readonly #table: Pick<StoreTable, 'update'> | undefined;
  readonly #now: () => number;
  readonly #warn: Warn;
  readonly #pending = new Set<Promise<void>>();
  #failures = 0;

  constructor(config: DeliverConfig, table: Pick<StoreTable, 'update'> | undefined, now: () => number, warn: Warn) {
    this.#config = config;
    this.#table = table;
    this.#now = now;
    this.#warn = warn;
  }

  /** Never throws. */
  add(message: Message, event: RecordableEvent, fate: Fate): void {
    const { store } = this.#config;
    const { time } = event;
    if (!store || !this.#table || time === undefined) return;
    const change = this.#changeOf(message, { ...event, time }, fate);
    const writing = this.#write(targetChange(change, store), event, this.#table);
    this.#pending.add(writing);
    void writing.finally(() => this.#pending.delete(writing));
  }

  /** Resolves once everything is written, or has failed. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  takeMeasures(now: number): MetricsLine[] {
    const failures = this.#failures;
    this.#failures = 0;
    const { gateway } = this.#config;
    return metricsLines({ [DIMENSIONS.gateway]: gateway }, [
      { name: GATEWAY_METRICS.storeFailures, unit: 'Count', values: failures === 0 ? [] : [failures] },
    ], now);
  }

  async #write(change: RowChange, event: RecordableEvent, table: Pick<StoreTable, 'update'>): Promise<void> {
    try {
      await table.update(change);
    } catch (error) {
      this.#failed(event, error);
    }
  }

  #changeOf(
    { receives }: Message, event: RecordableEvent & { readonly time: string }, { result, pauseSeconds = null, ...fate }: Fate,
  ): TargetChange {
    const { target, recordResponses } = this.#config;
    const now = this.#now();
    const { id, source, type, time, replay } = event;
    return {
      id, source, type, time, target, now, ...fate, ...(replay !== undefined && { replay }),
      ...(fate.detail === undefined && result?.detail !== undefined && { detail: result.detail }),
      ...(pauseSeconds !== null && { nextAttemptAt: now + pauseSeconds * 1_000 }),
      ...(result && {
        attempt: {
          time: new Date(now - result.ms).toISOString(), outcome: result.outcome, status: result.status, ms: result.ms, retryInSeconds: pauseSeconds,
          attempt: receives, ...(replay !== undefined && { replay }),
        },
      }),
      ...(recordResponses && result?.response !== undefined && { response: result.response }),
    };
  }

  #failed({ id }: RecordableEvent, error: unknown): void {
    // Another copy of the message was delivered before.
    if (error instanceof RowConflictError) return;
    this.#failures++;
    this.#warn('store-failed', `what became of event ${id} is not on record: ${describe(error)}`);
  }
}
