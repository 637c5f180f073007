import type { FieldLocation } from '../../lib/contract/scheme';
import type { WebhookRequest } from './request';
import type { SignatureHeader } from './signature-header';

/** The value at a place in a request: a text that is not empty, or undefined. Never throws. */
export function readField(location: FieldLocation, request: WebhookRequest, signature: SignatureHeader): string | undefined {
  if ('header' in location) return request.headers[location.header] || undefined;
  if ('signature' in location) return signature.part(location.signature) || undefined;
  if ('query' in location) return request.query.get(location.query) || undefined;
  if ('form' in location) return request.form.get(location.form) || undefined;
  return asText(atPath(request.json, location.json));
}

/** The value of the first place that has one. */
export function readFirst(locations: FieldLocation[] | undefined, request: WebhookRequest, signature: SignatureHeader): string | undefined {
  for (const location of locations ?? []) {
    const value = readField(location, request, signature);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** `.name`, `[0]` and `['name']`, one after the other. */
const SEGMENT = /\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]/y;

function atPath(root: unknown, path: string): unknown {
  let value = root;
  SEGMENT.lastIndex = path.startsWith('$') ? 1 : 0;
  while (SEGMENT.lastIndex < path.length) {
    const match = SEGMENT.exec(path);
    const name = match?.[1] ?? match?.[2] ?? match?.[3];
    // Own properties only: `$.constructor` is not in any payload.
    if (name === undefined || typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as { [name: string]: unknown })[name];
  }
  return value;
}

/** A number beyond 2^53 has lost digits in the parser: two events would share it. */
function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value || undefined;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}
