import { createHash } from 'node:crypto';

export const UPPER_ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
export const LOWER_ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyz0123456789';
export const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const HEX = '0123456789abcdef';

/**
 * The random part of a name that AWS makes up, but the same on every run of the same stack: a person finds yesterday's queue
 * in today's log, and a test can name it.
 */
export function stableId(seed: string, length: number, alphabet: string): string {
  const digest = createHash('sha512').update(seed).digest();
  return Array.from({ length }, (_, i) => alphabet[(digest[i % digest.length] as number) % alphabet.length]).join('');
}

/** The same in the form of a UUID. */
export function stableUuid(seed: string): string {
  const hex = stableId(seed, 32, HEX);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}
