import { CliError, Exit } from './cli-error';
import type { RunNote } from './run-note';

/** The time that a source's clock shows: a local run's own, which may be days ahead, or the real time. */
export async function sourceTime(run: RunNote | undefined): Promise<number> {
  if (!run) return Date.now();
  try {
    const response = await fetch(`${run.controlUrl}/clock`, { signal: AbortSignal.timeout(10_000) });
    const { now } = await response.json() as { now: string };
    return Date.parse(now);
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    throw new CliError(Exit.NO_ACCESS, `the clock of the local run at ${run.controlUrl} does not answer: ${cause?.code ?? message}`);
  }
}
