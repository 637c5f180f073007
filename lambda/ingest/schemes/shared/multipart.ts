import { isUtf8 } from 'node:buffer';
import type { Pair } from './form';
import { Refusal } from './judge';

/** More than any sender has; inbound mails come with attachments. */
const MAX_PARTS = 200;

/**
 * The text fields of a multipart/form-data body (RFC 7578); files are left out. The runtime's own `Response.formData()` loads all of
 * fetch, and what it takes differs from one version of Node.js to the next.
 */
export function readMultipart(body: Buffer, contentType: string): Pair[] {
  const boundary = readBoundary(contentType);
  const pairs: Pair[] = [];
  for (const part of splitParts(body, boundary)) {
    const end = part.indexOf('\r\n\r\n');
    if (end === -1) throw malformed('a part has no end of its headers');
    const name = fieldName(part.toString('latin1', 0, end));
    const value = part.subarray(end + 4);
    if (name !== undefined && isUtf8(value)) pairs.push([name, value.toString('utf8')]);
  }
  return pairs;
}

function readBoundary(contentType: string): string {
  const [, quoted, plain] = /^\s*multipart\/form-data\s*;(?:[^"]*;)?\s*boundary=(?:"([^"\\]{1,70})"|([^\s;",]{1,70}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw malformed('its content type has no boundary');
  return boundary;
}

/** What is between two delimiters: headers, an empty line, content. */
function splitParts(body: Buffer, boundary: string): Buffer[] {
  const first = Buffer.from(`--${boundary}`, 'latin1');
  const next = Buffer.from(`\r\n--${boundary}`, 'latin1');
  if (!body.subarray(0, first.length).equals(first)) throw malformed('it does not start with its boundary');
  const parts: Buffer[] = [];
  for (let start = first.length; !isLast(body, start);) {
    const end = body.indexOf(next, start);
    if (end === -1 || body.toString('latin1', start, start + 2) !== '\r\n') throw malformed('it ends before its last boundary');
    if (parts.length === MAX_PARTS) throw malformed(`it has more than ${MAX_PARTS} parts`);
    parts.push(body.subarray(start + 2, end));
    start = end + next.length;
  }
  return parts;
}

function isLast(body: Buffer, at: number): boolean {
  return body.toString('latin1', at, at + 2) === '--';
}

/** Undefined for a file, and for a part without a name. */
function fieldName(headers: string): string | undefined {
  const disposition = /^content-disposition:[ \t]*form-data[ \t]*;([^\r\n]*)/im.exec(headers)?.[1] ?? '';
  if (/(?:^|;)[ \t]*filename\*?=/i.test(disposition)) return undefined;
  const [, quoted, plain] = /(?:^|;)[ \t]*name=(?:"([^"]*)"|([^\s;"]+))/i.exec(disposition) ?? [];
  return quoted ?? plain;
}

function malformed(detail: string): Refusal {
  return new Refusal('signature', `the multipart body cannot be read: ${detail}`);
}
