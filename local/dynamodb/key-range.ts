import { type KeyAttribute, keyNames, type KeySchema } from './definition';
import { invalidValue, validationError } from './errors';
import type { Condition, Operand } from './expression/condition';
import { ABOVE_ALL, sortable } from './key';
import { comparePlaces, type Entry, type Place } from './row';
import type { SortedList } from './sorted-list';
import { type AttributeValue, typeOf } from './value';

/** One hash key, and the range keys from one end to another. */
export interface KeyRange {
  readonly hash: string;
  readonly low: string;
  readonly high: string;
  /** Whether the ends themselves are left out. */
  readonly openLow: boolean;
  readonly openHigh: boolean;
}

type Ends = Omit<KeyRange, 'hash'>;

const ALL: Ends = { low: '', high: ABOVE_ALL, openLow: false, openHigh: false };

/** What a KeyConditionExpression asks for. Throws `ValidationException` for what no index can answer. */
export function keyRange(condition: Condition, schema: KeySchema): KeyRange {
  const parts = conjuncts(condition);
  const named = (key: KeyAttribute | undefined): Condition[] => parts.filter((part) => key && nameOf(part) === key.name);
  const [hashes, ranges] = [named(schema.hash), named(schema.range)];
  const [hash] = hashes;
  if (!hash) throw validationError(`Query condition missed key schema element: ${schema.hash.name}`);
  if (hashes.length > 1 || ranges.length > 1) throw validationError('KeyConditionExpressions must only contain one condition per key');
  if (hashes.length + ranges.length < parts.length) {
    throw validationError(keyNames(schema).length > 1 && parts.length === 2 && schema.range
      ? `Query condition missed key schema element: ${schema.range.name}` : 'Query key condition not supported');
  }
  if (hash.kind !== 'compare' || hash.comparator !== '=') throw unsupported();
  const [range] = ranges;
  return { hash: keyText(hash.right, schema.hash), ...(range ? ends(range, schema.range as KeyAttribute) : ALL) };
}

function ends(condition: Condition, key: KeyAttribute): Ends {
  if (condition.kind === 'between') {
    const [low, high] = [keyText(condition.low, key), keyText(condition.high, key)];
    if (low <= high) return { ...ALL, low, high };
    throw validationError('Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound');
  }
  if (condition.kind === 'begins-with' && key.type !== 'N') {
    const low = keyText(condition.part, key);
    return { ...ALL, low, high: low + ABOVE_ALL };
  }
  if (condition.kind !== 'compare') throw unsupported();
  const end = keyText(condition.right, key);
  switch (condition.comparator) {
    case '=': return { ...ALL, low: end, high: end };
    case '<': return { ...ALL, high: end, openHigh: true };
    case '<=': return { ...ALL, high: end };
    case '>': return { ...ALL, low: end, openLow: true };
    case '>=': return { ...ALL, low: end };
    default: throw unsupported();
  }
}

function conjuncts(condition: Condition): Condition[] {
  return condition.kind === 'and' ? [...conjuncts(condition.left), ...conjuncts(condition.right)] : [condition];
}

/** The attribute that a condition is of, where it is of one alone. */
function nameOf(condition: Condition): string | undefined {
  const operand = operandOf(condition);
  return operand.kind === 'path' && operand.path.length === 1 ? operand.path[0] : undefined;
}

function operandOf(condition: Condition): Operand {
  if (condition.kind === 'compare') return condition.left;
  if (condition.kind === 'between' || condition.kind === 'begins-with') return condition.operand;
  throw unsupported();
}

function keyText(operand: Operand, key: KeyAttribute): string {
  if (operand.kind !== 'value') throw unsupported();
  const value: AttributeValue = operand.value;
  if (typeOf(value) !== key.type) throw invalidValue('Condition parameter type does not match schema type');
  const text = sortable(value)!;
  if (text !== '') return text;
  throw validationError(`One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${key.name}`);
}

function unsupported(): Error {
  return validationError('Query key condition not supported');
}

export function isInRange({ hash, range }: Place, bounds: KeyRange): boolean {
  return hash === bounds.hash && !isBelow(range, bounds) && !isAbove(range, bounds);
}

/** The entries of a range in either direction, from its end or from a place in it. */
export function* entriesIn(list: SortedList<Entry>, bounds: KeyRange, forward: boolean, after: Place | undefined): Generator<Entry> {
  for (const entry of forward ? list.upwards(isBeforeRange(bounds, after)) : list.downwards(isBeforeEnd(bounds, after))) {
    if (!isInRange(entry, bounds)) return;
    yield entry;
  }
}

function isBeforeRange(bounds: KeyRange, after: Place | undefined): (entry: Entry) => boolean {
  if (after) return (entry) => comparePlaces(entry, after) <= 0;
  return ({ hash, range }) => hash < bounds.hash || (hash === bounds.hash && isBelow(range, bounds));
}

function isBeforeEnd(bounds: KeyRange, after: Place | undefined): (entry: Entry) => boolean {
  if (after) return (entry) => comparePlaces(entry, after) < 0;
  return ({ hash, range }) => hash < bounds.hash || (hash === bounds.hash && !isAbove(range, bounds));
}

function isBelow(range: string, { low, openLow }: KeyRange): boolean {
  return openLow ? range <= low : range < low;
}

function isAbove(range: string, { high, openHigh }: KeyRange): boolean {
  return openHigh ? range >= high : range > high;
}
