import type { FieldLocation, Scheme } from '../lib/contract/scheme';

/** A request on its way to a source. Header names are lower-case. */
export interface OutgoingRequest {
  readonly url: URL;
  readonly headers: { [name: string]: string };
  readonly body: Buffer;
}

/** The value of the first location that has one, as the source will read it. */
export function readField(scheme: Scheme, locations: readonly FieldLocation[] | undefined, request: OutgoingRequest): string | undefined {
  for (const location of locations ?? []) {
    const value = readLocation(scheme, location, request);
    if (value) return value;
  }
  return undefined;
}

function readLocation(scheme: Scheme, location: FieldLocation, { url, headers, body }: OutgoingRequest): string | undefined {
  if ('header' in location) return headers[location.header];
  if ('query' in location) return url.searchParams.get(location.query) ?? undefined;
  if ('form' in location) return new URLSearchParams(body.toString('utf8')).get(location.form) ?? undefined;
  if ('signature' in location) return signatureParts(scheme, headers).get(location.signature);
  return scalar(jsonAt(body, location.json));
}

function signatureParts({ signature }: Scheme, headers: OutgoingRequest['headers']): ReadonlyMap<string, string> {
  const parts = (headers[signature.header] ?? '').split(signature.separator ?? ',').map((part) => part.trim());
  return new Map(parts.map((part): [string, string] => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]));
}

/** A number beyond 2^53 has lost digits in the parser; the source does not read it either. */
function scalar(value: unknown): string | undefined {
  return typeof value === 'string' || Number.isSafeInteger(value) ? String(value) : undefined;
}

function jsonAt(body: Buffer, path: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  for (const key of jsonPath(path)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as { [key: string]: unknown })[key];
  }
  return value;
}

/** The keys of a path such as `$.data.items[0].id` or `$['odd name']`. */
export function jsonPath(path: string): string[] {
  return [...path.matchAll(/\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]/g)].map(([, name, index, quoted]) => (name ?? index ?? quoted) as string);
}
