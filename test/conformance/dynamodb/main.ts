import { allCases } from './cases';
import { DIFFERENCES } from './differences';
import { runCase } from './suite';

const USAGE = 'npx tsx test/conformance/dynamodb/main.ts URL [ENGINE]   runs every case against an endpoint; ENGINE is its name in differences.ts\n';

/** 0: every case passed, or differs as differences.ts says. */
async function main([url, engine = '']: string[]): Promise<number> {
  if (url === undefined || !URL.canParse(url)) {
    process.stderr.write(USAGE);
    return 2;
  }
  const explained = new Map((DIFFERENCES[engine] ?? []).flatMap(({ cases, says }) => cases.map((id) => [id, says] as const)));
  const [surprises, passed] = [[] as string[], [] as string[]];
  for (const testCase of allCases) {
    const difference = await runCase(testCase, url);
    const says = explained.get(testCase.id);
    if (difference === undefined) passed.push(testCase.id);
    if ((difference === undefined) !== (says === undefined)) surprises.push(`${testCase.id}: ${difference ?? `passed, but differences.ts says: ${says}`}`);
  }
  process.stdout.write(`${surprises.map((line) => `${line}\n`).join('')}${passed.length} of ${allCases.length} cases passed, ${surprises.length} are not as expected\n`);
  return surprises.length === 0 ? 0 : 1;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
