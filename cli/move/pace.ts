import { setTimeout as sleep } from 'node:timers/promises';

/** Lets at most so many through a second, evenly. A pause that is over before it can be slept is made up for by the next ones. */
export class Pace {
  private readonly intervalMs: number;
  private next: number;

  constructor(perSecond: number, private readonly now: () => number = () => performance.now()) {
    this.intervalMs = 1_000 / perSecond;
    this.next = now();
  }

  /** Waits for the next one's turn. An abort ends the wait. */
  async turn(signal: AbortSignal): Promise<void> {
    const wait = this.reserve();
    if (wait >= 1) await sleep(wait, undefined, { signal }).catch(() => undefined);
  }

  /** How many milliseconds from now the next turn is. A second's worth of turns at most is made up for. */
  reserve(): number {
    const now = this.now();
    const at = Math.max(this.next, now - 1_000);
    this.next = at + this.intervalMs;
    return Math.max(0, at - now);
  }
}
