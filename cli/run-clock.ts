import { CliError, Exit } from './cli-error';
import type { RunNote } from './run-note';

export interface RunTime {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Nothing happens until somebody moves the clock. */
  readonly manual: boolean;
}

/** The time that a source's clock shows: a local run's own, which may be days ahead, or the real time. */
export async function sourceTime(run: RunNote | undefined): Promise<number> {
  return (await readClock(run)).now;
}

export async function readClock(run: RunNote | undefined): Promise<RunTime> {
  if (!run) return { now: Date.now(), manual: false };
  try {
    const response = await fetch(`${run.controlUrl}/clock`, { signal: AbortSignal.timeout(10_000) });
    const { now, mode } = await response.json() as { now: string; mode: string };
    return { now: Date.parse(now), manual: mode === 'manual' };
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    throw new CliError(Exit.NO_ACCESS, `the clock of the local run at ${run.controlUrl} does not answer: ${cause?.code ?? message}`);
  }
}
