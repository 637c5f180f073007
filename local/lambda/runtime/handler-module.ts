import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './function-error';

export type Handler = (event: unknown, context: object) => unknown;

/** The order in which Lambda's Node.js runtime looks for the file. */
const EXTENSIONS = ['', '.js', '.mjs', '.cjs'];

/** Imports the module of a handler such as `index.handler` or `folder/index.handler` and finds the export. */
export async function loadHandler(codeDirectory: string, handler: string): Promise<Handler> {
  const { file, exportName } = parseHandler(handler);
  const found = exportOf(await importModule(path.resolve(codeDirectory, file), file), exportName);
  if (found === undefined) throw new RuntimeError('HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw new RuntimeError('HandlerNotFound', `${handler} is not a function`);
  if (found.length >= 3) {
    throw new RuntimeError('CallbackHandlerDeprecated', `${handler} takes a callback: Node.js 24 functions must be async and return their result`);
  }
  return found as Handler;
}

function parseHandler(handler: string): { file: string; exportName: string } {
  const match = /^(.*\/)?([^./]+)\.([^/]+)$/.exec(handler);
  if (!match || handler.includes('..')) {
    throw new RuntimeError('MalformedHandlerName', `${JSON.stringify(handler)} is not a handler: write FILE.EXPORT, as in "index.handler"`);
  }
  return { file: `${match[1] ?? ''}${match[2]}`, exportName: match[3] as string };
}

async function importModule(base: string, name: string): Promise<unknown> {
  const file = EXTENSIONS.map((extension) => base + extension).find((candidate) => existsSync(candidate));
  if (!file) throw new RuntimeError('ImportModuleError', `Error: Cannot find module '${name}' in ${path.dirname(base)}`);
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError) throw sameStack(new RuntimeError('UserCodeSyntaxError', String(error)), error);
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') {
      throw sameStack(new RuntimeError('ImportModuleError', String(error)), error);
    }
    throw error;
  }
}

function sameStack(error: RuntimeError, cause: Error): RuntimeError {
  error.stack = cause.stack;
  return error;
}

/** An export by name, dots descending, of the module or of its default export (which is what CommonJS comes as). */
function exportOf(module: unknown, exportName: string): unknown {
  const find = (from: unknown): unknown => exportName.split('.').reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as { [key: string]: unknown })[key] : undefined), from);
  return find(module) ?? find((module as { default?: unknown }).default);
}
