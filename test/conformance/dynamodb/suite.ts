import { isDeepStrictEqual } from 'node:util';
import { ABSENT, type DynamoDbCase, type Step, TABLE } from './case';

/** Calls an action of an engine. */
export type Call = (action: string, input: object) => Promise<{ readonly status: number; readonly body: { readonly [name: string]: unknown } }>;

/** Runs one case on an engine, in a table of its own. The first difference from AWS, or undefined. */
export async function runCase({ id, steps }: DynamoDbCase, call: Call): Promise<string | undefined> {
  const TableName = `case-${id.replace(/\W/g, '-')}-${process.pid}-${++tables}`;
  await must(call, 'CreateTable', { ...TABLE, TableName });
  try {
    while ((await must(call, 'DescribeTable', { TableName }) as { Table: { TableStatus: string } }).Table.TableStatus !== 'ACTIVE') { /* asks again */ }
    for (const [i, step] of steps.entries()) {
      const difference = await runStep(step, TableName, call);
      if (difference !== undefined) return `step ${i + 1}, ${step.action}: ${difference}`;
    }
    return undefined;
  } finally {
    await must(call, 'DeleteTable', { TableName });
  }
}

let tables = 0;

async function runStep({ action, input, gives = {}, refused }: Step, table: string, call: Call): Promise<string | undefined> {
  const named = JSON.parse(JSON.stringify(action.startsWith('Batch') ? input : { TableName: table, ...input }).replaceAll('"<table>"', JSON.stringify(table)));
  const { status, body } = await call(action, named);
  if (refused) return refusalDifference(refused, status, body);
  if (status !== 200) return `refused with ${JSON.stringify(body)}`;
  return difference(body, JSON.parse(JSON.stringify(gives).replaceAll('"<table>"', JSON.stringify(table))), 'the answer');
}

function refusalDifference([name, message = '']: NonNullable<Step['refused']>, status: number, body: { [name: string]: unknown }): string | undefined {
  if (status === 200) return `was done, and answered ${JSON.stringify(body)}; ${name} was expected`;
  const text = String(body.message ?? body.Message ?? '');
  if (String(body.__type).endsWith(name) && text.includes(message)) return undefined;
  return `was refused with ${String(body.__type)}: ${text}; expected is ${name}: ${message}`;
}

function difference(actual: unknown, expected: unknown, where: string): string | undefined {
  if (expected === ABSENT) return actual === undefined || actual === null ? undefined : `${where} is ${JSON.stringify(actual)}, and should not be there`;
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return `${where} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
    return first(expected.map((value, i) => difference(actual[i], value, `${where}[${i}]`)));
  }
  if (typeof expected !== 'object') return actual === expected ? undefined : `${where} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
  if (typeof actual !== 'object' || actual === null) return `${where} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
  return first(Object.entries(expected as object).map(([name, value]) => {
    const found = (actual as { [name: string]: unknown })[name];
    const here = `${where}.${name}`;
    if (/^[SNB]S$/.test(name) && Array.isArray(found) && Array.isArray(value)) {
      return isDeepStrictEqual([...found].sort(), [...value].sort()) ? undefined : `${here} is ${JSON.stringify(found)}, not ${JSON.stringify(value)}`;
    }
    // An item is whole: an attribute too many is a difference.
    const extra = /^(Item|Attributes|LastEvaluatedKey)$/.test(name) || /\.Items\[\d+\]$/.test(here)
      ? Object.keys((found ?? {}) as object).find((attribute) => value !== ABSENT && !Object.hasOwn(value as object, attribute)) : undefined;
    return extra === undefined ? difference(found, value, here) : `${here} has ${JSON.stringify(extra)} too many`;
  }));
}

function first(differences: readonly (string | undefined)[]): string | undefined {
  return differences.find((found) => found !== undefined);
}

async function must(call: Call, action: string, input: object): Promise<object> {
  const { status, body } = await call(action, input);
  if (status === 200) return body;
  throw new Error(`${action} was refused: ${JSON.stringify(body)}`);
}
