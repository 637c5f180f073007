/** All chance of a simulation comes from one seed, so that a run can be had again. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 up to 1. Mulberry32: small, fast, and good enough to pick faults. */
  readonly next = (): number => {
    this.state = (this.state + 0x6D2B79F5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  /** True in this share of cases. */
  chance(share: number): boolean {
    return share > 0 && this.next() < share;
  }

  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = this.integer(0, last);
      [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
    }
    return shuffled;
  }

  /** A stream of its own, so that more draws in one place change nothing in another. */
  fork(name: string): Random {
    let hash = this.state ^ 0x811C9DC5;
    for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
    return new Random(hash);
  }
}

/** A number from 0 up to 1 that an event keeps for its life: which ones a target refuses, say. */
export function share(event: number, salt: number): number {
  return new Random(Math.imul(event + 1, 0x9E3779B1) ^ salt).next();
}
