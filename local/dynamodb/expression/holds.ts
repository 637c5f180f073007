import { sortable } from '../key';
import { type AttributeValue, type Item, membersOf, sameValue, sizeFunction, typeOf } from '../value';
import type { Comparator, Condition, Operand } from './condition';
import { valueAt } from './path';

/** Whether a condition is true of an item; of one that does not exist, an empty item. */
export function holds(condition: Condition, item: Item): boolean {
  const read = (operand: Operand): AttributeValue | undefined => valueOf(operand, item);
  switch (condition.kind) {
    case 'and': return holds(condition.left, item) && holds(condition.right, item);
    case 'or': return holds(condition.left, item) || holds(condition.right, item);
    case 'not': return !holds(condition.condition, item);
    case 'exists': return (valueAt(item, condition.path) !== undefined) === condition.wanted;
    case 'compare': return compares(condition.comparator, read(condition.left), read(condition.right));
    case 'between': {
      const value = read(condition.operand);
      return compares('>=', value, read(condition.low)) && compares('<=', value, read(condition.high));
    }
    case 'in': {
      const value = read(condition.operand);
      return condition.members.some((member) => compares('=', value, read(member)));
    }
    case 'type': {
      const value = read(condition.operand);
      return value !== undefined && typeOf(value) === condition.type;
    }
    case 'begins-with': return begins(read(condition.operand), read(condition.part));
    case 'contains': return contains(read(condition.operand), read(condition.part));
  }
}

function valueOf(operand: Operand, item: Item): AttributeValue | undefined {
  if (operand.kind === 'path') return valueAt(item, operand.path);
  if (operand.kind === 'value') return operand.value;
  const value = valueOf(operand.of, item);
  const size = value && sizeFunction(value);
  return size === undefined ? undefined : { N: String(size) };
}

/** What is not there, or of another type, differs; it is neither less nor greater. */
function compares(comparator: Comparator, a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  if (comparator === '=' || comparator === '<>') return (a !== undefined && b !== undefined && sameValue(a, b)) === (comparator === '=');
  if (!a || !b || typeOf(a) !== typeOf(b)) return false;
  const [x, y] = [sortable(a), sortable(b)];
  if (x === undefined || y === undefined) return false;
  if (comparator === '<') return x < y;
  if (comparator === '>') return x > y;
  return comparator === '<=' ? x <= y : x >= y;
}

function begins(value: AttributeValue | undefined, start: AttributeValue | undefined): boolean {
  if (value?.S !== undefined && start?.S !== undefined) return value.S.startsWith(start.S);
  if (value?.B !== undefined && start?.B !== undefined) return sortable(value)!.startsWith(sortable(start)!);
  return false;
}

function contains(value: AttributeValue | undefined, part: AttributeValue | undefined): boolean {
  if (!value || !part) return false;
  if (value.L) return value.L.some((member) => sameValue(member, part));
  const members = membersOf(value);
  if (members) return typeOf(value) === `${typeOf(part)}S` && members.includes((part.S ?? part.N ?? part.B)!);
  if (value.S !== undefined && part.S !== undefined) return value.S.includes(part.S);
  return value.B !== undefined && part.B !== undefined && sortable(value)!.includes(sortable(part)!);
}
