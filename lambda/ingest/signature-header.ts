import type { SignaturePlace } from '../../lib/contract/scheme';

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
  const items = place.format === 'plain' ? [value] : value.split(separator).map((item) => item.trim()).filter((item) => item !== '');
  const joinable = place.format !== 'plain' && separator.includes(',');
  if (!joinable && items.some((item) => commas(item) > commas(place.prefix ?? ''))) return undefined;
  if (place.format !== 'keyValue') return { candidates: afterPrefix(items, place.prefix ?? ''), part: () => undefined };

  const parts = readParts(items);
  if (uniqueParts.some((name) => (parts.get(name)?.length ?? 0) > 1)) return undefined;
  return { candidates: parts.get(place.name ?? '') ?? [], part: (name) => parts.get(name)?.[0] };
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

function readParts(items: string[]): Map<string, string[]> {
  const parts = new Map<string, string[]>();
  for (const item of items) {
    const equals = item.indexOf('=');
    if (equals === -1) continue;
    const name = item.slice(0, equals);
    const values = parts.get(name);
    if (values) values.push(item.slice(equals + 1));
    else parts.set(name, [item.slice(equals + 1)]);
  }
  return parts;
}
