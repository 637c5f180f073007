/** A filter that is wrong wherever it runs: found at synth, where the same code compiles it. */
export class FilterError extends Error {
  override readonly name = 'FilterError';

  constructor(
    /** Where in the filter, e.g. `body.data.total`. */
    readonly path: string,
    explanation: string,
  ) {
    super(`filter at ${JSON.stringify(path)} ${explanation}`);
  }
}

const MAX_SHOWN = 120;

/** A value for a message, which has no room for a whole filter. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
