import type { KeeperConfig } from '../../lib/contract/config';
import { RowConflictError } from '../shared/store/change';
import type { StoreTable } from '../shared/store/table';
import { targetChange } from '../shared/store/target-row';

/** An event of a message, as far as that says what it is. */
export interface ExpiredEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string | null;
  /** ISO 8601. */
  readonly time: string;
  readonly replay?: string;
}

/** Says in the event store that events were given up because their time was over. */
export class ExpiryRecords {
  readonly #store: KeeperConfig['store'];
  readonly #table: Pick<StoreTable, 'update'> | undefined;
  failures = 0;

  constructor(store: KeeperConfig['store'], table: Pick<StoreTable, 'update'> | undefined) {
    this.#store = store;
    this.#table = table;
  }

  /** Resolves to what went wrong, where something did. */
  async add(target: string, event: ExpiredEvent, detail: string, now: number): Promise<unknown> {
    if (!this.#store || !this.#table) return undefined;
    try {
      await this.#table.update(targetChange({ ...event, target, outcome: 'dead-lettered', reason: 'expired', detail, now }, this.#store));
      return undefined;
    } catch (error) {
      // Another copy of the message was delivered before.
      if (error instanceof RowConflictError) return undefined;
      this.failures++;
      return error;
    }
  }
}
