import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './function-error';

export type Handler = (event: unknown, context: object) => unknown;

/** The order in which Lambda's Node.js runtime looks for the file. */
const EXTENSIONS = ['', '.js', '.mjs', '.cjs'];

/** In the words of Lambda's runtime, which people look for. */
const CALLBACK_REMOVED = 'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this '
  + 'function to use a supported handler signature to use Node.js 24 or later. '
  + 'For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';

/** Imports the module of a handler such as `index.handler` or `folder/index.handler` and finds the export. */
export async function loadHandler(codeDirectory: string, handler: string): Promise<Handler> {
  const { folder, file, exportName } = parseHandler(handler);
  const found = exportOf(await importModule(codeDirectory, folder, file), exportName);
  if (!found) throw new RuntimeError('HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw new RuntimeError('HandlerNotFound', `${handler} is not a function`);
  if (found.length >= 3) throw new RuntimeError('CallbackHandlerDeprecated', CALLBACK_REMOVED);
  return found as Handler;
}

/** The first dot after the last slash ends the name of the file. */
function parseHandler(handler: string): { folder: string; file: string; exportName: string } {
  if (handler.includes('..')) {
    throw new RuntimeError('MalformedHandlerName',
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`);
  }
  const { dir: folder, base } = path.posix.parse(handler);
  const dot = base.indexOf('.');
  if (dot < 0) throw new RuntimeError('MalformedHandlerName', 'Bad handler');
  return { folder, file: base.slice(0, dot), exportName: base.slice(dot + 1) };
}

async function importModule(codeDirectory: string, folder: string, file: string): Promise<unknown> {
  const base = path.resolve(codeDirectory, folder, file);
  const found = EXTENSIONS.map((extension) => base + extension).find((candidate) => existsSync(candidate));
  try {
    return found ? await import(pathToFileURL(found).href) : requirePackage(file, [codeDirectory, path.join(codeDirectory, folder)]);
  } catch (error) {
    if (error instanceof SyntaxError) throw sameStack(new RuntimeError('UserCodeSyntaxError', String(error)), error);
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') throw new RuntimeError('ImportModuleError', String(error));
    throw error;
  }
}

/** The last place where Lambda looks, and whose error it reports when there is nothing: a package, as `require` in the code would find it. */
function requirePackage(name: string, paths: string[]): unknown {
  const require = createRequire(process.argv[1] as string);
  return require(require.resolve(name, { paths }));
}

function sameStack(error: RuntimeError, cause: Error): RuntimeError {
  error.stack = cause.stack;
  return error;
}

/** An export by name, dots descending, of the module or of its default export (which is what CommonJS comes as). */
function exportOf(module: unknown, exportName: string): unknown {
  const find = (from: unknown): unknown => exportName.split('.').reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as { [key: string]: unknown })[key] : undefined), from);
  return find(module) || find((module as { default?: unknown }).default);
}
