import fc from 'fast-check';
import { ManualClock } from '../../../local/clock';
import { DynamoDb } from '../../../local/dynamodb/dynamodb';
import { DESCRIPTION, START, TABLE as TableName } from './support';

interface Row {
  readonly pk: string;
  readonly sk: string;
  readonly gpk1?: string;
  readonly gsk1?: string;
}

const name = fc.constantFrom('a', 'b', 'c', 'd');
const row: fc.Arbitrary<Row> = fc.record({ pk: name, sk: name, gpk1: name, gsk1: name }, { requiredKeys: ['pk', 'sk'] });
const deeds = fc.array(fc.record({ deed: fc.constantFrom('put', 'update', 'delete'), row }), { maxLength: 60 });
const item = (values: object): object => Object.fromEntries(Object.entries(values).map(([key, text]) => [key, { S: text }]));

/** The same deeds, done to a list. */
class Model {
  private rows: Row[] = [];

  do(deed: string, { pk, sk, gpk1, gsk1 }: Row): void {
    const before = this.rows.find((other) => other.pk === pk && other.sk === sk);
    this.rows = this.rows.filter((other) => other !== before);
    if (deed === 'delete') return;
    const kept = deed === 'update' ? before : undefined;
    const [index1, index2] = [gpk1 ?? kept?.gpk1, gsk1 ?? kept?.gsk1];
    this.rows.push({ pk, sk, ...(index1 && { gpk1: index1 }), ...(index2 && { gsk1: index2 }) });
  }

  sorted(keys: readonly (keyof Row)[]): Row[] {
    const textOf = (one: Row): string => keys.map((key) => one[key]).join();
    return this.rows.filter((one) => keys.every((key) => one[key] !== undefined)).sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
  }
}

async function carryOut(dynamoDb: DynamoDb, deed: string, values: Row): Promise<void> {
  const { pk, sk, ...rest } = values;
  if (deed === 'put') return void await dynamoDb.call('PutItem', { TableName, Item: item(values) });
  if (deed === 'delete') return void await dynamoDb.call('DeleteItem', { TableName, Key: item({ pk, sk }) });
  const sets = Object.entries(rest).map(([key, text]) => [`${key} = :${key}`, [`:${key}`, { S: text }]] as const);
  await dynamoDb.call('UpdateItem', {
    TableName, Key: item({ pk, sk }),
    ...(sets.length > 0 && { UpdateExpression: `SET ${sets.map(([text]) => text).join()}`, ExpressionAttributeValues: Object.fromEntries(sets.map(([, value]) => value)) }),
  });
}

/** All pages of two, in either direction. */
async function read(dynamoDb: DynamoDb, forward: boolean, hash: keyof Row, value: string, IndexName?: string): Promise<object[]> {
  const found: object[] = [];
  let ExclusiveStartKey: object | undefined;
  do {
    const page = await dynamoDb.call('Query', {
      TableName, IndexName, KeyConditionExpression: `${hash} = :v`, ExpressionAttributeValues: { ':v': { S: value } }, Limit: 2, ScanIndexForward: forward, ExclusiveStartKey,
    }) as { Items: object[]; LastEvaluatedKey?: object };
    found.push(...page.Items);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found;
}

test('a table and its index have what a list would, in order, page by page, both ways', async () => {
  await fc.assert(fc.asyncProperty(deeds, async (all) => {
    const dynamoDb = new DynamoDb({ clock: new ManualClock(START), region: 'us-east-1', account: '000000000000' });
    dynamoDb.addTable(DESCRIPTION);
    const model = new Model();
    for (const { deed, row: values } of all) {
      model.do(deed, values);
      await carryOut(dynamoDb, deed, values);
    }
    for (const value of ['a', 'b', 'c', 'd']) {
      const inTable = model.sorted(['pk', 'sk']).filter(({ pk }) => pk === value).map(item);
      expect(await read(dynamoDb, true, 'pk', value)).toEqual(inTable);
      const inIndex = model.sorted(['gpk1', 'gsk1', 'pk', 'sk']).filter(({ gpk1 }) => gpk1 === value).map(item);
      expect(await read(dynamoDb, true, 'gpk1', value, 'byTime')).toEqual(inIndex);
      expect(await read(dynamoDb, false, 'gpk1', value, 'byTime')).toEqual(inIndex.reverse());
    }
  }), { numRuns: 100 });
});
