import type { Arguments } from './arguments';
import type { Exit } from './cli-error';

/** One subcommand. */
export interface Command {
  /** What stands after the options in the usage line, e.g. `SOURCE`. */
  readonly positionals: readonly PositionalSpec[];
  readonly options: { readonly [name: string]: OptionSpec };
  /** Paragraphs below the options in the help. */
  readonly notes?: string;
  /** True when an interrupt must not end the process at once: the command sees the signal and ends what it started. */
  readonly closesItself?: boolean;
  run(args: Arguments, context: Context): Promise<Exit>;
}

export interface PositionalSpec {
  readonly name: string;
  readonly description: string;
  /** May be left out, or be given more than once. Such a one is the last. */
  readonly any?: true;
}

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** One letter, e.g. `c` for `-c`. */
  readonly short?: string;
  /** How the value is called in the help, e.g. `FILE`. */
  readonly value?: string;
  /** May be given more than once. */
  readonly multiple?: boolean;
  readonly description: string;
  /** Not in the help. */
  readonly hidden?: true;
}

/** What a subcommand is given beside its arguments. */
export interface Context {
  /** The package's `assets` folder. */
  readonly assets: string;
  readonly version: string;
  /** Aborts on Ctrl-C, SIGTERM and SIGHUP, and when nobody reads the output any more. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970, for `time` in JSON lines. A command with a clock of its own replaces it. */
  now: () => number;
}

/** Options that several subcommands share. */
export const JSON_OPTION: OptionSpec = { type: 'boolean', description: 'print one JSON object a line, and nothing else, on stdout' };
