import { randomUUID } from 'node:crypto';
import type { Clock, Timer } from '../clock';

export interface ScheduleOptions {
  readonly clock: Clock;
  readonly everyMinutes: number;
  /** Takes the time at which it was due, milliseconds since 1970. */
  readonly onDue: (dueAt: number) => void;
}

/**
 * A rule with a rate, which runs first when its time has passed once. What it starts is not waited for, so that two runs may overlap on a real
 * clock as they do on AWS; a manual clock waits for all that it starts.
 */
export class Schedule {
  private timer: Timer;

  constructor(private readonly options: ScheduleOptions) {
    this.timer = this.wait(options.clock.now());
  }

  close(): void {
    this.timer.cancel();
  }

  /** A laptop that slept runs a schedule once when it wakes, not once for each time that it slept through. */
  private wait(from: number): Timer {
    const { clock, everyMinutes, onDue } = this.options;
    const period = everyMinutes * 60_000;
    const dueAt = from + period * Math.max(1, Math.ceil((clock.now() - from) / period));
    return clock.schedule(dueAt, () => {
      this.timer = this.wait(dueAt);
      onDue(dueAt);
    });
  }
}

/** What a function gets of a rule without an input of its own. */
export function scheduledEvent(ruleArn: string, dueAt: number): object {
  const [, , , region, account] = ruleArn.split(':');
  return {
    'version': '0', 'id': randomUUID(), 'detail-type': 'Scheduled Event', 'source': 'aws.events', account,
    'time': new Date(dueAt).toISOString().replace(/\.\d{3}Z$/, 'Z'), region, 'resources': [ruleArn], 'detail': {},
  };
}
