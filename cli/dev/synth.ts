import { accessSync, constants, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CliError, Exit } from '../cli-error';
import { shellWord } from '../shell-word';
import { runCommand, type CommandOptions } from './app-process';
import { readCdkSettings, type CdkSettings } from './cdk-settings';

export interface SynthOptions extends CommandOptions {
  /** A command or the folder of a cloud assembly. Absent: `app` of cdk.json. */
  readonly app?: string;
  /** Context from the command line. */
  readonly context: { readonly [key: string]: string };
}

export interface Assembly {
  readonly folder: string;
  /** Removes what synth made. A folder that was there already stays. */
  remove(): void;
}

/** Linux takes 128 KiB in one environment variable; what is longer goes to the app in a file. */
const MAX_CONTEXT_BYTES = 100_000;

/** Makes the cloud assembly: runs the app with the environment that the CDK CLI gives it, or takes an assembly as it is. */
export async function synthesise(options: SynthOptions): Promise<Assembly> {
  const settings = readCdkSettings(options.folder, options.context);
  const app = options.app ?? settings.app;
  if (!app?.trim()) {
    throw new CliError(Exit.USAGE, 'there is no app to run: cdk.json in this folder has no "app"; give --app COMMAND, or --app FOLDER of a cloud assembly');
  }
  const given = path.resolve(options.folder, app);
  if (statSync(given, { throwIfNoEntry: false })?.isDirectory()) return takeAssembly(given);
  return runApp(app, settings, options);
}

function takeAssembly(folder: string): Assembly {
  if (!existsSync(path.join(folder, 'manifest.json'))) {
    throw new CliError(Exit.USAGE, `the folder ${JSON.stringify(folder)} is not a cloud assembly: it has no manifest.json; give the output folder of cdk synth`);
  }
  return { folder, remove: () => undefined };
}

async function runApp(app: string, settings: CdkSettings, options: SynthOptions): Promise<Assembly> {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'cdk-webhooks-'));
  const assembly: Assembly = { folder: path.join(scratch, 'cdk.out'), remove: () => rmSync(scratch, { recursive: true, force: true }) };
  // Also when the process ends by an error of ours: an assembly is some megabytes.
  process.once('exit', assembly.remove);
  const environment = appEnvironment(settings.context, assembly.folder, scratch);
  try {
    for (const command of [settings.build, commandLine(app, options.folder)]) {
      if (command) await runCommand(command, environment, options);
    }
    if (!existsSync(path.join(assembly.folder, 'manifest.json'))) throw noAssembly(app);
    return assembly;
  } catch (error) {
    assembly.remove();
    throw error;
  }
}

function noAssembly(app: string): CliError {
  return new CliError(Exit.FAILED, `the app ${JSON.stringify(app)} ended well but wrote no cloud assembly to the folder in CDK_OUTDIR;`
    + ' let it call app.synth(), and give its App neither outdir nor autoSynth: false', 'synth-failed');
}

function appEnvironment(context: CdkSettings['context'], outdir: string, scratch: string): NodeJS.ProcessEnv {
  const json = JSON.stringify(context);
  const environment: NodeJS.ProcessEnv = {
    CDK_DEFAULT_ACCOUNT: '000000000000',
    CDK_DEFAULT_REGION: 'us-east-1',
    ...process.env,
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: json,
    // The template validator takes seconds and checks what only a deployment needs.
    CDK_VALIDATION: 'false',
  };
  if (Buffer.byteLength(json) > MAX_CONTEXT_BYTES) {
    const overflow = path.join(scratch, 'context-overflow.json');
    writeFileSync(overflow, json, { mode: 0o600 });
    environment['CDK_CONTEXT_JSON'] = '{}';
    environment['CONTEXT_OVERFLOW_LOCATION_ENV'] = overflow;
  }
  return environment;
}

/** As in the CDK CLI, `--app` may name a script that is not executable: it is run by this Node. */
function commandLine(app: string, folder: string): string {
  const [first = '', ...rest] = app.trim().split(' ');
  const file = path.resolve(folder, first);
  if (path.extname(first) !== '.js' || !existsSync(file) || isExecutable(file)) return app;
  return [shellWord(process.execPath), shellWord(file), ...rest].join(' ');
}

function isExecutable(file: string): boolean {
  if (process.platform === 'win32') return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
