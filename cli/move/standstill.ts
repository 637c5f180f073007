import type { KnownRun } from '../run-note';
import { readClock } from '../run-clock';

/** A manual clock that is not moved for so long is not moved for our sake: nothing will happen, however long one waits. */
const PATIENCE_MS = 5_000;

/** Tells whether waiting makes sense on a local run, whose clock may be one that somebody moves by hand. */
export class Standstill {
  private since = performance.now();
  private seen = '';

  constructor(private readonly run: KnownRun | undefined) {}

  /** `done`: how far the work is. */
  async isOver(done: number): Promise<boolean> {
    const { manual, now } = await readClock(this.run);
    const seen = `${now} ${done}`;
    if (!manual || seen !== this.seen) this.since = performance.now();
    this.seen = manual ? seen : '';
    return performance.now() - this.since >= PATIENCE_MS;
  }
}
