import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CONFIG_FILE, VALUES_VARIABLE, type SecretReference } from '../../lib/contract/config';
import type { FunctionDefinition } from '../lambda/invocation';

/**
 * The parameters that a function's file refers to. A gateway's metadata has those of sources and signing secrets only, and none whose
 * name is known no sooner than at the deployment.
 */
export function namedParameters({ codeDirectory, environment }: Pick<FunctionDefinition, 'codeDirectory' | 'environment'>): string[] {
  const values = parse(environment[VALUES_VARIABLE] ?? '[]');
  const file = path.join(codeDirectory, CONFIG_FILE);
  const names: unknown[] = [];
  if (existsSync(file)) {
    parse(readFileSync(file, 'utf8'), (value) => {
      if (isParameter(value)) names.push(typeof value.id === 'string' ? value.id : (values as unknown[])[value.id.$value]);
    });
  }
  return names.filter((name) => typeof name === 'string');
}

type Unresolved = Omit<SecretReference, 'id'> & { readonly id: string | { readonly $value: number } };

function isParameter(value: unknown): value is Unresolved {
  return typeof value === 'object' && value !== null && (value as Partial<Unresolved>).service === 'ssm' && 'id' in value;
}

/** A function that is none of ours may have a file of that name that is no JSON. */
function parse(text: string, onValue: (value: unknown) => void = () => undefined): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown) => {
      onValue(value);
      return value;
    });
  } catch {
    return [];
  }
}
