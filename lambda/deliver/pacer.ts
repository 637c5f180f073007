/**
 * Lets attempts begin at a steady rate, never in bursts: what was not used is not saved up. Times are milliseconds since 1970.
 */
export class Pacer {
  readonly #interval: number;
  #next = 0;

  constructor(ratePerSecond: number | undefined) {
    this.#interval = ratePerSecond === undefined ? 0 : 1_000 / ratePerSecond;
  }

  /** When the next attempt may begin. Undefined, and nobody's turn is taken, where that is after `latest`. */
  take(now: number, latest: number): number | undefined {
    const at = this.roomAt(now, 0);
    if (at > latest) return undefined;
    this.#next = at + this.#interval;
    return at;
  }

  /** When there is room for one that lets so many others go first. */
  roomAt(now: number, others: number): number {
    return Math.max(now, this.#next) + others * this.#interval;
  }
}
