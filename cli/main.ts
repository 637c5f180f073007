import { readFileSync } from 'node:fs';
import path from 'node:path';
import { closest, readArguments } from './arguments';
import { CliError, Exit } from './cli-error';
import type { Command, Context } from './command';
import { COMMANDS, type CommandEntry } from './commands';
import { actionsHelp, commandHelp, generalHelp } from './help';
import { jsonLine, printableLines } from './printable';

const HELP = ['--help', '-h', 'help'];

/** Runs one call of the command line and ends the process with its exit code. */
export async function main(argv: string[], assets: string): Promise<void> {
  const stop = new AbortController();
  const context: Context = { assets, version: readVersion(assets), signal: stop.signal, now: () => Date.now() };
  const json = argv.includes('--json');
  process.on('uncaughtException', (error) => end(report(error, json, context)));
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A pipe that nobody reads any more ends a command as Ctrl-C does. What else cannot be written to takes no error line either.
    if (error.code === 'EPIPE') stop.abort();
    else process.exit(report(new CliError(Exit.FAILED, `cannot write the output: ${error.message}`), false, context));
  });
  try {
    end(await dispatch(argv, context, stop));
  } catch (error) {
    end(report(error, json, context));
  }
}

async function dispatch(argv: string[], context: Context, stop: AbortController): Promise<Exit> {
  const [name, ...rest] = argv;
  if (name === undefined || HELP.includes(name)) return print(generalHelp(), name ? Exit.DONE : Exit.USAGE);
  if (name === '--version' || name === '-v') return print(`${context.version}\n`, Exit.DONE);
  return dispatchTo(findEntry(name, COMMANDS, 'command', '--help'), name, rest, context, stop);
}

async function dispatchTo(entry: CommandEntry, name: string, rest: string[], context: Context, stop: AbortController): Promise<Exit> {
  const [action, ...others] = rest;
  if (entry.actions && (action === undefined || HELP.includes(action))) return print(actionsHelp(name, entry), action ? Exit.DONE : Exit.USAGE);
  if (entry.actions) {
    const found = findEntry(action as string, entry.actions, `action of ${name}`, `${name} --help`);
    return dispatchTo(found, `${name} ${action}`, others, context, stop);
  }
  const command = await (entry.load as () => Promise<Command>)();
  const args = readArguments(name, command, rest);
  if (args.flag('help')) return print(commandHelp(name, entry.summary, command), Exit.DONE);
  onInterrupt(command, stop);
  return command.run(args, context);
}

function findEntry(name: string, entries: { readonly [name: string]: CommandEntry }, kind: string, help: string): CommandEntry {
  if (Object.hasOwn(entries, name)) return entries[name] as CommandEntry;
  const names = Object.keys(entries);
  if (name.startsWith('-')) {
    const example = kind === 'command' ? 'cdk-webhooks dev' : `cdk-webhooks ${help.replace('--help', names[0] as string)}`;
    throw new CliError(Exit.USAGE, `unknown option ${JSON.stringify(name)}; options come after a command, as in ${example} ${name}`);
  }
  const near = closest(name, names);
  const cure = near ? `did you mean ${JSON.stringify(near)}?` : `there are ${names.join(', ')}`;
  throw new CliError(Exit.USAGE, `unknown ${kind} ${JSON.stringify(name)}; ${cure} (see cdk-webhooks ${help})`);
}

function onInterrupt(command: Command, stop: AbortController): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  if (process.env['npm_command'] !== undefined) onOrphaned(() => stop.abort());
  if (!command.closesItself) stop.signal.addEventListener('abort', () => process.exit(Exit.INTERRUPTED));
}

/** npm and npx start a command through a shell that passes no signal on: when that shell is gone, somebody has ended it. */
function onOrphaned(end: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 1_000).unref();
}

/** Says what went wrong, on stderr for a person and as an `error` line for a script. */
function report(error: unknown, json: boolean, context: Context): Exit {
  const failure = error instanceof CliError ? error : undefined;
  if (failure?.exit === Exit.INTERRUPTED) return failure.exit;
  const message = error instanceof Error ? error.message : String(error);
  // A stack is for us: it is shown when the failure was not foreseen.
  const shown = failure ? message : error instanceof Error && error.stack ? error.stack : message;
  process.stderr.write(`cdk-webhooks: ${printableLines(shown)}\n`);
  if (json) {
    process.stdout.write(jsonLine({
      event: 'error',
      time: new Date(context.now()).toISOString(),
      code: failure?.code ?? 'internal',
      message: failure?.detail ? `${message}: ${failure.detail}` : message,
    }));
  }
  return failure?.exit ?? Exit.FAILED;
}

function print(text: string, exit: Exit): Exit {
  (exit === Exit.DONE ? process.stdout : process.stderr).write(text);
  return exit;
}

/** Ends the process once what was written has left it, which a pipe on some systems takes its time for, or could not be. */
function end(exit: Exit): void {
  process.stdout.write('', () => setImmediate(() => process.exit(exit)));
}

function readVersion(assets: string): string {
  const manifest = path.join(assets, '..', 'package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
