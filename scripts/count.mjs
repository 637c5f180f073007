// Adds up the results in a folder: what jest wrote as JSON, and the last count of this project's engine in what the conformance suite printed.
// Usage: node scripts/count.mjs FOLDER STATUS
// Prints "N passed, N failed" as the last line; a step that failed outside a runner counts as one failure.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const [folder, status] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const file of readdirSync(folder)) {
  const text = readFileSync(path.join(folder, file), 'utf8');
  if (file.endsWith('.txt')) {
    // Only ours: that others differ is what the page shows.
    const [, ours = '0', broken = '1'] = /^cdk-webhooks [^:]*: (\d+) passed, (\d+) failed$/m.exec(text) ?? [];
    passed += Number(ours);
    failed += Number(broken);
    continue;
  }
  const result = JSON.parse(text);
  passed += result.numPassedTests;
  // A suite that could not run has no test to count.
  failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
}
const broken = status !== '0' || failed > 0 || passed === 0;
if (broken && failed === 0) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = broken ? 1 : 0;
