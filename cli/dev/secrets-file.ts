import { readFileSync } from 'node:fs';
import { CliError, Exit } from '../cli-error';

/** The versions of one secret of a local run. */
export interface SecretVersions {
  readonly current: string;
  readonly previous?: string;
}

/** Largest secret of AWS Secrets Manager, in bytes: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MAX_SECRET_BYTES = 65_536;

const SHAPE = 'write {"NAME": "VALUE"} or {"NAME": {"current": "VALUE", "previous": "VALUE"}}';

/** Reads the file of `--secrets`. Messages name the secret at fault and never show a value. */
export function readSecretsFile(file: string): { [name: string]: SecretVersions } {
  return checkSecrets(parse(read(file), file), file);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    throw wrong(`cannot read the secrets file ${JSON.stringify(file)}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // The message of JSON.parse quotes the text around the fault: a secret, here.
    const position = /at position \d+/.exec((error as Error).message)?.[0];
    throw wrong(`the secrets file ${JSON.stringify(file)} is not valid JSON${position ? ` (${position})` : ''}; ${SHAPE}`);
  }
}

function checkSecrets(secrets: unknown, file: string): { [name: string]: SecretVersions } {
  if (!isObject(secrets)) throw wrong(`the secrets file ${JSON.stringify(file)} holds ${kindOf(secrets)}, not a JSON object; ${SHAPE}`);
  return Object.fromEntries(Object.entries(secrets).map(([name, value]) => [checkName(name), checkVersions(name, value)]));
}

function checkName(name: string): string {
  if (!name.trim()) throw wrong(`a secret's name is ${JSON.stringify(name)}; write the name that the app uses`);
  return name;
}

function checkVersions(name: string, value: unknown): SecretVersions {
  if (!isObject(value)) return { current: checkValue(name, value) };
  const extra = Object.keys(value).find((key) => key !== 'current' && key !== 'previous');
  if (extra !== undefined) {
    throw wrong(`secret ${JSON.stringify(name)} has an unknown field ${JSON.stringify(extra)}; only "current" and "previous" are allowed,`
      + ' and a secret that is itself JSON is written as a string');
  }
  const current = checkValue(`${name}.current`, value['current']);
  return Object.hasOwn(value, 'previous') ? { current, previous: checkValue(`${name}.previous`, value['previous']) } : { current };
}

function checkValue(name: string, value: unknown): string {
  if (typeof value !== 'string') throw wrong(`secret ${JSON.stringify(name)} is ${kindOf(value)}, not a string; ${SHAPE}`);
  const bytes = Buffer.byteLength(value);
  if (bytes === 0) throw wrong(`secret ${JSON.stringify(name)} is an empty string; give it a value, or leave it out to get a random one`);
  if (bytes > MAX_SECRET_BYTES) throw wrong(`secret ${JSON.stringify(name)} has ${bytes} bytes; Secrets Manager takes ${MAX_SECRET_BYTES}`);
  return value;
}

function isObject(value: unknown): value is { [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function wrong(message: string): CliError {
  return new CliError(Exit.USAGE, message, 'secrets-file');
}
