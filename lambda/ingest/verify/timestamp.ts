import type { TimestampPlace } from '../../../lib/contract/scheme';

type Unit = TimestampPlace['unit'];

/** Number() and Date.parse() also take `1e9`, ` +5`, `0x10` and `5`; a timestamp is what its sender documents. */
const FORMATS: { readonly [unit in Unit]: RegExp } = {
  s: /^\d{1,12}$/,
  ms: /^\d{1,15}$/,
  iso: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/,
  httpdate: /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/,
};

/** Seconds since 1970, or undefined where the text is not a timestamp of that unit. */
export function readTimestamp(text: string, unit: Unit): number | undefined {
  if (!FORMATS[unit].test(text)) return undefined;
  if (unit === 's') return Number(text);
  const milliseconds = unit === 'ms' ? Number(text) : Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1_000);
}

/** Both ways, edge included. In whole seconds, as the senders' own libraries count. */
export function isTimely(seconds: number, now: number, toleranceSeconds: number): boolean {
  return Math.abs(Math.floor(now / 1_000) - seconds) <= toleranceSeconds;
}
