/** What CloudWatch keeps of the values of one period. */
export interface Statistics {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

const MINUTE_MS = 60_000;

/** Numbers of a minute: its start, count, sum, minimum and maximum. One array for all, because objects would take four times the memory. */
const WIDTH = 5;

/** One metric with one set of dimensions, by the minute. */
export class Series {
  private cells: number[] = [];

  /** How many minutes have values. */
  get length(): number {
    return this.cells.length / WIDTH;
  }

  add(time: number, values: readonly number[]): void {
    const minute = Math.floor(time / MINUTE_MS) * MINUTE_MS;
    const at = this.find(minute) * WIDTH;
    if (this.cells[at] !== minute) this.cells.splice(at, 0, minute, 0, 0, Infinity, -Infinity);
    for (const value of values) {
      this.cells[at + 1]! += 1;
      this.cells[at + 2]! += value;
      this.cells[at + 3] = Math.min(this.cells[at + 3] as number, value);
      this.cells[at + 4] = Math.max(this.cells[at + 4] as number, value);
    }
  }

  /** Statistics of periods that begin at `from`, as far as they have values and begin before `to`, oldest first. */
  periods(from: number, to: number, periodMs: number): Statistics[] {
    const periods: Statistics[] = [];
    for (let at = this.find(from) * WIDTH; at < this.cells.length && this.cells[at]! < to; at += WIDTH) {
      const [minute, count, sum, minimum, maximum] = this.cells.slice(at, at + WIDTH) as [number, number, number, number, number];
      const start = from + Math.floor((minute - from) / periodMs) * periodMs;
      const last = periods.at(-1);
      if (last?.start === start) {
        periods[periods.length - 1] = {
          start, count: last.count + count, sum: last.sum + sum, minimum: Math.min(last.minimum, minimum), maximum: Math.max(last.maximum, maximum),
        };
      } else periods.push({ start, count, sum, minimum, maximum });
    }
    return periods;
  }

  /** Forgets what is older. */
  forget(before: number): void {
    this.cells = this.cells.slice(this.find(before) * WIDTH);
  }

  /** The place of the first minute that is not before this one. */
  private find(minute: number): number {
    let [low, high] = [0, this.length];
    // Nearly always the newest.
    if (high > 0 && this.cells[(high - 1) * WIDTH]! < minute) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.cells[middle * WIDTH]! < minute) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
