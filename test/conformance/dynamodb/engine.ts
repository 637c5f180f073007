import type { Account } from '../../deploy/account';
import { call } from '../../deploy/aws-call';
import { allCases } from './cases';
import { DIFFERENCES } from './differences';
import { runCase, type Call } from './suite';

/** Holds an engine to every case. Of those that differences.ts explains for it, each has to differ. */
export function engineTests(where: () => Account, engine = ''): void {
  const explained = new Set((DIFFERENCES[engine] ?? []).flatMap(({ cases }) => cases));

  test('what is explained is a case that is there', () => {
    expect([...explained].filter((id) => !allCases.some((testCase) => testCase.id === id))).toEqual([]);
  });

  test.each(allCases.map((testCase) => [testCase.id, testCase] as const))('%s', async (id, testCase) => {
    expect(await runCase(testCase, dynamoDb(where()))).toEqual(explained.has(id) ? expect.any(String) : undefined);
  });
}

function dynamoDb(account: Account): Call {
  return async (action, input) => {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${action}` };
    const { status, text } = await call(account, 'dynamodb', '/', headers, JSON.stringify(input));
    return { status, body: JSON.parse(text || '{}') };
  };
}
