import type { FieldLocation, Scheme } from '../lib/contract/scheme';

/** A request on its way to a source. Header names are lower-case. */
export interface OutgoingRequest {
  readonly url: URL;
  readonly headers: { [name: string]: string };
  readonly body: Buffer;
  /** What the source's scheme module will find in the signature, for places that are called `verified`. */
  readonly verified?: { readonly [name: string]: string };
}

/** The value of the first location that has one, as the source will read it: of several items the first counts. */
export function readField(scheme: Scheme, locations: readonly FieldLocation[] | undefined, request: OutgoingRequest): string | undefined {
  return (locations ?? []).map((location) => readAll(scheme, location, request)[0]).find((value) => value !== undefined);
}

/** The same for an id: the items of a batch are joined, and one without an id leaves it without. */
export function readId(scheme: Scheme, request: OutgoingRequest): string | undefined {
  return (scheme.id ?? []).map((location) => joined(readAll(scheme, location, request))).find((value) => value !== undefined);
}

type Values = readonly (string | undefined)[];

function readAll(scheme: Scheme, location: FieldLocation, request: OutgoingRequest): Values {
  const { url, headers, body, verified } = request;
  if ('header' in location) return one(headers[location.header]);
  if ('query' in location) return one(url.searchParams.get(location.query));
  if ('form' in location) return one(form(request).get(location.form));
  if ('signature' in location) return one(signatureParts(scheme, headers).get(location.signature));
  if ('verified' in location) return one(verified?.[location.verified]);
  if ('memberOf' in location) return one(Object.keys(Object(parse(body.toString())) as object).find((name) => location.memberOf.includes(name)));
  if ('all' in location) return [joined(location.all.flatMap((place) => readAll(scheme, place, request)))];
  if ('formJson' in location) return valuesAt(parse(form(request).get(location.formJson.field)), location.formJson.path).map(scalar);
  return valuesAt(parse(body.toString()), location.json).map(scalar);
}

function one(value: string | null | undefined): Values {
  return [value || undefined];
}

function joined(values: Values): string | undefined {
  return values.length > 0 && !values.includes(undefined) ? values.join(',') : undefined;
}

/** Empty where the body is no form: its content type decides, and where there is none, whether it is JSON. */
function form({ headers, body }: OutgoingRequest): URLSearchParams {
  const text = body.toString('utf8');
  const contentType = headers['content-type'];
  const isForm = contentType === undefined ? parse(text) === undefined : /^\s*application\/x-www-form-urlencoded\s*(?:[;,]|$)/i.test(contentType);
  return new URLSearchParams(isForm ? text : undefined);
}

function signatureParts(scheme: Scheme, headers: OutgoingRequest['headers']): ReadonlyMap<string, string> {
  if (!('signature' in scheme)) return new Map();
  const parts = (headers[scheme.signature.header] ?? '').split(scheme.signature.separator ?? ',').map((part) => part.trim());
  return new Map(parts.map((part): [string, string] => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]));
}

/** A number beyond 2^53 has lost digits in the parser; the source does not read it either. */
function scalar(value: unknown): string | undefined {
  if (typeof value === 'string') return value || undefined;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}

function parse(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One value, or one for each item of the lists that the path goes through. */
function valuesAt(root: unknown, path: string): unknown[] {
  return jsonPath(path).reduce<unknown[]>((values, key) => values.flatMap((value) => {
    if (key === '*') return Array.isArray(value) ? value as unknown[] : [undefined];
    return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? [(value as { [name: string]: unknown })[key]] : [undefined];
  }), [root]);
}

/** The keys of a path such as `$.data.items[0].id`, `$.events[*].id` or `$['odd name']`. */
export function jsonPath(path: string): string[] {
  return [...path.matchAll(/\.([^.[\]]+)|\[(\d+|\*)\]|\['([^']*)'\]/g)].map(([, name, index, quoted]) => (name ?? index ?? quoted) as string);
}
