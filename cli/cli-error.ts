/** Exit codes of every subcommand. Scripts rely on them. */
export enum Exit {
  DONE = 0,
  /** It failed, or a check failed. */
  FAILED = 1,
  /** Wrong usage or input. */
  USAGE = 2,
  /** Nothing matches: no such stack, source, secret. */
  NO_MATCH = 3,
  /** No access: credentials, permission, endpoint. */
  NO_ACCESS = 4,
  INTERRUPTED = 130,
}

/** A failure that a person can act on: shown as one sentence, without a stack. */
export class CliError extends Error {
  constructor(
    readonly exit: Exit,
    message: string,
    /** The `code` of the error line of `--json`. */
    readonly code: string = CODES[exit],
    /** Text that a terminal has seen already and a script has not, such as the output of the app. */
    readonly detail?: string,
  ) {
    super(message);
    this.name = 'CliError';
  }
}

const CODES: { readonly [exit in Exit]: string } = {
  [Exit.DONE]: 'done',
  [Exit.FAILED]: 'failed',
  [Exit.USAGE]: 'usage',
  [Exit.NO_MATCH]: 'no-match',
  [Exit.NO_ACCESS]: 'no-access',
  [Exit.INTERRUPTED]: 'interrupted',
};

/** What a command throws when it sees that it was interrupted: no message, exit code 130. */
export function interrupted(): CliError {
  return new CliError(Exit.INTERRUPTED, 'interrupted');
}
