import { FilterError, shown } from './filter-error';
import { compileValue, OPERATORS } from './operators';
import { isObject } from './scalar';
import { either, every, inField, inObjects, inValues, type Match } from './verdict';

/** Objects in a pattern, and alternatives in alternatives, may be so deep. */
export const MAX_DEPTH = 32;

/** Ways to satisfy all `$or` of a pattern together, as in EventBridge. */
const MAX_COMBINATIONS = 1_000;

/** Compiles a pattern for the objects of a value. Throws `FilterError`. `path` is where the pattern is, for messages. */
export function compilePattern(pattern: unknown, path: string): Match {
  const match = inObjects(compileObject(pattern, path, 0));
  const combinations = countCombinations(pattern);
  if (combinations > MAX_COMBINATIONS) {
    throw new FilterError(path, `has ${combinations} combinations of its "$or" alternatives, and ${MAX_COMBINATIONS} are allowed: use fewer, or several targets`);
  }
  return match;
}

function compileObject(pattern: unknown, path: string, depth: number): Match {
  if (!isObject(pattern)) throw new FilterError(path, `is ${shown(pattern)}: write values as a list, and what is inside as an object`);
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new FilterError(path, 'is an empty object, which says nothing: name a field, or leave it out');
  if (depth >= MAX_DEPTH) throw new FilterError(path, `is more than ${MAX_DEPTH} objects deep: look at a field that is higher up`);
  return every(entries.map(([name, value]) => isOr(name, value, path)
    ? either(value.map((alternative, index) => compileObject(alternative, `${path}.$or[${index}]`, depth + 1)))
    : inField(name, compileField(value, `${path}.${name}`, depth + 1))));
}

function compileField(pattern: unknown, path: string, depth: number): Match {
  return Array.isArray(pattern) ? compileLeaf(pattern, path) : inObjects(compileObject(pattern, path, depth));
}

/**
 * Two objects or more that name fields and no operators. Anything else under this name is a field of that name, as in EventBridge;
 * but for one object alone, which is no alternative and could be nothing else.
 */
function isOr(name: string, value: unknown, path: string): value is unknown[] {
  if (name !== '$or' || !Array.isArray(value) || value.length === 0) return false;
  const areAlternatives = value.every((alternative) => isObject(alternative) && !Object.keys(alternative).some((key) => OPERATORS.has(key)));
  if (areAlternatives && value.length === 1) {
    throw new FilterError(`${path}.$or`, `has one alternative, ${shown(value[0])}, and needs at least two: add another, or write its fields without "$or"`);
  }
  return areAlternatives;
}

function compileLeaf(matchers: unknown[], path: string): Match {
  if (matchers.length === 0) throw new FilterError(path, 'is an empty list, which no value is in: name what may be there');
  const existences = matchers.map((matcher) => existenceOf(matcher, path));
  const values = matchers.filter((_, index) => existences[index] === undefined).map((matcher) => compileValue(matcher, path));
  const [present, absent] = [existences.includes(true), existences.includes(false)];
  if (present && absent) throw new FilterError(path, 'has "exists" with both true and false, which is always so: leave the field out, or one of the two');
  return inValues({ values, present, absent });
}

function existenceOf(matcher: unknown, path: string): boolean | undefined {
  if (!isObject(matcher) || !Object.hasOwn(matcher, 'exists')) return undefined;
  const { exists, ...others } = matcher;
  if (typeof exists === 'boolean' && Object.keys(others).length === 0) return exists;
  throw new FilterError(path, `has ${shown(matcher)}: "exists" stands alone in its object and is true or false`);
}

/** Alternatives add up, and what must match together multiplies. */
function countCombinations(pattern: unknown): number {
  if (!isObject(pattern)) return 1;
  return Object.entries(pattern).reduce((product, [name, value]) => product * (isOr(name, value, '')
    ? value.reduce<number>((sum, alternative) => sum + countCombinations(alternative), 0)
    : countCombinations(value)), 1);
}
