/** A reading under way is shared, unless it hangs for so long: the function may have been frozen or cut off in the midst of it. */
const PENDING_MS = 5_000;

/** Remembers what was read for a time, and lets everyone who asks meanwhile wait for the same reading. */
export class Cached<Value> {
  #reading: Promise<Value> | undefined;
  #until = 0;

  /** `read` must not reject. */
  constructor(
    private readonly read: () => Promise<Value>,
    private readonly keepMs: (value: Value) => number,
    private readonly now: () => number,
  ) {}

  get(): Promise<Value> {
    if (this.#reading !== undefined && this.now() < this.#until) return this.#reading;
    const reading = this.#reading = this.read();
    this.#until = this.now() + PENDING_MS;
    void reading.then((value) => {
      if (this.#reading === reading) this.#until = this.now() + this.keepMs(value);
    });
    return reading;
  }
}
