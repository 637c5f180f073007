import { readFileSync } from 'node:fs';
import { VALUES_VARIABLE } from '../../lib/contract/config';

/** Reads a function's configuration and puts in what only the deployment knows. Throws where the two do not fit. */
export function readConfig<Config>(file: URL, environment: { readonly [name: string]: string | undefined } = process.env): Config {
  return fillIn(readFileSync(file, 'utf8'), environment[VALUES_VARIABLE] ?? '[]');
}

/** `{"$value": n}` stands for the n-th entry of `values`, which is a JSON array of strings. */
export function fillIn<Config>(config: string, values: string): Config {
  const entries: unknown = JSON.parse(values);
  if (!Array.isArray(entries)) throw new Error(`${VALUES_VARIABLE} is not a JSON array; deploy the stack again`);
  return JSON.parse(config, (_key, value: unknown) => {
    const index = reference(value);
    if (index === undefined) return value;
    if (typeof entries[index] === 'string') return entries[index];
    throw new Error(`the configuration refers to value ${index}, but ${VALUES_VARIABLE} has ${entries.length}; deploy the stack again`);
  }) as Config;
}

function reference(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null || !('$value' in value)) return undefined;
  return typeof value.$value === 'number' && Object.keys(value).length === 1 ? value.$value : undefined;
}
