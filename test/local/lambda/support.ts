import { copyFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RealClock } from '../../../local/clock';
import { LocalFunction, type LocalFunctionOptions } from '../../../local/lambda/function';
import type { FunctionDefinition, FunctionError, InvokeResult } from '../../../local/lambda/invocation';

const folders: string[] = [];
const functions: LocalFunction[] = [];

/** A new folder with one file in it. */
export function folderWith(source: string, file = 'index.mjs'): string {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'local-function-')));
  folders.push(folder);
  writeFileSync(path.join(folder, file), source);
  return folder;
}

let bootstrap: string | undefined;

/** A copy of the built bootstrap: a build that begins meanwhile clears the folder of the original. */
export function bootstrapFile(): string {
  if (!bootstrap) {
    bootstrap = path.join(folderWith('', 'empty'), 'bootstrap.mjs');
    copyFileSync(path.join(__dirname, '../../../assets/local/bootstrap.mjs'), bootstrap);
  }
  return bootstrap;
}

export interface TestFunction {
  readonly target: LocalFunction;
  readonly lines: string[];
}

export interface TestFunctionOptions extends Partial<Omit<LocalFunctionOptions, 'onLine'>> {
  readonly file?: string;
  readonly definition?: Partial<FunctionDefinition>;
}

/** A function whose module is `source`. */
export function newFunction(source: string, { file, definition, ...options }: TestFunctionOptions = {}): TestFunction {
  const lines: string[] = [];
  const target = new LocalFunction({
    name: 'greeter',
    arn: 'arn:aws:lambda:eu-west-1:000000000000:function:greeter',
    codeDirectory: definition?.codeDirectory ?? folderWith(source, file),
    handler: 'index.handler',
    environment: {},
    timeoutSeconds: 5,
    memoryMegabytes: 128,
    ...definition,
  }, { clock: new RealClock(), bootstrapFile: bootstrapFile(), onLine: (line) => lines.push(line), ...options });
  functions.push(target);
  return { target, lines };
}

/** A function with this body, which sees `event` and `context`. */
export function handling(body: string, options: TestFunctionOptions = {}): TestFunction {
  return newFunction(`export const handler = async (event, context) => { ${body} };`, options);
}

/** What a successful invocation returned. */
export function returned<T>(result: InvokeResult): T {
  if (result.outcome !== 'success') throw new Error(`expected success, got ${JSON.stringify(result)}`);
  return JSON.parse(result.payload) as T;
}

export function errorOf(result: InvokeResult): FunctionError {
  if (result.outcome !== 'function-error') throw new Error(`expected a function error, got ${JSON.stringify(result)}`);
  return result.error;
}

export async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export async function closeFunctions(): Promise<void> {
  await Promise.all(functions.splice(0).map((target) => target.close()));
}

export function removeFolders(): void {
  bootstrap = undefined;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

