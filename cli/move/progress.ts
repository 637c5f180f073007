import { count, note, type Printer } from '../print';

export interface ProgressLine {
  readonly event: 'progress';
  readonly done: number;
  readonly total: number;
  readonly perSecond: number;
  readonly etaSeconds: number | null;
}

const EVERY_MS = 1_000;

/** How far long work is, once a second. */
export class Progress {
  private readonly startedAt: number;
  private saidAt: number;

  constructor(private readonly print: Printer, private readonly total: number, private readonly now: () => number = () => performance.now()) {
    this.startedAt = now();
    this.saidAt = this.startedAt;
  }

  /** True at most once a second: then is the time to look at what else there is. */
  isDue(): boolean {
    return this.now() - this.saidAt >= EVERY_MS;
  }

  async say(done: number): Promise<void> {
    const now = this.now();
    this.saidAt = now;
    const line = progressLine(done, this.total, (now - this.startedAt) / 1_000);
    if (this.print.json) await this.print.line({ ...line });
    else note(`${done} of ${line.total}, ${line.perSecond} a second${line.etaSeconds === null ? '' : `, about ${count(line.etaSeconds, 'second')} left`}`);
  }
}

export function progressLine(done: number, total: number, seconds: number): ProgressLine {
  const rate = seconds > 0 ? done / seconds : 0;
  return {
    event: 'progress', done, total, perSecond: Math.round(rate * 10) / 10, etaSeconds: rate > 0 ? Math.ceil(Math.max(0, total - done) / rate) : null,
  };
}
