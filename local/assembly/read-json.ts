import { readFileSync } from 'node:fs';
import { LocalRunError } from '../local-run-error';

/** A JSON object in a file of the assembly. */
export function readJson(file: string): { [key: string]: unknown } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new LocalRunError('assembly-missing', `cannot read ${JSON.stringify(file)} (${(error as NodeJS.ErrnoException).code}): `
      + 'give the folder that a CDK app writes (cdk.out), or the command that runs the app');
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as { [key: string]: unknown };
  } catch {
    // Told below, together with JSON that is no object.
  }
  throw new LocalRunError('assembly-invalid', `${JSON.stringify(file)} is not a JSON object: synthesise the app again`);
}
