import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CliError, Exit } from './cli-error';

/** What a local run leaves in its folder for as long as it lives, so that the other subcommands find it. */
export interface RunNote {
  readonly pid: number;
  readonly awsEndpointUrl: string;
  readonly controlUrl: string;
  readonly apiUrl: string;
  readonly region: string;
  readonly account: string;
  readonly stacks: string[];
  readonly sources: { [name: string]: string };
  /** Absent: no source needs one. */
  readonly testAuthority?: TestAuthority;
}

/** Keys that a local run verifies with beside those of senders, so that `send` can sign for them. PEM. */
export interface TestAuthority {
  /** The `kid` of the RSA and the EC key. */
  readonly keyId: string;
  readonly rsaPrivateKey: string;
  readonly ecPrivateKey: string;
  /** By the public key that a source has. */
  readonly privateKeys: { readonly [publicKey: string]: string };
}

export const RUN_NOTE = path.join('.cdk-webhooks', 'run.json');

/** Writes the note, readable by its owner only. Returns what removes it, unless a later run has written its own by then. */
export function writeRunNote(folder: string, note: RunNote): () => void {
  const file = path.join(folder, RUN_NOTE);
  const draft = `${file}.${process.pid}`;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(path.join(path.dirname(file), '.gitignore'), '*\n');
  rmSync(draft, { force: true });
  writeFileSync(draft, `${JSON.stringify(note, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(draft, file);
  return () => {
    if (parseNote(file)?.pid === note.pid) rmSync(file, { force: true });
  };
}

/** The run noted in this folder; undefined when there is none or it has ended without removing its note. */
export function readRunNote(folder: string, warn: (message: string) => void): RunNote | undefined {
  const note = parseNote(path.join(folder, RUN_NOTE));
  if (!note || isAlive(note.pid)) return note;
  warn(`the run noted in ${RUN_NOTE} has ended; its note is ignored`);
  return undefined;
}

function parseNote(file: string): RunNote | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CliError(Exit.USAGE, `cannot read ${file}: ${(error as Error).message}`);
  }
  try {
    const note = JSON.parse(text) as RunNote;
    if (typeof note.pid === 'number' && typeof note.awsEndpointUrl === 'string') return note;
  } catch {
    // Told below, together with a note of another shape.
  }
  throw new CliError(Exit.USAGE, `${file} is not the note of a local run; delete it`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else is a process.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
