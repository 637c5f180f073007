import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { CliError, Exit, interrupted } from '../cli-error';

export interface CommandOptions {
  readonly folder: string;
  /** Called with the command before it runs. */
  readonly onCommand: (command: string) => void;
  /** Ends the command, and whatever it started. */
  readonly signal: AbortSignal;
}

/** How much of the end of the app's error output a failure quotes, in characters. */
const TAIL = 4_000;

/** How long an interrupted app may take to end, before it is killed. */
const PATIENCE_MS = 2_000;

/** Runs one command in the shell. All its output goes to our stderr: stdout is for the run's events. */
export async function runCommand(command: string, env: NodeJS.ProcessEnv, { folder, signal, onCommand }: CommandOptions): Promise<void> {
  if (signal.aborted) throw interrupted();
  onCommand(command);
  // A process group of its own, so that what the shell started ends with it.
  const child = spawn(command, { shell: true, cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' });
  const tail = passOn(child);
  const release = endWith(child, signal);
  const ended = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, by) => resolve(by ? `signal ${by}` : `exit code ${code}`));
  }).finally(release);
  if (signal.aborted) throw interrupted();
  if (ended !== 'exit code 0') throw new CliError(Exit.FAILED, `the app ${JSON.stringify(command)} failed with ${ended}`, 'synth-failed', tail() || undefined);
}

/** Shows what the app prints as it comes, and keeps the end of its error output. */
function passOn(child: ChildProcessByStdio<null, Readable, Readable>): () => string {
  let tail = '';
  child.stdout.on('data', (chunk: Buffer) => process.stderr.write(chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    process.stderr.write(chunk);
    tail = (tail + chunk).slice(-TAIL);
  });
  return () => tail.trim();
}

/** Ends the app when we are told to end, or end for whatever reason. Returns what lets go of it. */
function endWith(child: ChildProcess, signal: AbortSignal): () => void {
  let force: NodeJS.Timeout | undefined;
  const kill = (): void => endGroup(child, 'SIGKILL');
  const stop = (): void => {
    endGroup(child, 'SIGTERM');
    force = setTimeout(kill, PATIENCE_MS);
  };
  signal.addEventListener('abort', stop);
  process.once('exit', kill);
  return () => {
    clearTimeout(force);
    signal.removeEventListener('abort', stop);
    process.removeListener('exit', kill);
  };
}

function endGroup(child: ChildProcess, by: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, by);
  } catch {
    // It has ended by itself.
  }
}
