import { createInterface } from 'node:readline/promises';
import { CliError, Exit, interrupted } from '../cli-error';
import { printable } from '../printable';

/** More messages than this are moved only by somebody who has seen the number. */
export const ASK_ABOVE = 100;

/** Asks a person at a terminal. Without one, it is wrong usage: a script says `--yes`. Ctrl-C and Ctrl-D instead of an answer are an interrupt. */
export async function confirm(what: string, yes: boolean, signal: AbortSignal): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new CliError(Exit.USAGE, `${what} needs a yes; write --yes, or --dry-run to see what it would be`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Both close the terminal. Of the question, some versions of Node.js reject the promise then, and some leave it for ever.
  const closed = new AbortController();
  terminal.once('close', () => closed.abort());
  try {
    const answer = await terminal.question(`${printable(what)}? [y/N] `, { signal: AbortSignal.any([signal, closed.signal]) });
    if (/^y(es)?$/i.test(answer.trim())) return;
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
    // The shell's prompt is not to begin behind the question.
    process.stderr.write('\n');
    throw interrupted();
  } finally {
    terminal.close();
  }
  throw new CliError(Exit.FAILED, 'not confirmed; nothing was changed');
}
