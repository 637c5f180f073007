import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CliError, Exit } from './cli-error';
import type { Command, OptionSpec } from './command';

/** The arguments of one call, checked against the command's options. */
export class Arguments {
  constructor(readonly positionals: readonly string[], private readonly values: ReadonlyMap<string, readonly (string | true)[]>) {}

  /** The value of an option; the last one counts. */
  text(name: string): string | undefined {
    const value = this.values.get(name)?.at(-1);
    return value === true ? undefined : value;
  }

  all(name: string): string[] {
    return (this.values.get(name) ?? []).filter((value) => value !== true);
  }

  flag(name: string): boolean {
    return this.values.has(name);
  }
}

/** Reads the arguments of a command. Throws a usage error that names the flag and says what to write instead. */
export function readArguments(name: string, command: Command, argv: string[]): Arguments {
  const options = { ...command.options, help: { type: 'boolean', short: 'h', description: '' } satisfies OptionSpec };
  const config: ParseArgsConfig = { args: argv, options: parserOptions(options), strict: false, allowPositionals: true, tokens: true };
  const values = new Map<string, (string | true)[]>();
  const positionals: string[] = [];
  for (const token of parseArgs(config).tokens ?? []) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const spec = Object.hasOwn(options, token.name) ? options[token.name as keyof typeof options] : undefined;
    if (!spec) throw unknownOption(name, token.rawName, Object.keys(options));
    values.set(token.name, [...values.get(token.name) ?? [], checkedValue(name, spec, token)]);
  }
  if (!values.has('help')) checkPositionals(name, command, positionals);
  return new Arguments(positionals, values);
}

/** parseArgs does not take `multiple` in earnest without `strict`, and its own messages name no cure: the tokens are all we use. */
function parserOptions(options: { readonly [name: string]: OptionSpec }): ParseArgsConfig['options'] {
  return Object.fromEntries(Object.entries(options).map(([name, { type, short }]) => [name, short ? { type, short } : { type }]));
}

interface OptionToken { readonly rawName: string; readonly value?: string | undefined; readonly inlineValue?: boolean | undefined }

function checkedValue(command: string, spec: OptionSpec, { rawName, value, inlineValue }: OptionToken): string | true {
  if (spec.type === 'boolean') {
    if (value === undefined) return true;
    throw usage(command, `${rawName} takes no value, not ${JSON.stringify(value)}; write ${rawName} alone`);
  }
  // Without `=`, a value that looks like an option is far more often a forgotten value.
  if (value === undefined || (!inlineValue && /^-./.test(value))) {
    throw usage(command, `${rawName} needs a value; write ${rawName} ${spec.value ?? 'VALUE'}`);
  }
  return value;
}

function checkPositionals(name: string, command: Command, positionals: readonly string[]): void {
  const missing = command.positionals[positionals.length];
  if (missing && !missing.any) throw usage(name, `${missing.name} is missing: ${missing.description}`);
  const extra = command.positionals.at(-1)?.any ? undefined : positionals[command.positionals.length];
  if (extra !== undefined) throw usage(name, `unexpected argument ${JSON.stringify(extra)}; remove it`);
}

function unknownOption(command: string, rawName: string, known: readonly string[]): CliError {
  const near = closest(rawName.replace(/^-+/, ''), known);
  const cure = near ? `did you mean --${near}?` : `it takes ${known.map((each) => `--${each}`).join(', ')}`;
  return usage(command, `unknown option ${JSON.stringify(rawName)}; ${cure}`);
}

export function usage(command: string, message: string): CliError {
  return new CliError(Exit.USAGE, `${message} (see cdk-webhooks ${command} --help)`);
}

/** The known word that a mistyped one most likely stands for. */
export function closest(word: string, known: readonly string[]): string | undefined {
  const ranked = known.map((each) => ({ each, edits: editDistance(word, each) })).sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= Math.max(1, Math.floor(word.length / 2)) ? best.each : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
