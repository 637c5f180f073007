import { validationError } from '../errors';
import { addNumbers } from '../number';
import { type AttributeValue, type Item, membersOf, typeOf } from '../value';
import { type Path, valueAt, withoutValueAt, withValueAt } from './path';
import type { Change, Source } from './update';

/** A path and what is there afterwards; undefined for nothing. */
type Result = readonly [Path, AttributeValue | undefined];

/** An item after its changes. All of them read the item as it was before. Throws `ValidationException`. */
export function apply(changes: readonly Change[], item: Item): Item {
  const results = changes.map((change): Result => [change.path, resultOf(change, item)]);
  const removed = results.filter(([, value]) => value === undefined);
  let after = item;
  for (const [path, value] of results) if (value !== undefined) after = withValueAt(after, path, value) ?? fail(badPath());
  // From the end of a list to its start: what is behind a removed member moves up.
  for (const [path] of removed.sort(([a], [b]) => lastIndex(b) - lastIndex(a))) {
    if (path.length > 1 && valueAt(item, path.slice(0, -1) as unknown as Path) === undefined) throw badPath();
    if (valueAt(after, path) !== undefined) after = withoutValueAt(after, path) as Item;
  }
  return after;
}

function resultOf(change: Change, item: Item): AttributeValue | undefined {
  if (change.kind === 'set') return valueOf(change.source, item);
  if (change.kind === 'remove') return undefined;
  const before = valueAt(item, change.path);
  if (before && typeOf(before) !== typeOf(change.value)) throw wrongType();
  if (change.value.N !== undefined) return { N: before ? addNumbers(before.N!, change.value.N) : change.value.N };
  const [members, given] = [(before && membersOf(before)) ?? [], membersOf(change.value)!];
  const after = change.kind === 'add'
    ? [...members, ...given.filter((member) => !members.includes(member))]
    : members.filter((member) => !given.includes(member));
  return after.length > 0 ? { [typeOf(change.value)]: after } : undefined;
}

function valueOf(source: Source, item: Item): AttributeValue {
  switch (source.kind) {
    case 'value': return source.value;
    case 'path': return valueAt(item, source.path) ?? fail(validationError('The provided expression refers to an attribute that does not exist in the item'));
    case 'if-not-exists': return valueAt(item, source.path) ?? valueOf(source.otherwise, item);
    default: {
      const [left, right] = [valueOf(source.left, item), valueOf(source.right, item)];
      if (source.kind === 'list-append') return { L: [...left.L ?? fail(wrongType()), ...right.L ?? fail(wrongType())] };
      return { N: addNumbers(left.N ?? fail(wrongType()), right.N ?? fail(wrongType()), source.kind === 'plus' ? 1 : -1) };
    }
  }
}

function lastIndex(path: Path): number {
  const last = path.at(-1);
  return typeof last === 'number' ? last : -1;
}

function wrongType(): Error {
  return validationError('An operand in the update expression has an incorrect data type');
}

function badPath(): Error {
  return validationError('The document path provided in the update expression is invalid for update');
}

function fail(error: Error): never {
  throw error;
}
