import { compileCidr } from './cidr';
import { FilterError, shown } from './filter-error';
import { compileNumeric } from './numeric';
import { isObject, isScalar, type ScalarMatch } from './scalar';
import { compileWildcard } from './wildcard';

/** Names of operators. In `$or`, a field may not have one of them for its name. */
export const OPERATORS = new Set(['exists', 'numeric', 'prefix', 'suffix', 'equals-ignore-case', 'wildcard', 'cidr', 'anything-but']);

type TextMatch = (text: string) => boolean;
type Compile = (operand: unknown, path: string) => ScalarMatch;

/** What stands in a list, but for `exists`, which asks for no value. */
export function compileValue(matcher: unknown, path: string): ScalarMatch {
  if (isScalar(matcher)) {
    if (typeof matcher === 'number' && !Number.isFinite(matcher)) throw new FilterError(path, `has ${String(matcher)}, which no JSON has: write a number`);
    return (value) => value === matcher;
  }
  const operators = isObject(matcher) ? Object.entries(matcher) : [];
  const [name, operand] = operators[0] ?? [];
  if (name === undefined || operators.length > 1) {
    throw new FilterError(path, `has ${shown(matcher)}, which is not one operator: write a text, a number, true, false or null, or each operator in an object of its own`);
  }
  const compile = Object.hasOwn(COMPILERS, name) ? COMPILERS[name] : undefined;
  if (compile) return compile(operand, path);
  throw new FilterError(path, `has the operator ${JSON.stringify(name)}, which there is not: use one of ${[...OPERATORS].join(', ')}, or plain values`);
}

const COMPILERS: { readonly [name: string]: Compile } = {
  'numeric': (operand, path) => {
    const matches = compileNumeric(operand, path);
    return (value) => typeof value === 'number' && matches(value);
  },
  'prefix': (operand, path) => onText(edge('prefix', operand, path, (text, wanted) => text.startsWith(wanted))),
  'suffix': (operand, path) => onText(edge('suffix', operand, path, (text, wanted) => text.endsWith(wanted))),
  'equals-ignore-case': (operand, path) => onText(ignoringCase('equals-ignore-case', operand, path, (text, wanted) => text === wanted)),
  'wildcard': (operand, path) => onText(compileWildcard(textOf('wildcard', operand, path), path)),
  'cidr': (operand, path) => onText(compileCidr(textOf('cidr', operand, path), path)),
  'anything-but': anythingBut,
};

function onText(matches: TextMatch): ScalarMatch {
  return (value) => typeof value === 'string' && matches(value);
}

/** The start or the end of a text, letter for letter or whatever the case. */
function edge(name: string, operand: unknown, path: string, compare: (text: string, wanted: string) => boolean): TextMatch {
  if (isObject(operand) && Object.keys(operand).join() === 'equals-ignore-case') return ignoringCase(name, operand['equals-ignore-case'], path, compare);
  const wanted = textOf(name, operand, path);
  return (text) => compare(text, wanted);
}

function ignoringCase(name: string, operand: unknown, path: string, compare: (text: string, wanted: string) => boolean): TextMatch {
  const wanted = textOf(name, operand, path).toLowerCase();
  return (text) => compare(text.toLowerCase(), wanted);
}

/** What may follow `anything-but` beside plain values, each with a text or a list of texts. */
const BUT = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];

function anythingBut(operand: unknown, path: string): ScalarMatch {
  const excluded = isObject(operand) ? butTexts(operand, path) : butValues(operand, path);
  return (value) => !excluded.some((matches) => matches(value));
}

function butValues(operand: unknown, path: string): ScalarMatch[] {
  const values: unknown[] = Array.isArray(operand) ? operand : [operand];
  const [first] = values;
  if ((typeof first === 'string' || Number.isFinite(first)) && values.every((value) => typeof value === typeof first)) {
    const set = new Set(values);
    return [(value) => set.has(value)];
  }
  throw new FilterError(path, `has "anything-but" with ${shown(operand)}: give it a text or a number, a list of one kind, or one of ${BUT.join(', ')}`);
}

function butTexts(operand: { readonly [name: string]: unknown }, path: string): ScalarMatch[] {
  const [name = '', ...others] = Object.keys(operand);
  if (others.length > 0 || !BUT.includes(name)) {
    throw new FilterError(path, `has "anything-but" with ${shown(operand)}: of operators it takes one of ${BUT.join(', ')}`);
  }
  const texts = Array.isArray(operand[name]) ? operand[name] as unknown[] : [operand[name]];
  if (texts.length === 0) throw new FilterError(path, `has "anything-but" with an empty list of ${name}: name at least one`);
  return texts.map((text) => {
    const wanted = textOf(name, text, path);
    if (wanted === '' && EDGES.includes(name)) throw new FilterError(path, `has "anything-but" with the ${name} "", which every text has: name a longer one`);
    return (COMPILERS[name] as Compile)(wanted, path);
  });
}

const EDGES = ['prefix', 'suffix'];

function textOf(name: string, operand: unknown, path: string): string {
  if (typeof operand === 'string') return operand;
  throw new FilterError(path, `has ${JSON.stringify(name)} with ${shown(operand)}: it takes a text`);
}
