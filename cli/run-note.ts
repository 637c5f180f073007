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
  /** The note that this one took the place of, for as long as that run lives. */
  readonly before?: RunNote;
}

/** A run as a command knows it: by its note, or by the one address that was given. */
export type KnownRun = Partial<RunNote> & Pick<RunNote, 'awsEndpointUrl'>;

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

export interface WrittenNote {
  /** The run that this folder's commands went to, and still lives. */
  readonly before?: RunNote;
  /** Puts back the note of the run before, where it lives, and else removes this one. Does nothing once a later run has written its own. */
  readonly remove: () => void;
}

/** Writes the note, readable by its owner only. */
export function writeRunNote(folder: string, note: RunNote): WrittenNote {
  const file = path.join(folder, RUN_NOTE);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(path.join(path.dirname(file), '.gitignore'), '*\n');
  const before = living(noteBefore(file), note.pid);
  replace(file, { ...note, ...before && { before } });
  return {
    ...before && { before },
    remove: () => {
      const last = parseNote(file);
      if (last?.pid !== note.pid) return;
      const other = living(last.before, note.pid);
      if (other) replace(file, other);
      else rmSync(file, { force: true });
    },
  };
}

/** The run noted last in this folder that lives; undefined when there is none. */
export function readRunNote(folder: string, warn: (message: string) => void): RunNote | undefined {
  const last = parseNote(path.join(folder, RUN_NOTE));
  const note = living(last);
  if (note !== last) warn(`the run noted in ${RUN_NOTE} has ended; ${note ? `the one before it, at ${note.awsEndpointUrl}, is used` : 'its note is ignored'}`);
  return note;
}

function replace(file: string, note: RunNote): void {
  const draft = `${file}.${process.pid}`;
  rmSync(draft, { force: true });
  writeFileSync(draft, `${JSON.stringify(note, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(draft, file);
}

/** What is no note is overwritten. */
function noteBefore(file: string): RunNote | undefined {
  try {
    return parseNote(file);
  } catch {
    return undefined;
  }
}

/** The first of a note and those before it whose run lives. A note with the process id of this very run is of one that has ended. */
function living(note: RunNote | undefined, own?: number): RunNote | undefined {
  if (!note || (note.pid !== own && isAlive(note.pid))) return note;
  return living(note.before, own);
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
