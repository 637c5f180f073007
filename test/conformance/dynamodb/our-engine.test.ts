import { ManualClock } from '../../../local/clock';
import { DynamoDb } from '../../../local/dynamodb/dynamodb';
import { ServiceEndpoint } from '../../../local/service-endpoint';
import { allCases } from './cases';
import { runCase } from './suite';

const endpoint = new ServiceEndpoint();

beforeAll(async () => {
  endpoint.addJsonService(new DynamoDb({ clock: new ManualClock(), region: 'us-east-1', account: '000000000000' }));
  await endpoint.listen(0);
});

afterAll(() => endpoint.close());

test.each(allCases.map((testCase) => [testCase.id, testCase] as const))('%s', async (_id, testCase) => {
  expect(await runCase(testCase, endpoint.origin)).toBeUndefined();
});
