/** `.name`, `[0]`, `['name']` and `[*]`, one after the other. */
const SEGMENT = /\.([^.[\]]+)|\[(\d+|\*)\]|\['([^']*)'\]/y;

/** The values at a path: one, or one for each item of the lists that it goes through. */
export function atPath(root: unknown, path: string): unknown[] {
  let values = [root];
  SEGMENT.lastIndex = path.startsWith('$') ? 1 : 0;
  while (SEGMENT.lastIndex < path.length) {
    const match = SEGMENT.exec(path);
    if (!match) return [undefined];
    const name = match[1] ?? match[2] ?? match[3] as string;
    values = match[2] === '*' ? values.flatMap((value) => Array.isArray(value) ? value as unknown[] : [undefined]) : values.map((value) => member(value, name));
  }
  return values;
}

/** Own properties only: `$.constructor` is not in any payload. */
function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as { [name: string]: unknown })[name] : undefined;
}

/** A value as a text that is not empty. A number beyond 2^53 has lost digits in the parser: two events would share it. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value || undefined;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}
