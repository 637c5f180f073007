import type { ConformanceCase } from './case';
import { allCases } from './cases';
import { startOurEndpoint } from './our-endpoint';

/** Each on an endpoint of its own, so that none waits for another's clock. */
async function run(testCase: ConformanceCase): Promise<void> {
  const endpoint = await startOurEndpoint();
  try {
    await testCase.run(endpoint);
  } finally {
    await endpoint.close();
  }
}

// What needs 120,000 messages takes half a minute: engines.mjs has the time.
const cases = allCases.filter(({ needs }) => needs !== 'scale').map((testCase) => [testCase.id, testCase] as const);

test.concurrent.each(cases)('%s', (_id, testCase) => run(testCase), 60_000);
