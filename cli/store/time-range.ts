import { usage, type Arguments } from '../arguments';
import { CliError, Exit } from '../cli-error';
import type { OptionSpec } from '../command';

/** From `since` on, until before `until`. ISO 8601 with milliseconds, so that text compares as time does. */
export interface TimeRange {
  readonly since: string;
  readonly until: string;
}

export const TIME_OPTIONS: { readonly [name: string]: OptionSpec } = {
  since: { type: 'string', value: 'TIME', description: 'from this time on: ISO 8601, in UTC unless it says otherwise, or how long ago, such as 15m, 2h or 7d' },
  until: { type: 'string', value: 'TIME', description: 'until before this time; default: now' },
};

const UNIT_MS: { readonly [unit: string]: number } = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** No clock that a row's time comes from is further ahead of ours. Every day of a range is asked for, so it ends there at the latest. */
const AHEAD_MS = 3_600_000;

/** The range that `--since` and `--until` name. Without `--since` it begins where what is kept begins, and never before. */
export function readTimeRange(command: string, args: Arguments, now: number, retentionSeconds: number): TimeRange {
  const oldest = now - retentionSeconds * 1_000;
  // What is accepted within this very millisecond belongs to the past too.
  const until = readTime(command, args, 'until', now) ?? now + 1;
  const asked = readTime(command, args, 'since', now);
  if (asked !== undefined && asked >= until) {
    const [from, to] = [new Date(asked).toISOString(), new Date(until).toISOString()];
    throw usage(command, asked === until ? `the time range is empty: it begins and ends at ${from}; write an earlier --since or a later --until`
      : `the time range is backwards: it begins at ${from} and ends at ${to}; write an earlier --since or a later --until`);
  }
  if (asked !== undefined && asked >= now + AHEAD_MS) {
    throw new CliError(Exit.NO_MATCH, `the time range begins at ${new Date(asked).toISOString()}, and it is ${new Date(now).toISOString()} now: nothing of it has come yet`);
  }
  if (until <= oldest) {
    throw new CliError(Exit.NO_MATCH, `events are kept for ${days(retentionSeconds)}, and the time range ends before ${new Date(oldest).toISOString()}: nothing of it is left`);
  }
  return { since: new Date(Math.max(asked ?? oldest, oldest)).toISOString(), until: new Date(Math.min(until, now + AHEAD_MS)).toISOString() };
}

function readTime(command: string, args: Arguments, name: string, now: number): number | undefined {
  const text = args.text(name);
  if (text === undefined) return undefined;
  const time = parseTime(text, now);
  // Years of other than four digits would not sort as text.
  if (time !== undefined && time >= 0 && time < 253_402_300_800_000) return time;
  throw usage(command, `--${name} is ${JSON.stringify(text)}; write a time such as 2026-01-31T12:00:00Z, or how long ago, such as 15m, 2h or 7d`);
}

export function parseTime(text: string, now: number): number | undefined {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return now - Number(count) * (UNIT_MS[unit] as number);
  if (!/^\d{4}-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?$/i.test(text)) return undefined;
  // JavaScript takes the 30th of February for the 2nd of March.
  const day = text.slice(0, 10);
  if (day.length === 10 && !isDay(day)) return undefined;
  // Without a zone, JavaScript takes the date for UTC and the time for local time.
  const time = Date.parse(/[T ]/i.test(text) && !/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? `${text}Z` : text);
  return Number.isNaN(time) ? undefined : time;
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00.000Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function days(seconds: number): string {
  const count = Math.round(seconds / 8_640) / 10;
  return `${count} day${count === 1 ? '' : 's'}`;
}

/** The UTC days that a range touches, oldest first. */
export function daysOf({ since, until }: TimeRange): string[] {
  const found: string[] = [];
  const last = Date.parse(until) - 1;
  for (let time = Date.parse(`${since.slice(0, 10)}T00:00:00.000Z`); time <= last; time += 86_400_000) found.push(new Date(time).toISOString().slice(0, 10));
  return found;
}
