/** A leaf of an event. Objects and arrays are not leaves. */
export type Scalar = string | number | boolean | null;

export type ScalarMatch = (value: Scalar) => boolean;

export function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

export function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Lists inside of lists are looked into so deep. What is deeper is not there, so that a hostile event costs no stack. */
const MAX_LIST_DEPTH = 64;

/** Whether some value of a field is as wanted: a list counts as its members, at any depth. */
export function someValue(value: unknown, isWanted: (member: unknown) => boolean, depth = 0): boolean {
  if (!Array.isArray(value)) return isWanted(value);
  return depth < MAX_LIST_DEPTH && value.some((member) => someValue(member, isWanted, depth + 1));
}
