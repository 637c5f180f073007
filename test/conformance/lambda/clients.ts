import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { bootstrapFile, folderWith, newFunction, type TestFunction, type TestFunctionOptions } from '../../local/lambda/support';

/** Where AWS's own client, the npm package `aws-lambda-ric`, is installed. Its compiled part need not be: `npm install --ignore-scripts`. */
const RIC = process.env['AWS_LAMBDA_RIC'] || undefined;

const SKIPPED = 'AWS_LAMBDA_RIC does not name the folder of an installed aws-lambda-ric, as …/node_modules/aws-lambda-ric does';

// A test starts up to eight processes, on a machine that may be busy.
jest.setTimeout(30_000);

/** A `describe` of what needs AWS's client. */
export function describeWithRic(name: string, body: () => void): void {
  describe(name, RIC === undefined ? () => void test.skip(SKIPPED, () => undefined) : body);
}

export const ricVersion = RIC === undefined ? 'not installed' : (JSON.parse(readFileSync(path.join(RIC, 'package.json'), 'utf8')) as { version: string }).version;

export const CLIENTS = ['ours', 'aws'] as const;

export type Client = (typeof CLIENTS)[number];

/** What Node.js runs for each client of the Runtime API. */
export function clientFile(client: Client): string {
  return client === 'ours' ? bootstrapFile() : ricLauncher();
}

/** The file of each client that looks for the function's code. */
export function runtimeFile(client: Client): string {
  return client === 'ours' ? bootstrapFile() : ricFile('index.mjs');
}

/** Starts AWS's client: with its native addon where that was built, else with ours in its place. */
function ricLauncher(): string {
  const addon = existsSync(ricFile('rapid-client.node')) ? [] : [path.join(__dirname, 'native-client.cjs')];
  const lines = [...addon, ricFile('index.mjs')].map((file) => `await import(${JSON.stringify(pathToFileURL(file).href)});`);
  return path.join(folderWith(lines.join('\n'), 'ric.mjs'), 'ric.mjs');
}

function ricFile(name: string): string {
  return path.resolve(RIC as string, name);
}

export function functionOf(client: Client, source: string, options: TestFunctionOptions = {}): TestFunction {
  return newFunction(source, { bootstrapFile: clientFile(client), ...options });
}

/** A folder of code with these files. */
export function codeWith(files: { readonly [file: string]: string }): string {
  const folder = folderWith('', 'unused');
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return folder;
}
