import type { RowChange } from '../../lambda/shared/store/change';
import type { StoreTable } from '../../lambda/shared/store/table';
import { EVENT_ROW, eventKey, targetRowKey } from '../../lib/contract/store';
import { MemoryTable } from '../lambda/support/table';
import type { Environment } from './environment';
import type { CallOptions, Faults } from './faults';
import type { DeadLetters } from './judge';
import type { EventRecord } from './ledger';
import type { Random } from './random';
import type { WorldParts } from './world-parts';

export const STORE = { tableName: 'events', retentionSeconds: 30 * 86_400 };

/** A run goes on for an hour once everything is at rest. */
const LATEST_MS = 3_000_000;

/** The event store of a run, and which of its rows a fault may have left behind. */
export class Store {
  readonly table = new MemoryTable({ bills: false });
  readonly faults: Faults;
  /** Rows whose last change may not have been made, by their keys. */
  private readonly doubtful = new Set<string>();
  private readonly ids = new Map<number, string>();

  constructor(faults: Faults, private readonly delays: Random) {
    this.faults = faults;
  }

  /** What an event is called in the store. */
  name(event: EventRecord, id: string): void {
    this.ids.set(event.number, id);
  }

  /** The store as a function sees it. `caller` is in front of the calls' names. `freezes`: the function does not wait for its writes. */
  of(environment: Environment, options: CallOptions, caller = '', freezes = false): StoreTable {
    const call = <T>(name: string, work: () => T): Promise<T> => this.faults.call(environment, `${caller}${name}`, options, work);
    // Made at once: in memory no change takes time.
    const pick = (key: { readonly pk: string; readonly sk: string }, attributes: readonly string[]) => {
      const row = this.table.row(key.pk.slice(2), key.sk);
      return row && Object.fromEntries(attributes.flatMap((name) => row[name] === undefined ? [] : [[name, row[name]]]));
    };
    return {
      get: (key, attributes) => call('GetItem', () => pick(key, attributes)),
      query: (pk, skPrefix, attributes) => call('Query', () => this.table.rowsOf(pk, skPrefix).map(({ sk }) => pick({ pk, sk: String(sk) }, attributes) ?? {})),
      update: async (change) => {
        const place = placeOf(change);
        this.doubtful.add(place);
        const late = freezes && this.faults.happens('write-late', 'UpdateItem');
        await call('UpdateItem', () => late ? void this.applyLate(change) : this.table.apply(change)).catch((error: unknown) => {
          if ((error as Error).name === 'RowConflictError') this.doubtful.delete(place);
          throw error;
        });
        if (!late) this.doubtful.delete(place);
      },
    };
  }

  private async applyLate(change: RowChange): Promise<void> {
    await this.faults.wait(this.delays.integer(1_000, LATEST_MS));
    try {
      this.table.apply(change);
    } catch (error) {
      if ((error as Error).name !== 'RowConflictError') throw error;
    }
  }

  /**
   * Every accepted event is on record, with an end for each of its targets: delivered, or a dead letter. What the rows say is what happened, but
   * for the rows that a fault has left behind.
   */
  judge(letters: DeadLetters, { ledger }: WorldParts): Balance {
    const balance: { -readonly [fate in keyof Balance]: number } = {
      accepted: 0, recorded: 0, delivered: 0, deadLettered: 0, waiting: 0, doubtful: 0,
    };
    for (const event of ledger.events) {
      if (event.acceptedAt === undefined) continue;
      const id = this.ids.get(event.number) ?? '';
      const row = this.table.row(id, EVENT_ROW);
      const sure = !this.doubtful.has(placeOf({ pk: eventKey(id), sk: EVENT_ROW }));
      if (row) balance.recorded++;
      else if (sure) ledger.violate('unrecorded', event.number, null, 'accepted, and not on record, and no fault was the cause');
      for (const [target, copy] of Object.entries(event.copies)) {
        balance.accepted++;
        const sk = targetRowKey(target);
        const said = String(this.table.row(id, sk)?.['outcome'] ?? 'waiting');
        const reason = letters[target]?.get(event.number);
        const possible = [...copy.delivered > 0 ? ['delivered'] : [], ...reason === undefined ? [] : ['dead-lettered']];
        // SQS itself moved it, and nobody could write that.
        if (reason === 'crashed') possible.push('waiting');
        balance[FATES[said] ?? 'waiting']++;
        if (this.doubtful.has(placeOf({ pk: eventKey(id), sk })) || possible.includes(said)) continue;
        ledger.violate('balance', event.number, target, `its row says ${said}, and the truth is ${possible.join(' and ') || 'neither'}`);
      }
    }
    balance.doubtful = this.doubtful.size;
    return balance;
  }
}

/** Sums over events and targets; `recorded` over events. */
export interface Balance {
  readonly accepted: number;
  readonly recorded: number;
  readonly delivered: number;
  readonly deadLettered: number;
  readonly waiting: number;
  /** Rows whose last change a fault may have undone. */
  readonly doubtful: number;
}

const FATES: { readonly [outcome: string]: 'delivered' | 'deadLettered' | 'waiting' | undefined } = { 'delivered': 'delivered', 'dead-lettered': 'deadLettered' };

function placeOf({ pk, sk }: Pick<RowChange, 'pk' | 'sk'>): string {
  return `${pk}|${sk}`;
}
