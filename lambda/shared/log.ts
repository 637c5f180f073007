import type { LogLine } from '../../lib/contract/log';

export type Log = (line: LogLine) => void;

/** A log line without its time. */
export type LogFields = LogLine extends infer Line ? Line extends LogLine ? Omit<Line, 'time'> : never : never;

/**
 * Writes a line as it is. console.log would put a time and a request id before it, and the line would no longer be JSON.
 */
export const writeLine: Log = ({ event, time, ...fields }) => void process.stdout.write(`${JSON.stringify({ event, time, ...fields })}\n`);

/** Adds the time to lines. */
export function timed(log: Log, now: () => number): (fields: LogFields) => void {
  return (fields) => log({ time: new Date(now()).toISOString(), ...fields } as LogLine);
}

/** An unknown failure in words. A URL in it loses its query string, which may hold a credential. */
export function describe(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : 'a value that is not an Error was thrown';
  return text.replace(/\?\S*/g, '?…').slice(0, 500);
}
