import type { Clock } from '../clock';
import { LocalRunError } from '../local-run-error';

/** One line of a run: `event` first. The functions' own lines pass through as they are. */
export interface RunLine {
  readonly [name: string]: unknown;
}

export type OnLine = (line: RunLine) => void;

/** Says what a person should know of the run, in a line of its own. */
export type Warn = (code: WarningCode, message: string) => void;

export type WarningCode =
  /** A part of the assembly is left out. */
  | 'not-run'
  /** A function is given something that a local run does not make. */
  | 'not-made'
  /** A part is left out because its template needs what only AWS knows. */
  | 'unresolvable';

/** What a function prints: a line of JSON with an `event` is one of the run's; everything else is told as the log that it is. */
export function functionLine(line: string, functionName: string, clock: Clock): RunLine {
  return logLine(line) ?? { event: 'log', time: iso(clock), function: functionName, message: line };
}

export function warnings(onLine: OnLine, clock: Clock): Warn {
  return (code, message) => onLine({ event: 'warning', time: iso(clock), code, message });
}

/** What `plan` gives, or undefined with a warning where it needs something that cannot be resolved. */
export function orWarning<T>(plan: () => T, warn: Warn): T | undefined {
  try {
    return plan();
  } catch (error) {
    if (!(error instanceof LocalRunError)) throw error;
    warn('unresolvable', error.message);
    return undefined;
  }
}

function logLine(line: string): RunLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value = JSON.parse(line) as RunLine;
    return typeof value.event === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function iso(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}
