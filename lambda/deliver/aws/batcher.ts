import type { SendResult } from '../../../lib/contract/sender';
import { classify, failed, readError, timedOut } from './failure';

export interface BatchLimits {
  /** Entries of one call. */
  readonly entries: number;
  /** Bytes of one call. An entry with more goes alone, and what the service makes of it is its own matter. */
  readonly bytes: number;
  /** An entry above this goes alone too: the resource may refuse it, and with it whatever is in the same call. */
  readonly aloneAbove?: number;
}

/** One call for several entries. Resolves to their results in the same order. */
export type BatchCall<Entry> = (entries: readonly Entry[], signal: AbortSignal) => Promise<readonly SendResult[]>;

interface Waiting<Entry> {
  readonly entry: Entry;
  readonly bytes: number;
  readonly signal: AbortSignal;
  readonly resolve: (result: SendResult) => void;
}

/** Makes few calls of many sends: those of the same tick go together, as a delivery function's ten events do. */
export class Batcher<Entry> {
  #waiting: Waiting<Entry>[] = [];

  constructor(private readonly name: string, private readonly limits: BatchLimits, private readonly call: BatchCall<Entry>) {}

  /** Ends with the entry's own result, and no later than its signal. Never rejects. */
  send(entry: Entry, bytes: number, signal: AbortSignal): Promise<SendResult> {
    return new Promise((resolve) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush());
      this.#waiting.push({ entry, bytes, signal, resolve });
      whenAborted(signal, () => resolve(timedOut(this.name)));
    });
  }

  #flush(): void {
    const waiting = this.#waiting.filter(({ signal }) => !signal.aborted);
    this.#waiting = [];
    for (const group of groups(waiting, this.limits)) void this.#callFor(group);
  }

  async #callFor(group: readonly Waiting<Entry>[]): Promise<void> {
    try {
      const results = await this.call(group.map(({ entry }) => entry), afterAll(group.map(({ signal }) => signal)));
      group.forEach(({ resolve }, index) => resolve(results[index] ?? failed(this.name, { code: 'NoResult' })));
    } catch (error) {
      const thrown = readError(error);
      // One of them is at fault, and the service does not say which.
      if (group.length > 1 && classify(thrown) === 'content') for (const one of group) void this.#callFor([one]);
      else for (const { resolve } of group) resolve(failed(this.name, thrown));
    }
  }
}

/** The same entries in the same order, as many in each call as its limits allow. */
function groups<Entry extends { readonly bytes: number }>(entries: readonly Entry[], limits: BatchLimits): Entry[][] {
  const { entries: most, bytes: room, aloneAbove = room } = limits;
  const made: Entry[][] = [];
  let open: Entry[] = [];
  let used = 0;
  for (const entry of entries) {
    if (entry.bytes > aloneAbove) {
      made.push([entry]);
      continue;
    }
    if (open.length === 0 || open.length === most || used + entry.bytes > room) {
      open = [];
      used = 0;
      made.push(open);
    }
    open.push(entry);
    used += entry.bytes;
  }
  return made;
}

/** Aborts when the last of them has. One event's time must not end the call of another. */
function afterAll(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  let left = signals.length;
  for (const signal of signals) whenAborted(signal, () => { if (--left === 0) controller.abort(); });
  return controller.signal;
}

function whenAborted(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act, { once: true });
}
