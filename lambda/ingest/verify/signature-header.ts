import type { SignaturePlace } from '../../../lib/contract/scheme';

/** A signature header taken apart. */
export interface SignatureHeader {
  /** The texts that may be the signature. */
  readonly candidates: string[];
  /** The value of a `name=value` part. */
  part(name: string): string | undefined;
}

/**
 * Takes a signature header apart. Undefined where the header came several times: API Gateway joins the values by a comma, and
 * whoever put a second one in front of the sender's must not get a say.
 *
 * Where the separator is a comma too, only a part that must be unique, such as Stripe's `t`, gives a second header away. Where
 * there is no such part, two headers of one signature are the same bytes as one header of two.
 */
export function readSignatureHeader(place: SignaturePlace, value: string, uniqueParts: string[]): SignatureHeader | undefined {
  const separator = place.separator ?? (place.format === 'keyValue' ? ',' : ' ');
  const items = place.format === 'plain' ? [value] : split(value, separator);
  const prefix = place.prefix ?? '';
  const joinable = place.format !== 'plain' && separator.includes(',');
  if (!joinable && hasMoreCommas(items, commas(prefix))) return undefined;
  if (place.format !== 'keyValue') return { candidates: afterPrefix(items, prefix), part: noPart };

  for (const name of uniqueParts) if (items.filter((item) => isNamed(item, name)).length > 1) return undefined;
  return { candidates: valuesOf(items, place.name ?? ''), part: (name) => items.find((item) => isNamed(item, name))?.slice(name.length + 1) };
}

function noPart(): undefined {
  return undefined;
}

function split(value: string, separator: string): string[] {
  if (!value.includes(separator)) return [value.trim()];
  const items: string[] = [];
  for (const item of value.split(separator)) {
    const trimmed = item.trim();
    if (trimmed !== '') items.push(trimmed);
  }
  return items;
}

function hasMoreCommas(items: string[], allowed: number): boolean {
  for (const item of items) if (commas(item) > allowed) return true;
  return false;
}

function commas(text: string): number {
  let count = 0;
  for (let at = text.indexOf(','); at !== -1; at = text.indexOf(',', at + 1)) count++;
  return count;
}

function afterPrefix(items: string[], prefix: string): string[] {
  const rests: string[] = [];
  for (const item of items) if (item.startsWith(prefix)) rests.push(item.slice(prefix.length));
  return rests;
}

/** The values of the `name=value` parts of one name. */
function valuesOf(items: string[], name: string): string[] {
  const values: string[] = [];
  for (const item of items) if (isNamed(item, name)) values.push(item.slice(name.length + 1));
  return values;
}

function isNamed(item: string, name: string): boolean {
  return item.charCodeAt(name.length) === EQUALS && item.startsWith(name);
}

const EQUALS = 0x3d;
