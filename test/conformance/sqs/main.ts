import { writeFileSync } from 'node:fs';
import { type ConformanceCase, pageUrl } from './case';
import { allCases } from './cases';
import { DIFFERENCES } from './differences';
import { createClient } from './endpoint';
import { readOptions, type RunOptions, USAGE, UsageError } from './options';
import { type CaseResult, countOf, type EngineResults, readResults } from './results';
import { runSuite } from './suite';
import { conformanceTable, TableError } from './table';
import { controlledClock, realClock } from './test-clock';

const LABELS = { 'passed': 'ok  ', 'failed': 'FAIL', 'not testable': 'skip' };

async function main(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (options.kind === 'help') process.stdout.write(USAGE);
  else if (options.kind === 'table') process.stdout.write(conformanceTable(allCases, options.files.map(readResults), DIFFERENCES));
  else return runAgainst(options);
  return 0;
}

async function runAgainst({ endpoint: url, control, scale, only, skip, json, engine, version }: RunOptions): Promise<number> {
  const cases = allCases.filter(({ id, title }) => only.test(id) || only.test(title));
  if (cases.length === 0) throw new UsageError(`no case matches ${only}`);
  const sqs = createClient(url);
  const clock = control ? await controlledClock(control) : realClock;
  const results = await runSuite({ cases, url, sqs, clock, scale, ...(skip && { skip }), onResult: print });
  sqs.destroy();
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ engine, version, cases: results } satisfies EngineResults, undefined, 2)}\n`);
  const failed = countOf(results, 'failed');
  process.stdout.write(`${countOf(results, 'not testable')} not testable\n${countOf(results, 'passed')} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

function print({ id, status, message }: CaseResult, { title, says, page }: ConformanceCase): void {
  process.stdout.write(`${LABELS[status]}  ${id}: ${title}\n`);
  if (message !== undefined) process.stdout.write(`        ${message.split('\n').join('\n        ')}\n`);
  if (status === 'failed') process.stdout.write(`        AWS: ${says}\n        ${pageUrl(page)}\n`);
}

void main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`conformance:sqs: ${error instanceof UsageError || error instanceof TableError ? error.message : error.stack}\n`);
  return error instanceof UsageError ? 2 : 1;
}).then((code) => {
  process.exitCode = code;
});
