// `npm run conformance:signatures -- FILE…`: recorded requests and handshakes of senders through the built ingest function. The last
// line is `N passed, N failed`; exit code 1 where one fails, 2 where a file cannot be read.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SchemeModule } from '../../../lib/contract/scheme-module';
import { readCases, type Case } from './cases';
import { runCase, type Ingest } from './run-case';

const ASSETS = path.resolve(__dirname, '../../../assets');

interface Result {
  readonly case: Case;
  readonly problem?: string;
}

void main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`conformance:signatures: ${error.message}\n`);
  process.exitCode = 2;
});

async function main(files: string[]): Promise<void> {
  if (files.length === 0) throw new Error('no file is named; write npm run conformance:signatures -- FILE…');
  // npm starts a script in the package's folder, wherever it was called.
  const cases = files.flatMap((file) => readCases(path.resolve(process.env['INIT_CWD'] ?? process.cwd(), file)));
  const ingest = await loadIngest();
  const results: Result[] = [];
  for (const each of cases) {
    const problem = await runCase(ingest, each).catch((error: Error) => error.message);
    results.push({ case: each, problem });
  }
  report(results);
}

async function loadIngest(): Promise<Ingest> {
  const load = async (file: string): Promise<unknown> => import(pathToFileURL(path.join(ASSETS, file)).href);
  const { createHandler } = await load('ingest/index.mjs') as Pick<Ingest, 'createHandler'>;
  const names = readdirSync(path.join(ASSETS, 'schemes'));
  const modules = await Promise.all(names.map(async (name) => [name, await load(`schemes/${name}/scheme-${name}.mjs`) as SchemeModule] as const));
  return { createHandler, schemes: Object.fromEntries(modules) };
}

function report(results: readonly Result[]): void {
  const advisory = results.filter((result) => result.case.advisory);
  const counted = results.filter((result) => !result.case.advisory);
  const failed = counted.filter(({ problem }) => problem !== undefined);
  for (const { case: { id, description }, problem } of failed) process.stdout.write(`FAILED ${id}, ${description}: ${problem}\n`);
  for (const { case: { id, description }, problem } of advisory) {
    if (problem !== undefined) process.stdout.write(`advisory ${id}, ${description}: ${problem}\n`);
  }
  const asExpected = advisory.filter(({ problem }) => problem === undefined).length;
  process.stdout.write(`advisory: ${asExpected} of ${advisory.length} as expected\n`);
  process.stdout.write(`${counted.length - failed.length} passed, ${failed.length} failed\n`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
