import type { FieldLocation, Scheme } from '../lib/contract/scheme';
import { CliError, Exit } from './cli-error';
import { readField, type OutgoingRequest } from './fields';
import { sampleFor } from './samples';
import type { Sample } from './samples/sample';
import { locationText } from './sign';

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
  const id = sample.id();
  const event = { id, type: type ?? sample.type, time: new Date(now) };
  const bytes = body ?? encode(sample, sample.body(event));
  const contentType = body && contentTypeOf(body);
  const request = { url: new URL(url), headers: { ...sample.headers, ...contentType ? { 'content-type': contentType } : {} }, body: bytes };
  if (body && type !== undefined) place(scheme, scheme.type, type, request, true);
  if (readField(scheme, scheme.type, request) === undefined) place(scheme, scheme.type, event.type, request, false);
  if (readField(scheme, scheme.id, request) === undefined) place(scheme, scheme.id, id, request, false);
  return request;
}

function encode(sample: Sample, body: { readonly [name: string]: unknown }): Buffer {
  return Buffer.from(sample.form ? new URLSearchParams(body as { [name: string]: string }).toString() : JSON.stringify(body));
}

/** A guess for bytes that came without a word about what they are. */
function contentTypeOf(body: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    if (isJson(text)) return 'application/json';
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
