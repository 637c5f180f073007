import { createHash, createHmac, type BinaryLike, type BinaryToTextEncoding } from 'node:crypto';
import { CliError, Exit } from '../cli-error';
import type { OutgoingRequest } from '../fields';

export function hmac(algorithm: 'sha1' | 'sha256', key: BinaryLike, text: string | Buffer, encoding: BinaryToTextEncoding): string {
  return createHmac(algorithm, key).update(text).digest(encoding);
}

export function digest(text: string | Buffer, encoding: BinaryToTextEncoding): string {
  return createHash('sha256').update(text).digest(encoding);
}

/** The two parts of a secret such as `key:secret`. */
export function pair(secret: string): readonly [string, string] {
  const at = secret.indexOf(':');
  if (at > 0 && at < secret.length - 1) return [secret.slice(0, at), secret.slice(at + 1)];
  throw new CliError(Exit.FAILED, 'the source\'s secret is not two parts with a colon between them; put both values that the sender shows into it');
}

export function withHeaders(request: OutgoingRequest, headers: { readonly [name: string]: string }): OutgoingRequest {
  return { ...request, headers: { ...request.headers, ...headers } };
}

/** The body as a JSON object, for senders that put their signature into it. */
export function jsonBody({ body }: OutgoingRequest): { [name: string]: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as { [name: string]: unknown };
  throw new CliError(Exit.USAGE, 'this sender puts its signature into the body, and the body is no JSON object; write one into the file');
}

/** An object of the body, put there where it is missing. */
export function member(parent: { [name: string]: unknown }, name: string): { [name: string]: unknown } {
  const value = parent[name];
  return (typeof value === 'object' && value !== null ? value : parent[name] = {}) as { [name: string]: unknown };
}

export function withJson(request: OutgoingRequest, body: unknown): OutgoingRequest {
  return { ...request, body: Buffer.from(JSON.stringify(body)) };
}

/** Every parameter of a form or a query by name, names and values in code unit order. */
export function sortedPairs(text: string): readonly (readonly [string, string])[] {
  return [...new URLSearchParams(text)].sort(([a, x], [b, y]) => compare(a, b) || compare(x, y));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
