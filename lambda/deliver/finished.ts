/** Ids of about a megabyte, and more than a function's environment sees in the time until a message comes again. */
const CAPACITY = 10_000;

/**
 * Messages that are done with, though SQS may not know it yet: the answer to Lambda was lost, or SQS delivered a message
 * twice. Whoever comes again to the same environment is acknowledged without another attempt.
 */
export class Finished {
  readonly #ids = new Set<string>();
  readonly #capacity: number;

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity;
  }

  has(messageId: string): boolean {
    return this.#ids.has(messageId);
  }

  add(messageId: string): void {
    this.#ids.add(messageId);
    if (this.#ids.size <= this.#capacity) return;
    const [oldest] = this.#ids;
    this.#ids.delete(oldest as string);
  }
}
