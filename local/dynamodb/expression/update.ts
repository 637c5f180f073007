import { type AttributeValue, membersOf, typeOf } from '../value';
import { overlap, type Path, pathText } from './path';
import type { Scope } from './scope';
import { Tokens } from './tokens';

/** What an attribute is set to. */
export type Source =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'if-not-exists'; readonly path: Path; readonly otherwise: Source }
  | { readonly kind: 'list-append' | 'plus' | 'minus'; readonly left: Source; readonly right: Source };

export type Change =
  | { readonly kind: 'set'; readonly path: Path; readonly source: Source }
  | { readonly kind: 'remove'; readonly path: Path }
  | { readonly kind: 'add' | 'delete'; readonly path: Path; readonly value: AttributeValue };

const CLAUSES = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;
type Clause = typeof CLAUSES[number];

const READERS: { readonly [clause in Clause]: (tokens: Tokens) => Change } = {
  SET: (tokens) => {
    const path = tokens.path();
    tokens.expect('=');
    return { kind: 'set', path, source: sum(tokens) };
  },
  REMOVE: (tokens) => ({ kind: 'remove', path: tokens.path() }),
  ADD: (tokens) => {
    const change = { kind: 'add' as const, path: tokens.path(), value: tokens.value() };
    if (change.value.N === undefined && !membersOf(change.value)) throw wrongType(tokens, 'ADD', change.value);
    return change;
  },
  DELETE: (tokens) => {
    const change = { kind: 'delete' as const, path: tokens.path(), value: tokens.value() };
    if (!membersOf(change.value)) throw wrongType(tokens, 'DELETE', change.value);
    return change;
  },
};

/** Reads an UpdateExpression: each clause once, in any order, and no two changes of one place. */
export function parseUpdate(text: string, scope: Scope): Change[] {
  const tokens = new Tokens('UpdateExpression', text, scope);
  const changes: Change[] = [];
  const read = new Set<Clause>();
  while (tokens.peek() !== undefined) {
    const clause = CLAUSES.find((candidate) => tokens.skip(candidate));
    if (!clause) throw tokens.unexpected();
    if (read.has(clause)) throw tokens.error(`The "${clause}" section can only be used once in an update expression;`);
    read.add(clause);
    changes.push(...tokens.list(() => READERS[clause](tokens)));
  }
  refuseOverlaps(changes, tokens);
  return changes;
}

function sum(tokens: Tokens): Source {
  const left = source(tokens);
  if (tokens.skip('+')) return { kind: 'plus', left, right: source(tokens) };
  return tokens.skip('-') ? { kind: 'minus', left, right: source(tokens) } : left;
}

function source(tokens: Tokens): Source {
  if (tokens.peek()?.startsWith(':')) return { kind: 'value', value: tokens.value() };
  if (tokens.skip('(')) {
    const inner = sum(tokens);
    tokens.expect(')');
    return inner;
  }
  return tokens.peek(1) === '(' ? call(tokens) : { kind: 'path', path: tokens.path() };
}

function call(tokens: Tokens): Source {
  const name = tokens.next();
  if (name !== 'if_not_exists' && name !== 'list_append') throw tokens.error(`Invalid function name; function: ${name}`);
  tokens.expect('(');
  const left = source(tokens);
  tokens.expect(',');
  const right = source(tokens);
  tokens.expect(')');
  if (name === 'list_append') return { kind: 'list-append', left, right };
  if (left.kind !== 'path') throw tokens.error(`Operator or function requires a document path; operator or function: ${name}`);
  return { kind: 'if-not-exists', path: left.path, otherwise: right };
}

function wrongType(tokens: Tokens, clause: Clause, value: AttributeValue): Error {
  return tokens.error(`Incorrect operand type for operator or function; operator: ${clause}, operand type: ${typeOf(value)}`);
}

function refuseOverlaps(changes: readonly Change[], tokens: Tokens): void {
  for (const [i, { path }] of changes.entries()) {
    const other = changes.slice(0, i).find((earlier) => overlap(earlier.path, path));
    if (other) {
      throw tokens.error(`Two document paths overlap with each other; must remove or rewrite one of these paths; path one: ${pathText(other.path)}, `
        + `path two: ${pathText(path)}`);
    }
  }
}
