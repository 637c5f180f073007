import type { FieldLocation } from '../../lib/contract/scheme';
import { asText, atPath } from '../shared/json-path';
import type { WebhookRequest } from './request';
import type { Proof } from './verify/verifier';

/** What the verification found, for the places that are not in the request itself. */
export type Found = Pick<Proof, 'signature' | 'fields'>;

/** The value at a place in a request: a text that is not empty, or undefined. Of several items the first counts. Never throws. */
export function readField(location: FieldLocation, request: WebhookRequest, found: Found = {}): string | undefined {
  // The places that signed requests are asked for, without the list that the others need.
  if ('header' in location) return request.headers[location.header] || undefined;
  if ('signature' in location) return found.signature?.part(location.signature) || undefined;
  return readAll(location, request, found)[0];
}

/** The value of the first place that has one. */
export function readFirst(locations: FieldLocation[] | undefined, request: WebhookRequest, found: Found): string | undefined {
  for (const location of locations ?? []) {
    const value = readField(location, request, found);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The same for an id. A batch is the same only when all of it is: its items are joined, and one without an id leaves it without. */
export function readId(locations: FieldLocation[] | undefined, request: WebhookRequest, found: Found): string | undefined {
  for (const location of locations ?? []) {
    const id = joined(readAll(location, request, found));
    if (id !== undefined) return id;
  }
  return undefined;
}

/** Every single place, those inside of `all` too. */
export function placesOf(locations: FieldLocation[] = []): Exclude<FieldLocation, { all: unknown }>[] {
  return locations.flatMap((location) => 'all' in location ? placesOf(location.all) : [location]);
}

function readAll(location: FieldLocation, request: WebhookRequest, { signature, fields }: Found): (string | undefined)[] {
  if ('header' in location) return one(request.headers[location.header]);
  if ('signature' in location) return one(signature?.part(location.signature));
  if ('query' in location) return one(request.query.get(location.query));
  if ('form' in location) return one(request.form.get(location.form));
  if ('verified' in location) return one(fields && Object.hasOwn(fields, location.verified) ? fields[location.verified] : undefined);
  if ('memberOf' in location) return one(memberOf(request.json, location.memberOf));
  if ('all' in location) return [joined(location.all.flatMap((place) => readAll(place, request, { signature, fields })))];
  if ('formJson' in location) return atPath(parse(request.form.get(location.formJson.field)), location.formJson.path).map(asText);
  return atPath(request.json, location.json).map(asText);
}

function joined(values: (string | undefined)[]): string | undefined {
  return values.length > 0 && !values.includes(undefined) ? values.join(',') : undefined;
}

function one(text: string | null | undefined): (string | undefined)[] {
  return [text || undefined];
}

function memberOf(value: unknown, names: string[]): string | undefined {
  return typeof value === 'object' && value !== null ? Object.keys(value).find((name) => names.includes(name)) : undefined;
}

function parse(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
