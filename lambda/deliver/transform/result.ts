import { types } from 'node:util';
import type { TransformChange, TransformEvent } from '../../../lib/contract/transform';
import { isHeaderValue } from '../http/header-value';
import type { Content, Transformed } from './transform';

/** What of the result is put into the event, and how it is checked. */
const CHANGES: { readonly [name in keyof TransformChange]-?: unknown } = { body: true, headers: true, type: true };

/** https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;

/** Puts what a transform returned into the event. Throws what is wrong with it. */
export function readResult(result: unknown, event: TransformEvent, content: Content): Transformed {
  if (result === undefined || result === null) return { kind: 'dropped', reason: 'the transform returned nothing' };
  if (typeof result !== 'object' || Array.isArray(result)) {
    throw new TypeError(`it returned ${kindOf(result)}: return an object of body, headers and type, or nothing to drop the event`);
  }
  checkNames(result, event);
  const { body, headers, type } = result as TransformChange;
  const changed = { ...content, ...(type !== undefined && { type: readType(type) }), ...readBody(body, content) };
  const given = headers === undefined ? [] : readHeaders(headers, content);
  return { kind: 'event', content: given.length === 0 ? changed : withHeaders(given, changed) };
}

/** `{...event, body}` is welcome. A name that means nothing is a slip, and what is meant would be left out. */
function checkNames(result: object, event: TransformEvent): void {
  for (const [name, value] of Object.entries(result)) {
    if (Object.hasOwn(CHANGES, name)) continue;
    if (!Object.hasOwn(event, name)) throw new TypeError(`it returned ${JSON.stringify(name)}, which is none of body, headers and type`);
    if (value !== event[name as keyof TransformEvent]) throw new TypeError(`it returned another ${name}, which never changes: leave it out`);
  }
}

function readType(type: unknown): string | null {
  if (type === null || (typeof type === 'string' && type !== '')) return type;
  throw new TypeError(`it returned ${type === '' ? 'an empty text' : kindOf(type)} as type: give text, or null for none`);
}

/** A new body is not in the encoding of the old one. */
function readBody(body: unknown, content: Content): Partial<Content> {
  if (body === undefined || body === content.body) return {};
  const { 'content-encoding': _old, ...headers } = content.headers;
  if (typeof body === 'string') return { body: Buffer.from(body, 'utf8'), headers };
  if (types.isUint8Array(body)) return { body, headers };
  return { body: Buffer.from(jsonOf(body), 'utf8'), headers: { ...headers, 'content-type': 'application/json' } };
}

/** A promise, a map or a form would all be `{}` in JSON. */
function jsonOf(body: unknown): string {
  const isPlain = Array.isArray(body) || (typeof body === 'object' && body !== null && (isPlainObject(body) || 'toJSON' in body));
  const json = isPlain ? JSON.stringify(body) as string | undefined : undefined;
  if (json !== undefined) return json;
  throw new TypeError(`it returned ${kindOf(body)} as body: give text, bytes, a plain object or an array, or leave it out to keep the body`);
}

function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** `{...event.headers, more}` is welcome: what is as it was is no change, and does not stand against what a new body brings. */
function readHeaders(headers: unknown, content: Content): [string, string | null][] {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers) || !isPlainObject(headers)) {
    throw new TypeError(`it returned ${kindOf(headers)} as headers: give an object of names and values`);
  }
  return Object.entries(headers).filter(([name, value]) => value !== content.headers[name]).map(([given, value]) => {
    const name = given.toLowerCase();
    if (!TOKEN.test(name)) throw new TypeError(`it returned the header ${JSON.stringify(given)}, which is not the name of one`);
    if (value === null || isHeaderValue(value)) return [name, value];
    throw new TypeError(`it returned the header ${JSON.stringify(given)} with a value that cannot be sent: give one line of Latin-1 text, or null to take it away`);
  });
}

function withHeaders(given: readonly [string, string | null][], content: Content): Content {
  const headers: { [name: string]: string } = { ...content.headers };
  for (const [name, value] of given) {
    if (value === null) delete headers[name];
    else headers[name] = value;
  }
  return { ...content, headers, transformHeaders: given.flatMap(([name, value]) => value === null ? [] : [name]) };
}

/** Without the value: it may be a part of the body. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name: unknown = value.constructor?.name;
  return `a ${typeof name === 'string' && name !== '' && name !== 'Object' ? name : 'object'}`;
}
