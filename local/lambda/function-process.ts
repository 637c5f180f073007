import { spawn, type ChildProcess } from 'node:child_process';
import { nodeOptions } from './environment-variables';
import { Output } from './output';

export interface ProcessOptions {
  /** The script that Node.js runs. */
  readonly bootstrapFile: string;
  readonly arguments: string[];
  readonly codeDirectory: string;
  readonly environment: { readonly [name: string]: string };
  readonly memoryMegabytes: number;
  readonly onLine: (line: string) => void;
}

/** Node.js writes to a full pipe in turns of its event loop; this is many of them. */
const QUIET_MS = 20;

/** How a process ended. Neither code nor signal: it could not be started, and `reason` says why. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly reason?: string;
}

/** The Node.js process of an execution environment. */
export class FunctionProcess {
  /** Resolves when the process has ended and all that it printed has been handed on. */
  readonly closed: Promise<Exit>;
  private readonly child: ChildProcess;
  private readonly outputs: Output[];
  /** Its id may be another process's by now. */
  private exited = false;

  constructor(options: ProcessOptions) {
    this.child = spawn(process.execPath, [...nodeOptions(options.memoryMegabytes), options.bootstrapFile, ...options.arguments], {
      cwd: options.codeDirectory,
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that Ctrl-C at the terminal does not end an invocation before the run has ended in order.
      detached: process.platform !== 'win32',
    });
    this.outputs = [this.child.stdout, this.child.stderr].flatMap((stream) => (stream ? [new Output(stream, options.onLine)] : []));
    this.closed = new Promise((resolve) => {
      this.child.once('error', (error) => resolve({ code: null, signal: null, reason: error.message }));
      this.child.once('close', (code, signal) => resolve({ code, signal }));
    });
    // What the function started must not outlive it, nor keep its output open.
    this.child.once('exit', () => {
      this.kill();
      this.exited = true;
    });
  }

  /** An invocation begins: `end` is the text that will end its output. */
  beginOutput(end: string): void {
    for (const output of this.outputs) output.begin(end);
  }

  /** Resolves when all that the invocation printed has been handed on. */
  async outputEnded(marked: boolean): Promise<void> {
    if (marked) await Promise.all(this.outputs.map((output) => output.ended()));
    else await this.quiet();
  }

  /** Ends the process and what it started, at once. */
  kill(): void {
    if (this.child.pid === undefined || this.exited) return;
    try {
      if (process.platform === 'win32') this.child.kill('SIGKILL');
      else process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // Nothing of the group is left.
    }
  }

  /** For a runtime that does not mark the end: when nothing has come for a moment, everything has, as far as anyone can tell. */
  private async quiet(): Promise<void> {
    for (let before = -1, now = this.read; now !== before; now = this.read) {
      before = now;
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    }
  }

  private get read(): number {
    return this.outputs.reduce((sum, output) => sum + output.length, 0);
  }
}
