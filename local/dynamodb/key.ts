import { sortableNumber } from './number';
import type { AttributeValue } from './value';

export type KeyType = 'S' | 'N' | 'B';

/**
 * Text whose order as a string is the order that DynamoDB has: of strings and binary values their bytes, unsigned, of numbers their size.
 * Undefined for the types that have none.
 */
export function sortable(value: AttributeValue): string | undefined {
  if (value.S !== undefined) return sortableText(value.S);
  if (value.N !== undefined) return sortableNumber(value.N);
  return value.B === undefined ? undefined : Buffer.from(value.B, 'base64').toString('latin1');
}

/** One character for each byte of UTF-8: the units of a string of another script sort differently. */
function sortableText(text: string): string {
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** Above every character that `sortable` gives. */
export const ABOVE_ALL = '\u{ffff}';
