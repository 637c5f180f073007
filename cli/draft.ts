import type { FieldLocation, Scheme } from '../lib/contract/scheme';
import { CliError, Exit } from './cli-error';
import { jsonPath, readField, readId, type OutgoingRequest } from './fields';
import { sampleFor } from './samples';
import type { Sample, SampleBody } from './samples/sample';
import { formatTimestamp, locationText } from './sign';

export interface DraftOptions {
  /** The event type. Absent: the sample's own. */
  readonly type?: string;
  /** Bytes to send as they are, in place of a sample. */
  readonly body?: Buffer;
  /** Time on the source's clock, in milliseconds since 1970. */
  readonly now: number;
}

/** An event as its sender would write it, complete but for the signature. */
export function draftEvent(scheme: Scheme, url: URL, { type, body, now }: DraftOptions): OutgoingRequest {
  const sample = sampleFor(scheme);
  const id = sample.id?.();
  const event = { id: id ?? '', type: type ?? sample.type, time: new Date(now) };
  const contentType = body && contentTypeOf(body);
  const request = {
    url: new URL(url), headers: { ...sample.headers, ...contentType ? { 'content-type': contentType } : {} },
    body: body ?? encode(sample, completed(scheme, sample, sample.body(event), event, now)),
  };
  if (body && type !== undefined) place(scheme, scheme.type, type, request, true);
  const read = readField(scheme, scheme.type, request);
  // A sample may have something of its own at the second best place.
  if (body ? read === undefined : read !== event.type) place(scheme, scheme.type, event.type, request, false);
  if (id !== undefined && readId(scheme, request) === undefined) place(scheme, scheme.id, id, request, false);
  return request;
}

interface Fields { readonly id: string; readonly type: string }

/** Writes into the body what the source reads there and the sample does not have: of a scheme that the user described, all of it. */
function completed(scheme: Scheme, sample: Sample, body: SampleBody, { id, type }: Fields, now: number): SampleBody {
  if (Buffer.isBuffer(body)) return body;
  const read = (places: readonly FieldLocation[] | undefined): string | undefined =>
    readField(scheme, places, { url: new URL('http://localhost'), headers: {}, body: encode(sample, body) });
  const timestamp = 'timestamp' in scheme ? scheme.timestamp : undefined;
  const wanted: [readonly FieldLocation[] | undefined, string | number][] = [[scheme.id, id], [scheme.type, type]];
  if (timestamp) wanted.push([[timestamp.from], timestampValue(formatTimestamp(timestamp.unit, now))]);
  for (const [places, value] of wanted) {
    const first = places?.[0] && 'all' in places[0] ? places[0].all[0] : places?.[0];
    if (first && value !== '' && read(places) === undefined) setField(body as { [name: string]: unknown }, first, value);
  }
  return body;
}

function timestampValue(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** Header and query places are not the body's. */
function setField(body: { [name: string]: unknown }, location: FieldLocation, value: string | number): void {
  if ('form' in location) body[location.form] = String(value);
  if (!('json' in location)) return;
  const keys = jsonPath(location.json).map((key) => (key === '*' ? '0' : key));
  // The body of the sample is an object, so a path that begins with an item has no place in it.
  if (/^\d+$/.test(keys[0] as string) !== Array.isArray(body)) return;
  let at: { [key: string]: unknown } = body;
  for (const [i, key] of keys.slice(0, -1).entries()) {
    at[key] ??= /^\d+$/.test(keys[i + 1] as string) ? [] : {};
    at = at[key] as { [key: string]: unknown };
  }
  at[keys.at(-1) as string] = value;
}

function encode(sample: Sample, body: SampleBody): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(sample.form ? new URLSearchParams(body as { [name: string]: string }).toString() : JSON.stringify(body));
}

/** Names and values without a blank or a bracket of XML. */
const FORM = /^[^\s<>=&]+=[^\s<>]*$/;

/** A guess for bytes that came without a word about what they are. */
function contentTypeOf(body: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    if (isJson(text)) return 'application/json';
    if (FORM.test(text)) return 'application/x-www-form-urlencoded';
    return text.trimStart().startsWith('<') ? 'application/xml' : 'text/plain; charset=utf-8';
  } catch {
    return 'application/octet-stream';
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Sets a field that stands outside the body. The body is signed and sent as it is, so nothing is written into it. */
function place(scheme: Scheme, locations: readonly FieldLocation[] | undefined, value: string, request: OutgoingRequest, mustFit: boolean): void {
  for (const location of locations ?? []) {
    if ('header' in location) request.headers[location.header] = value;
    else if ('query' in location) request.url.searchParams.set(location.query, value);
    else continue;
    return;
  }
  if (!mustFit) return;
  const where = (locations ?? []).map(locationText).join(' or ') || 'nowhere';
  throw new CliError(Exit.USAGE, `--type ${JSON.stringify(value)} cannot go with --body: a ${scheme.name} source reads the type from ${where}; write it into the file`);
}
