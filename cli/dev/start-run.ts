import { LocalRunError, type LocalRunErrorCode } from '../../local/local-run-error';
import { startLocalRun } from '../../local/run';
import { CliError, Exit } from '../cli-error';

/** Failures that what was typed is to blame for. */
const INPUT_ERRORS: readonly LocalRunErrorCode[] = ['unknown-target', 'invalid-target'];

/** Starts the run, and says in the command line's words why it cannot. */
export async function startRun(options: Parameters<typeof startLocalRun>[0]): ReturnType<typeof startLocalRun> {
  try {
    return await startLocalRun(options);
  } catch (error) {
    if (!(error instanceof LocalRunError)) throw error;
    throw new CliError(INPUT_ERRORS.includes(error.code) ? Exit.USAGE : Exit.FAILED, error.message, error.code);
  }
}
