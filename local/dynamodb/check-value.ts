import { malformed, validationError } from './errors';
import { isObject } from './input';
import { normalNumber } from './number';
import type { AttributeValue, Item, ValueType } from './value';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const MAX_DEPTH = 32;
const MAX_NAME_BYTES = 65_535;

type Check = (held: unknown, depth: number) => unknown;

const CHECKS: { readonly [type in ValueType]: Check } = {
  S: text,
  N: (held) => normalNumber(text(held)),
  B: bytes,
  BOOL: (held) => (typeof held === 'boolean' ? held : refuse(malformed('BOOL', 'true or false'))),
  NULL: (held) => (held === true ? held : refuse(validationError('One or more parameter values were invalid: Null attribute value types must have the value of true'))),
  SS: (held) => set(held, 'string', text),
  NS: (held) => set(held, 'number', (member) => normalNumber(text(member))),
  BS: (held) => set(held, 'binary', bytes),
  L: (held, depth) => list(held).map((part) => checkValue(part, depth + 1)),
  M: (held, depth) => (isObject(held) ? checkItem(held, depth + 1) : refuse(malformed('M', 'an object'))),
};

/** An item as it came, with its numbers in their normal form. Throws `ValidationException`. */
export function checkItem(item: { readonly [name: string]: unknown }, depth = 0): Item {
  const checked: { [name: string]: AttributeValue } = {};
  for (const [name, value] of Object.entries(item)) {
    if (name === '') throw validationError('One or more parameter values were invalid: Empty attribute name');
    if (Buffer.byteLength(name) > MAX_NAME_BYTES) throw validationError(`Attribute name is too long: ${Buffer.byteLength(name)} bytes, ${MAX_NAME_BYTES} are allowed`);
    const own = checkValue(value, depth);
    // Assigning to this one name would set the prototype.
    if (name === '__proto__') Object.defineProperty(checked, name, { value: own, enumerable: true, configurable: true, writable: true });
    else checked[name] = own;
  }
  return checked;
}

export function checkValue(value: unknown, depth = 0): AttributeValue {
  if (!isObject(value)) throw malformed('an attribute value', 'an object with one type');
  if (depth > MAX_DEPTH) throw validationError('Nesting Levels have exceeded supported limits: an attribute is deeper than 32 levels');
  const [type, ...more] = Object.keys(value).filter((name) => value[name] !== null && value[name] !== undefined);
  if (type === undefined || !Object.hasOwn(CHECKS, type)) {
    throw validationError('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (more.length > 0) throw validationError('Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes');
  return { [type]: CHECKS[type as ValueType](value[type], depth) };
}

function text(held: unknown): string {
  if (typeof held === 'string') return held;
  throw malformed('the value of S or N', 'a string');
}

function bytes(held: unknown): string {
  if (typeof held === 'string' && /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(held)) return held;
  throw malformed('the value of B', 'base64');
}

function list(held: unknown): unknown[] {
  if (Array.isArray(held)) return held;
  throw malformed('the value of L, SS, NS or BS', 'a list');
}

function set(held: unknown, kind: string, check: (member: unknown) => string): string[] {
  const members = list(held).map(check);
  if (members.length === 0) throw validationError(`One or more parameter values were invalid: An ${kind} set  may not be empty`);
  if (new Set(members).size < members.length) {
    throw validationError(`One or more parameter values were invalid: Input collection [${members.join(', ')}] contains duplicates.`);
  }
  return members;
}

function refuse(error: Error): never {
  throw error;
}
