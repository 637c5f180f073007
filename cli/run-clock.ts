import { CliError, Exit } from './cli-error';
import type { KnownRun } from './run-note';

export interface RunTime {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Nothing happens until somebody moves the clock. */
  readonly manual: boolean;
}

/** The time that a source's clock shows: a local run's own, which may be days ahead, or the real time. */
export async function sourceTime(run: KnownRun | undefined): Promise<number> {
  return (await readClock(run)).now;
}

export async function readClock(run: KnownRun | undefined): Promise<RunTime> {
  const told = run && await askRun(run);
  return told ? { now: Date.parse(told.now), manual: told.mode === 'manual' } : { now: Date.now(), manual: false };
}

/** Undefined where what answers is no local run: an emulator, which has no clock of its own. */
async function askRun({ controlUrl, awsEndpointUrl }: KnownRun): Promise<{ readonly now: string; readonly mode: string } | undefined> {
  const url = controlUrl === undefined ? new URL('/_cdk-webhooks/clock', awsEndpointUrl) : `${controlUrl}/clock`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000), redirect: 'manual' });
    const told = await response.json().catch(() => undefined) as { now?: unknown; mode?: unknown } | null | undefined;
    if (response.ok && typeof told?.now === 'string' && typeof told.mode === 'string') return { now: told.now, mode: told.mode };
    if (controlUrl === undefined) return undefined;
    throw new Error(`HTTP status ${response.status}`);
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    throw new CliError(Exit.NO_ACCESS, `the clock of the local run at ${controlUrl ?? awsEndpointUrl} does not answer: ${cause?.code ?? message}`);
  }
}
