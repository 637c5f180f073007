import { checkValue } from '../check-value';
import { malformed, validationError } from '../errors';
import { type Input, optionalObject } from '../input';
import type { AttributeValue } from '../value';

const EXPRESSIONS = ['ConditionExpression', 'FilterExpression', 'KeyConditionExpression', 'ProjectionExpression', 'UpdateExpression'];

/** The names and values that the expressions of one request may use, and must. */
export class Scope {
  private readonly names: Input;
  private readonly values: Input;
  private readonly unusedNames: Set<string>;
  private readonly unusedValues: Set<string>;

  constructor(input: Input) {
    this.names = this.given(input, 'ExpressionAttributeNames', '#');
    this.values = this.given(input, 'ExpressionAttributeValues', ':');
    this.unusedNames = new Set(Object.keys(this.names));
    this.unusedValues = new Set(Object.keys(this.values));
  }

  /** Undefined where there is none. */
  name(reference: string): string | undefined {
    this.unusedNames.delete(reference);
    const name = Object.hasOwn(this.names, reference) ? this.names[reference] : undefined;
    if (name === undefined || typeof name === 'string') return name;
    throw malformed('ExpressionAttributeNames', 'a map of strings');
  }

  /** Undefined where there is none. */
  value(reference: string): AttributeValue | undefined {
    this.unusedValues.delete(reference);
    return Object.hasOwn(this.values, reference) ? checkValue(this.values[reference]) : undefined;
  }

  /** Throws when something is given that no expression uses. Called when all are read. */
  close(): void {
    for (const [parameter, unused] of [['ExpressionAttributeNames', this.unusedNames], ['ExpressionAttributeValues', this.unusedValues]] as const) {
      if (unused.size > 0) throw validationError(`Value provided in ${parameter} unused in expressions: keys: {${[...unused].join(', ')}}`);
    }
  }

  private given(input: Input, parameter: string, sign: string): Input {
    const map = optionalObject(input, parameter);
    if (!map) return {};
    if (EXPRESSIONS.every((name) => (input[name] ?? undefined) === undefined)) throw validationError(`${parameter} can only be specified when using expressions`);
    const keys = Object.keys(map);
    if (keys.length === 0) throw validationError(`${parameter} must not be empty`);
    const wrong = keys.find((key) => !key.startsWith(sign) || !/^\w+$/.test(key.slice(1)));
    if (wrong !== undefined) throw validationError(`${parameter} contains invalid key: Syntax error; key: ${JSON.stringify(wrong)}`);
    return map;
  }
}
