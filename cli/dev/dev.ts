import path from 'node:path';
import { readWarnings } from '../../local/assembly/assembly';
import { ManualClock, RealClock, type Clock } from '../../local/clock';
import { usage, type Arguments } from '../arguments';
import { interrupted, type Exit } from '../cli-error';
import { JSON_OPTION, type Command, type Context } from '../command';
import { printable } from '../printable';
import { RUN_NOTE, writeRunNote, type RunNote } from '../run-note';
import type { RunLine } from './describe';
import { Output, wantsColour } from './output';
import { readSecretsFile, type SecretVersions } from './secrets-file';
import { startRun } from './start-run';
import { synthesise } from './synth';
import { Undo } from './undo';

interface DevOptions {
  readonly app?: string;
  readonly context: { readonly [key: string]: string };
  readonly port: number;
  readonly clock: Clock;
  readonly secrets: { readonly [name: string]: SecretVersions };
  readonly targets: { readonly [name: string]: string };
}

/** How long a run may take to end what it started, before the process goes without. */
const CLOSE_MS = 5_000;

export const dev: Command = {
  positionals: [],
  options: {
    'app': { type: 'string', value: 'COMMAND|FOLDER', description: 'a command that synthesises, or a cloud assembly; default: "app" of cdk.json' },
    'context': { type: 'string', short: 'c', value: 'KEY=VALUE', multiple: true, description: 'context for the app, as in cdk -c' },
    'port': { type: 'string', value: 'N', description: 'port of the webhook API on 127.0.0.1; 0, the default, means any free one' },
    'console-port': { type: 'string', value: 'N', description: 'port of the console', hidden: true },
    'secrets': { type: 'string', value: 'FILE', description: 'JSON object of secret names and values, or {"current", "previous"}; others get a random value' },
    'target': { type: 'string', value: 'NAME=URL', multiple: true, description: 'where the HTTP target NAME is on this machine' },
    'clock': { type: 'string', value: 'real|manual', description: 'manual stands still until it is told to advance; default: real' },
    'json': JSON_OPTION,
  },
  notes: 'Everything listens on 127.0.0.1 only and nothing reaches AWS. While it runs, the other commands of this folder find it by themselves.'
    + '\nOf several runs, they find the one that began last.',
  closesItself: true,
  run: runDev,
};

/** The whole life of a local run. */
async function runDev(args: Arguments, context: Context): Promise<Exit> {
  const options = readOptions(args);
  context.now = () => options.clock.now();
  const output = new Output({
    json: args.flag('json'),
    colour: wantsColour(process.stdout, process.env),
    now: context.now,
    write: (text) => process.stdout.write(text),
  });
  const undo = new Undo();
  try {
    const assembly = await synthesise({ ...options, folder: process.cwd(), onCommand: announce, signal: context.signal });
    undo.add(assembly.remove);
    const run = await startRun({
      ...options,
      assembly: assembly.folder,
      bootstrapFile: path.join(context.assets, 'local', 'bootstrap.mjs'),
      onLine: (line) => output.line(line as RunLine),
    });
    undo.add(() => run.close());
    if (context.signal.aborted) throw interrupted();
    showWarnings(assembly.folder);
    const { unusedSecrets, ...ready } = run.ready;
    undo.add(leaveNote({ pid: process.pid, ...ready, testAuthority: run.testKeys }, output));
    output.line({ event: 'ready', ...ready, version: context.version, consoleUrl: null });
    for (const name of unusedSecrets) output.line(unusedSecret(name));
    await aborted(context.signal);
    throw interrupted();
  } finally {
    await undo.all(CLOSE_MS);
  }
}

function announce(command: string): void {
  process.stderr.write(`cdk-webhooks: running ${printable(command)}\n`);
}

/** On stderr also for a script, whose lines are those of the run. */
function showWarnings(folder: string): void {
  for (const warning of readWarnings(folder)) process.stderr.write(`cdk-webhooks: warning of the app: ${printable(warning)}\n`);
}

function readOptions(args: Arguments): DevOptions {
  port(args, 'console-port');
  if (args.text('console-port') !== undefined) process.stderr.write('cdk-webhooks: there is no console yet, so --console-port does nothing\n');
  return {
    app: args.text('app'),
    context: pairs(args, 'context', 'KEY=VALUE'),
    port: port(args, 'port'),
    clock: clock(args),
    secrets: args.text('secrets') === undefined ? {} : readSecretsFile(args.text('secrets') as string),
    targets: targets(args),
  };
}

function port(args: Arguments, name: string): number {
  const text = args.text(name) ?? '0';
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65_535) return number;
  throw usage('dev', `--${name} is ${JSON.stringify(text)}; write a whole number from 0 to 65535, 0 for any free port`);
}

function clock(args: Arguments): Clock {
  const mode = args.text('clock') ?? 'real';
  if (mode === 'real') return new RealClock();
  if (mode === 'manual') return new ManualClock();
  throw usage('dev', `--clock is ${JSON.stringify(mode)}; write real or manual`);
}

function targets(args: Arguments): { [name: string]: string } {
  const urls = pairs(args, 'target', 'NAME=URL');
  for (const [name, url] of Object.entries(urls)) {
    const protocol = URL.canParse(url) ? new URL(url).protocol : undefined;
    if (protocol !== 'http:' && protocol !== 'https:') {
      throw usage('dev', `--target ${name} is ${JSON.stringify(url)}; write an absolute URL that starts with http:// or https://`);
    }
  }
  return urls;
}

function pairs(args: Arguments, name: string, shape: string): { [key: string]: string } {
  return Object.fromEntries(args.all(name).map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw usage('dev', `--${name} is ${JSON.stringify(pair)}; write ${shape}`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  }));
}

/** Tells the other commands of this folder where the run is. A folder that cannot be written to costs them that, and no more. */
function leaveNote(run: RunNote, output: Output): () => void {
  try {
    const { pid, awsEndpointUrl, controlUrl, apiUrl, region, account, stacks, sources, testAuthority } = run;
    const note = { pid, awsEndpointUrl, controlUrl, apiUrl, region, account, stacks, sources, testAuthority };
    const { before, remove } = writeRunNote(process.cwd(), note);
    process.once('exit', remove);
    if (before) output.line({ event: 'warning', code: 'second-run', message: secondRun(before) });
    return remove;
  } catch (error) {
    const message = `cannot write ${RUN_NOTE} (${(error as Error).message}): give the other commands --endpoint ${run.awsEndpointUrl}`;
    output.line({ event: 'warning', code: 'run-note', message });
    return () => undefined;
  }
}

function secondRun({ pid, awsEndpointUrl }: RunNote): string {
  return `another run of this folder lives (process ${pid}): until this one ends, the other commands go to this one; give them --endpoint ${awsEndpointUrl} for the other`;
}

function unusedSecret(name: string): RunLine {
  return { event: 'warning', code: 'unused-secret', message: `the secrets file names ${JSON.stringify(name)}, which no stack uses` };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });
}
