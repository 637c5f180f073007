import { isUtf8 } from 'node:buffer';
import { atPath } from '../shared/json-path';

/**
 * The bytes by which a body is known again: the body itself, without the members that a scheme calls `volatile`. A body that is no JSON,
 * or has none of them, is itself.
 */
export function sameBytes(body: Uint8Array, volatile: readonly string[] | undefined): Uint8Array {
  if (!volatile || volatile.length === 0 || !isUtf8(body)) return body;
  try {
    const json: unknown = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8'));
    const taken = volatile.map((path) => takeOut(json, path));
    return taken.includes(true) ? Buffer.from(JSON.stringify(json)) : body;
  } catch {
    // No JSON, or deeper than it can be written again.
    return body;
  }
}

/** The last step of a path, which is a member: `.name` or `['name']`. */
const LAST = /(?:\.([^.[\]]+)|\['([^']*)'\])$/;

/** Whether there was anything to take out. */
function takeOut(json: unknown, path: string): boolean {
  const last = LAST.exec(path);
  if (!last) return false;
  const name = last[1] ?? last[2] as string;
  const holders = atPath(json, path.slice(0, last.index)).filter((value): value is object => isObject(value) && Object.hasOwn(value, name));
  for (const holder of holders) Reflect.deleteProperty(holder, name);
  return holders.length > 0;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
