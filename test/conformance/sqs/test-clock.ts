import { setTimeout as sleep } from 'node:timers/promises';

/** The clock that an endpoint lives on, as a case sees it. */
export interface TestClock {
  /** It can be moved, so that hours cost nothing. Cases then run one at a time. */
  readonly movable: boolean;
  /** Milliseconds since 1970. */
  now(): Promise<number>;
  /** Lets time pass: moves the clock, or waits. */
  elapse(seconds: number): Promise<void>;
}

/** Timers of an endpoint may be a little late. */
const LATE_MS = 150;

export const realClock: TestClock = {
  movable: false,
  now: () => Promise.resolve(Date.now()),
  elapse: (seconds) => sleep(seconds * 1000 + LATE_MS),
};

/** The clock of a local run that was started with `--clock manual`, moved through its `controlUrl`. */
export async function controlledClock(controlUrl: string): Promise<TestClock> {
  const call = async (init?: RequestInit): Promise<{ mode?: string; now: string }> => {
    const response = await fetch(`${controlUrl}/clock`, init);
    const body = await response.json() as { mode?: string; now: string; error?: string };
    if (!response.ok) throw new Error(`the clock at ${controlUrl} refuses: ${body.error}`);
    return body;
  };
  const { mode } = await call();
  if (mode !== 'manual') throw new Error(`the clock at ${controlUrl} is ${JSON.stringify(mode)} and cannot be moved: start the run with --clock manual`);
  return {
    movable: true,
    now: async () => Date.parse((await call()).now),
    elapse: async (advanceSeconds) => {
      await call({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ advanceSeconds }) });
    },
  };
}
