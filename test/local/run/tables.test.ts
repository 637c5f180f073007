import { createTables } from '../../../local/run/tables';
import { deploy, recorder, resource } from './deploy';

const TABLE = 'AWS::DynamoDB::Table';
const properties = {
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
};

function create(resources: Parameters<typeof deploy>[0]): { made: object[]; warned: string[] } {
  const made: object[] = [];
  const { warn, warned } = recorder();
  createTables(deploy(resources), { addTable: (description) => made.push(description) }, warn);
  return { made, warned };
}

test('a table is made with its keys and time to live, and nothing that changes nothing here', () => {
  const { made, warned } = create({
    Events: resource(TABLE, { ...properties, TableName: 'events', BillingMode: 'PAY_PER_REQUEST', PointInTimeRecoverySpecification: {} }),
  });
  expect(made).toEqual([{ TableName: 'events', ...properties }]);
  expect(warned).toEqual([]);
});

test('a table without a name has one as CloudFormation makes it', () => {
  const { made } = create({ Events: resource(TABLE, properties) });
  expect(made).toEqual([{ ...properties, TableName: expect.stringMatching(/^Main-Events-[A-Z0-9]{12}$/) }]);
});

test('local indexes are left out, with the types of their keys, and named', () => {
  const { made, warned } = create({ Mine: resource(TABLE, {
    ...properties, AttributeDefinitions: [...properties.AttributeDefinitions, { AttributeName: 'other', AttributeType: 'S' }],
    LocalSecondaryIndexes: [{ IndexName: 'l', KeySchema: [] }],
  }) });
  expect(made).toEqual([{ ...properties, TableName: expect.any(String) }]);
  expect(warned).toEqual([expect.stringMatching(/^not-made: the local secondary indexes of the table "Mine" of stack "Main" are left out/)]);
});

test('fails when a table is refused, and names it', () => {
  const refuse = () => {
    throw new Error('TableName "x" must be 3 to 255 characters');
  };
  expect(() => createTables(deploy({ Mine: resource(TABLE, properties) }), { addTable: refuse }, recorder().warn)).toThrow(
    expect.objectContaining({ code: 'invalid-resource', message: 'the table "Mine" of stack "Main" cannot be made: TableName "x" must be 3 to 255 characters' }));
});
