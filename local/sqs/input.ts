import { missingParameter, sqsError } from './errors';

/** The body of a request, as JSON gave it. */
export interface Input {
  readonly [name: string]: unknown;
}

export function text(input: Input, name: string): string {
  return optionalText(input, name) ?? fail(missingParameter(name));
}

export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  return fail(malformed(name, 'a string'));
}

export function integer(input: Input, name: string): number {
  return optionalInteger(input, name) ?? fail(missingParameter(name));
}

export function optionalInteger(input: Input, name: string): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || Number.isSafeInteger(value)) return value as number | undefined;
  return fail(malformed(name, 'an integer'));
}

export function textList(input: Input, name: string): string[] {
  const value = input[name] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  return fail(malformed(name, 'a list of strings'));
}

export function objectList(input: Input, name: string): Input[] {
  const value = input[name] ?? [];
  if (Array.isArray(value) && value.every(isObject)) return value;
  return fail(malformed(name, 'a list of objects'));
}

export function textMap(input: Input, name: string): { [key: string]: string } {
  const value = input[name] ?? {};
  if (isObject(value) && Object.values(value).every((item) => typeof item === 'string')) return value as { [key: string]: string };
  return fail(malformed(name, 'a map of strings'));
}

export function objectMap(input: Input, name: string): { [key: string]: Input } {
  const value = input[name] ?? {};
  if (isObject(value) && Object.values(value).every(isObject)) return value as { [key: string]: Input };
  return fail(malformed(name, 'a map of objects'));
}

function isObject(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(name: string, expected: string): Error {
  return sqsError('SerializationException', `${name} must be ${expected}.`);
}

function fail(error: Error): never {
  throw error;
}
