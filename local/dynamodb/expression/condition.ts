import type { AttributeValue, ValueType } from '../value';
import { typeOf } from '../value';
import type { Path } from './path';
import type { Scope } from './scope';
import { Tokens } from './tokens';

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'size'; readonly of: Operand };

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'compare'; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly members: readonly Operand[] }
  | { readonly kind: 'exists'; readonly path: Path; readonly wanted: boolean }
  | { readonly kind: 'type'; readonly operand: Operand; readonly type: string }
  | { readonly kind: 'begins-with' | 'contains'; readonly operand: Operand; readonly part: Operand };

const COMPARATORS: readonly string[] = ['=', '<>', '<', '<=', '>', '>='];
const MAX_MEMBERS = 100;

/** How many operands each function takes. */
const FUNCTIONS: { readonly [name: string]: number } = {
  attribute_exists: 1, attribute_not_exists: 1, attribute_type: 2, begins_with: 2, contains: 2,
};

/** Conditions that had parentheses around them: two pairs around one are refused. */
const grouped = new WeakSet<Condition>();

/** Reads a condition, a filter or the condition of a key. NOT binds more than AND, AND more than OR. */
export function parseCondition(parameter: string, text: string, scope: Scope): Condition {
  const tokens = new Tokens(parameter, text, scope);
  const condition = either(tokens);
  tokens.end();
  return condition;
}

function either(tokens: Tokens): Condition {
  let left = both(tokens);
  while (tokens.skip('OR')) left = { kind: 'or', left, right: both(tokens) };
  return left;
}

function both(tokens: Tokens): Condition {
  let left = negated(tokens);
  while (tokens.skip('AND')) left = { kind: 'and', left, right: negated(tokens) };
  return left;
}

function negated(tokens: Tokens): Condition {
  return tokens.skip('NOT') ? { kind: 'not', condition: negated(tokens) } : single(tokens);
}

function single(tokens: Tokens): Condition {
  if (tokens.skip('(')) {
    const condition = either(tokens);
    tokens.expect(')');
    if (grouped.has(condition)) throw tokens.error('The expression has redundant parentheses;');
    grouped.add(condition);
    return condition;
  }
  const name = tokens.peek() ?? '';
  if (tokens.peek(1) === '(' && name !== 'size') return call(tokens);
  return comparison(tokens);
}

function call(tokens: Tokens): Condition {
  const name = tokens.next();
  if (!Object.hasOwn(FUNCTIONS, name)) throw tokens.error(`Invalid function name; function: ${name}`);
  tokens.expect('(');
  const operands = tokens.list(() => operandOf(tokens));
  tokens.expect(')');
  if (operands.length !== FUNCTIONS[name]) {
    throw tokens.error(`Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`);
  }
  const [operand, other] = operands as [Operand, Operand];
  if (name === 'attribute_exists' || name === 'attribute_not_exists') {
    if (operand.kind !== 'path') throw tokens.error(`Operator or function requires a document path; operator or function: ${name}`);
    return { kind: 'exists', path: operand.path, wanted: name === 'attribute_exists' };
  }
  if (name === 'contains') return { kind: 'contains', operand, part: other };
  if (name === 'begins_with') {
    requireType(tokens, name, other, ['S', 'B']);
    return { kind: 'begins-with', operand, part: other };
  }
  requireType(tokens, name, other, ['S']);
  return { kind: 'type', operand, type: (other as { value: AttributeValue }).value.S! };
}

function comparison(tokens: Tokens): Condition {
  const operand = operandOf(tokens);
  if (tokens.skip('BETWEEN')) {
    const low = operandOf(tokens);
    tokens.expect('AND');
    return { kind: 'between', operand, low, high: operandOf(tokens) };
  }
  if (tokens.skip('IN')) {
    tokens.expect('(');
    const members = tokens.list(() => operandOf(tokens));
    tokens.expect(')');
    if (members.length > MAX_MEMBERS) throw tokens.error(`The IN operator is provided with too many operands; number of operands: ${members.length}`);
    return { kind: 'in', operand, members };
  }
  const comparator = tokens.peek();
  if (comparator === undefined || !COMPARATORS.includes(comparator)) throw tokens.unexpected();
  tokens.next();
  return { kind: 'compare', comparator: comparator as Comparator, left: operand, right: operandOf(tokens) };
}

function operandOf(tokens: Tokens): Operand {
  if (tokens.peek()?.startsWith(':')) return { kind: 'value', value: tokens.value() };
  if (tokens.peek(1) !== '(') return { kind: 'path', path: tokens.path() };
  if (tokens.peek() !== 'size') throw tokens.error(`The function is not allowed to be used this way in an expression; function: ${tokens.peek()}`);
  tokens.next();
  tokens.expect('(');
  const of = operandOf(tokens);
  tokens.expect(')');
  return { kind: 'size', of };
}

function requireType(tokens: Tokens, name: string, operand: Operand, types: readonly ValueType[]): void {
  if (operand.kind === 'path' && name !== 'attribute_type') return;
  if (operand.kind === 'value' && types.includes(typeOf(operand.value))) return;
  const type = operand.kind === 'value' ? typeOf(operand.value) : operand.kind;
  throw tokens.error(`Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`);
}

/** All paths that a condition reads. */
export function pathsOf(condition: Condition): Path[] {
  switch (condition.kind) {
    case 'and': case 'or': return [...pathsOf(condition.left), ...pathsOf(condition.right)];
    case 'not': return pathsOf(condition.condition);
    case 'exists': return [condition.path];
    case 'compare': return pathsIn([condition.left, condition.right]);
    case 'between': return pathsIn([condition.operand, condition.low, condition.high]);
    case 'in': return pathsIn([condition.operand, ...condition.members]);
    case 'type': return pathsIn([condition.operand]);
    default: return pathsIn([condition.operand, condition.part]);
  }
}

function pathsIn(operands: readonly Operand[]): Path[] {
  return operands.flatMap((operand) => {
    if (operand.kind === 'path') return [operand.path];
    return operand.kind === 'size' ? pathsIn([operand.of]) : [];
  });
}
