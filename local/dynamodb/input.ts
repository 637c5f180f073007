import { malformed, validationError } from './errors';
import type { Item } from './value';

export type Input = { readonly [name: string]: unknown };

export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw malformed(name, 'a string');
}

export function text(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value) return value;
  throw validationError(`The parameter '${name}' is required but was not present in the request`);
}

export function flag(input: Input, name: string): boolean {
  const value = input[name] ?? false;
  if (typeof value === 'boolean') return value;
  throw malformed(name, 'true or false');
}

export function optionalCount(input: Input, name: string): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (!Number.isSafeInteger(value)) throw malformed(name, 'an integer');
  if ((value as number) < 1) throw validationError(`Value '${value}' at '${lowerFirst(name)}' failed to satisfy constraint: Member must have value greater than or equal to 1`);
  return value as number;
}

/** One of some words; the first of them where none is given. */
export function oneOf<T extends string>(input: Input, name: string, words: readonly T[]): T {
  const value = optionalText(input, name) ?? words[0];
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  throw validationError(`Value '${value}' at '${lowerFirst(name)}' failed to satisfy constraint: Member must satisfy enum value set: [${words.join(', ')}]`);
}

export function optionalObject(input: Input, name: string): Input | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || isObject(value)) return value;
  throw malformed(name, 'an object');
}

export function objects(input: Input, name: string): Input[] {
  const value = input[name] ?? [];
  if (Array.isArray(value) && value.every(isObject)) return value;
  throw malformed(name, 'a list of objects');
}

export function isObject(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the former interface had in place of expressions. */
const LEGACY = ['AttributesToGet', 'AttributeUpdates', 'ConditionalOperator', 'Expected', 'KeyConditions', 'QueryFilter', 'ScanFilter'];

/** Refuses what would otherwise be passed over in silence. */
export function refuseLegacy(input: Input): void {
  const used = LEGACY.find((name) => input[name] !== undefined && input[name] !== null);
  if (used !== undefined) throw validationError(`a local run has no ${used} of DynamoDB's former interface: use expressions`);
}

/** The table's name, also where its ARN is given. */
export function tableName(input: Input): string {
  return text(input, 'TableName').replace(/^arn:.*:table\//, '');
}

export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

export type Answer = { [name: string]: unknown };

/** An answer without what it does not have. */
export function answer(values: { readonly [name: string]: Item | Input[] | object | number | undefined }): Answer {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
