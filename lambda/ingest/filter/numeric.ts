import { FilterError, shown } from './filter-error';

/** EventBridge takes bounds from -5e9 to 5e9: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
const MAX_NUMBER = 5e9;

const COMPARISONS: { readonly [operator: string]: (value: number, bound: number) => boolean } = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** `["=", 5]`, `["<", 10]`, or a range with its lower bound first: `[">", 0, "<=", 5]`. */
export function compileNumeric(operand: unknown, path: string): (value: number) => boolean {
  const wrong = (problem: string): FilterError => new FilterError(path, `has the numeric ${shown(operand)}, ${problem}: `
    + 'write e.g. ["=", 5], [">", 0] or [">", 0, "<=", 5]');
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) throw wrong('which is not one or two comparisons');
  const tests = Array.from({ length: operand.length / 2 }, (_, index) => {
    const [operator, bound] = [operand[2 * index], operand[2 * index + 1]] as [unknown, unknown];
    const compare = typeof operator === 'string' && Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
    if (!compare) throw wrong(`whose operator ${shown(operator)} is none of ${Object.keys(COMPARISONS).join(' ')}`);
    if (typeof bound !== 'number' || !(Math.abs(bound) <= MAX_NUMBER)) throw wrong(`whose bound ${shown(bound)} is no number from -5e9 to 5e9`);
    return { operator: operator as string, bound, compare };
  });
  const [lower, upper] = tests;
  if (lower && upper) {
    if (!lower.operator.startsWith('>') || !upper.operator.startsWith('<')) throw wrong('which is no range: the first comparison is > or >=, the second < or <=');
    if (lower.bound >= upper.bound) throw wrong('which is no range: the lower bound is not below the upper one');
  }
  return (value) => tests.every(({ compare, bound }) => compare(value, bound));
}
