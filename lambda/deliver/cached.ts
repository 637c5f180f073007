/** A reading under way is shared, unless it hangs for so long: the function may have been frozen or cut off in the midst of it. */
const PENDING_MS = 5_000;

/** Remembers what was read for a time, and lets everyone who asks meanwhile wait for the same reading. */
export class Cached<Value> {
  #reading: Promise<Value> | undefined;
  #until = 0;
  #begunAt = -Infinity;

  /** `read` must not reject. */
  constructor(
    private readonly read: () => Promise<Value>,
    private readonly keepMs: (value: Value) => number,
    private readonly now: () => number,
  ) {}

  get(): Promise<Value> {
    return this.#reading !== undefined && this.now() < this.#until ? this.#reading : this.#begin();
  }

  /** Read at this time or later. */
  asOf(time: number): Promise<Value> {
    return this.#reading !== undefined && this.#begunAt >= time ? this.#reading : this.#begin();
  }

  #begin(): Promise<Value> {
    const reading = this.#reading = this.read();
    this.#begunAt = this.now();
    this.#until = this.#begunAt + PENDING_MS;
    void reading.then((value) => {
      if (this.#reading === reading) this.#until = this.now() + this.keepMs(value);
    });
    return reading;
  }
}
