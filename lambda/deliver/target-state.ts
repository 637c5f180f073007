import type { BreakerState } from '../../lib/contract/breaker';
import { FULL_BACKLOG } from '../../lib/contract/retry';
import { describe } from '../shared/log';
import { Cached } from './cached';
import type { DeliverDependencies } from './dependencies';

/** An environment asks for what concerns the whole target this often at most, and only while attempts fail. */
const KEEP_MS = 60_000;

/** A breaker that is not closed may close any moment, and what failed to answer may answer again. */
const SOON_MS = 5_000;

export type Warn = (code: string, message: string) => void;

/** What holds for all events of the target alike. Nothing here rejects: an event's way does not depend on these answers. */
export class TargetState {
  readonly #breaker: Cached<BreakerState | undefined | typeof UNKNOWN>;
  readonly #inFlight: Cached<number | typeof UNKNOWN>;
  readonly #flag: Cached<unknown>;

  constructor({ breaker, inFlight, flagGone, now }: Pick<DeliverDependencies, 'breaker' | 'inFlight' | 'flagGone' | 'now'>, warn: Warn) {
    this.#breaker = new Cached(orWarning(breaker, (why) => warn('breaker-unknown', `the pauses go by the messages' ages alone: ${why}`)),
      (state) => state === UNKNOWN || (state && state.phase !== 'closed') ? SOON_MS : KEEP_MS, now);
    this.#inFlight = new Cached(orWarning(async () => known(await inFlight()), (why) => warn('backlog-unknown', `the backlog is taken for not full: ${why}`)),
      (count) => count === UNKNOWN ? SOON_MS : KEEP_MS, now);
    this.#flag = new Cached(orWarning(flagGone, (why) => warn('gone-not-flagged', `the keeper does not hear that the target wants no more events: ${why}`)),
      (answer) => answer === UNKNOWN ? 0 : KEEP_MS, now);
  }

  /**
   * When attempts began anew after the breaker was open, milliseconds since 1970: the mapping may run before the tag says `closed`.
   * Undefined where the breaker never was open, or is now; `unknown` where nobody could say. That it is open is not believed if it was
   * read before `openAsOf`.
   */
  async resumedAt(openAsOf = -Infinity): Promise<number | undefined | 'unknown'> {
    const remembered = await this.#breaker.get();
    const state = isOpen(remembered) ? await this.#breaker.asOf(openAsOf) : remembered;
    if (state === UNKNOWN) return 'unknown';
    return state === undefined || isOpen(state) ? undefined : state.since;
  }

  async backlogFull(): Promise<boolean> {
    const count = await this.#inFlight.get();
    return count !== UNKNOWN && count > FULL_BACKLOG;
  }

  /** A batch whose ten events are all unwanted says it once. */
  async flagGone(): Promise<void> {
    await this.#flag.get();
  }
}

const UNKNOWN = Symbol('unknown');

function isOpen(state: BreakerState | undefined | typeof UNKNOWN): boolean {
  return state !== undefined && state !== UNKNOWN && state.phase === 'open';
}

function known(count: number): number {
  if (Number.isFinite(count)) return count;
  throw new Error('SQS did not say how many messages are in flight');
}

function orWarning<Value>(read: () => Promise<Value>, warn: (why: string) => void): () => Promise<Value | typeof UNKNOWN> {
  return async () => {
    try {
      return await read();
    } catch (error) {
      warn(describe(error));
      return UNKNOWN;
    }
  };
}
