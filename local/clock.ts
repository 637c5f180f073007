/**
 * The one clock of a local run. Everything that waits for a time of day waits here: visibility timeouts, delays, retention,
 * deduplication windows, schedules. Sockets and function timeouts stay on real time.
 */
export interface Clock {
  readonly mode: 'real' | 'manual';
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` when the clock reaches `at` (milliseconds since 1970); at once, but never synchronously, when that has passed. */
  schedule(at: number, run: () => void): Timer;
  /** Marks work that must end before a manual clock moves on. Returns the same promise. */
  track<T>(work: Promise<T>): Promise<T>;
  /** Scheduled instants that have not come. */
  readonly due: number;
  /** The next scheduled instant, or null. */
  readonly nextDueAt: number | null;
  /** Forgets every timer. */
  close(): void;
}

export interface Timer {
  cancel(): void;
}

interface Entry extends Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** setTimeout takes 32 bits of milliseconds; a later instant is reached in several hops. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export class RealClock implements Clock {
  readonly mode = 'real';
  private readonly timers = new Map<Timer, { at: number; handle: NodeJS.Timeout }>();

  now(): number {
    return Date.now();
  }

  schedule(at: number, run: () => void): Timer {
    const timer: Timer = {
      cancel: () => {
        clearTimeout(this.timers.get(timer)?.handle);
        this.timers.delete(timer);
      },
    };
    const arm = (): void => {
      const wait = at - Date.now();
      const handle = setTimeout(() => {
        if (Date.now() < at) return arm();
        this.timers.delete(timer);
        run();
      }, Math.min(Math.max(wait, 0), MAX_TIMEOUT_MS));
      this.timers.set(timer, { at, handle });
    };
    arm();
    return timer;
  }

  track<T>(work: Promise<T>): Promise<T> {
    return work;
  }

  get due(): number {
    return this.timers.size;
  }

  get nextDueAt(): number | null {
    let next: number | null = null;
    for (const { at } of this.timers.values()) if (next === null || at < next) next = at;
    return next;
  }

  close(): void {
    for (const timer of [...this.timers.keys()]) timer.cancel();
  }
}

/** A clock that stands still until it is told to advance. */
export class ManualClock implements Clock {
  readonly mode = 'manual';
  private readonly heap: Entry[] = [];
  private live = 0;
  private order = 0;
  private working = 0;
  private waiters: (() => void)[] = [];
  private advancing: Promise<unknown> = Promise.resolve();

  constructor(private current: number = Date.now()) {}

  now(): number {
    return this.current;
  }

  schedule(at: number, run: () => void): Timer {
    const entry: Entry = {
      at: Math.max(at, this.current),
      order: this.order++,
      run,
      cancelled: false,
      cancel: () => {
        if (entry.cancelled) return;
        entry.cancelled = true;
        this.live--;
        this.sweep();
      },
    };
    this.live++;
    push(this.heap, entry);
    if (at <= this.current) this.runAtOnce();
    return entry;
  }

  track<T>(work: Promise<T>): Promise<T> {
    this.working++;
    const done = (): void => {
      this.working--;
      if (this.working === 0) for (const wake of this.waiters.splice(0)) wake();
    };
    work.then(done, done);
    return work;
  }

  get due(): number {
    return this.live;
  }

  get nextDueAt(): number | null {
    while (this.heap[0]?.cancelled) pop(this.heap);
    return this.heap[0]?.at ?? null;
  }

  /**
   * Moves on by `ms`, from one due instant to the next, and lets all that is due run to its end before the next one.
   * Resolves to how many timers ran. Calls queue up.
   */
  advance(ms: number): Promise<number> {
    if (!(ms >= 0 && ms < Infinity)) return Promise.reject(new RangeError(`a clock cannot advance by ${ms} ms, only by a finite number from 0`));
    const run = this.advancing.then(() => this.advanceTo(this.current + ms));
    this.advancing = run.catch(() => undefined);
    return run;
  }

  /** Resolves when no tracked work is under way. */
  async idle(): Promise<void> {
    do {
      while (this.working > 0) await new Promise<void>((resolve) => this.waiters.push(resolve));
      // Work that ended may have been the cause of more: let what it resolved run first.
      await new Promise<void>((resolve) => setImmediate(resolve));
    } while (this.working > 0);
  }

  close(): void {
    for (const entry of this.heap.splice(0)) entry.cancel();
  }

  private async advanceTo(end: number): Promise<number> {
    let ran = 0;
    await this.idle();
    for (let next = this.nextDueAt; next !== null && next <= end; next = this.nextDueAt) {
      this.current = Math.max(this.current, next);
      ran += this.runDue();
      await this.idle();
    }
    this.current = Math.max(this.current, end);
    return ran;
  }

  /** Lets go of cancelled timers when they are the most of the heap: a far one would stay until its instant comes. */
  private sweep(): void {
    if (this.heap.length < 1000 || this.heap.length < 2 * this.live) return;
    const live = this.heap.filter((entry) => !entry.cancelled).sort((a, b) => (before(a, b) ? -1 : 1));
    this.heap.length = 0;
    // A loop, because spreading a long array into push() overflows the stack. A sorted array is a heap.
    for (const entry of live) this.heap.push(entry);
  }

  private runAtOnce(): void {
    void this.track(new Promise<void>((resolve) => setImmediate(() => {
      try {
        this.runDue();
      } finally {
        resolve();
      }
    })));
  }

  private runDue(): number {
    let ran = 0;
    for (let next = this.nextDueAt; next !== null && next <= this.current; next = this.nextDueAt) {
      const entry = pop(this.heap) as Entry;
      entry.cancel();
      entry.run();
      ran++;
    }
    return ran;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Entry[], entry: Entry): void {
  let i = heap.push(entry) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!before(entry, heap[parent] as Entry)) break;
    heap[i] = heap[parent] as Entry;
    i = parent;
  }
  heap[i] = entry;
}

function pop(heap: Entry[]): Entry | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (!top || !last || heap.length === 0) return top;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry)) child++;
    if (!before(heap[child] as Entry, last)) break;
    heap[i] = heap[child] as Entry;
    i = child;
  }
  heap[i] = last;
  return top;
}
