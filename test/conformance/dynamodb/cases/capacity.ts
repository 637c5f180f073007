import { type Attributes, type DynamoDbCase, given, key, put, query, S, type Step, update } from '../case';

const INDEXES = { ReturnConsumedCapacity: 'INDEXES' };
const units = (table: number, indexes: { [name: string]: number } = {}): NonNullable<Step['gives']> => {
  const used = Object.entries(indexes).map(([name, CapacityUnits]) => [name, { CapacityUnits }]);
  const CapacityUnits = Object.values(indexes).reduce((sum, count) => sum + count, table);
  return {
    ConsumedCapacity: {
      CapacityUnits, Table: { CapacityUnits: table }, ...(used.length > 0 && { GlobalSecondaryIndexes: Object.fromEntries(used) }),
    },
  };
};
const sized = (bytes: number, more: Attributes = {}): Attributes => ({ ...key('a'), ...more, body: S('x'.repeat(bytes)) });
const read = (ConsistentRead: boolean): Step => ({ action: 'GetItem', input: { Key: key('a'), ConsistentRead, ...INDEXES } });
const indexed = { gpk1: S('g'), gsk1: S('t') };

export const capacityCases: DynamoDbCase[] = [
  // The keys, their names and `body` are 10 bytes.
  { id: 'capacity/write', steps: [given(put(sized(1014), INDEXES), units(1)), given(put(sized(1015), INDEXES), units(2)), given(put(sized(1), INDEXES), units(2))] },
  { id: 'capacity/read', steps: [
    given(read(true), units(1)), given(read(false), units(0.5)), put(sized(4086)), given(read(true), units(1)),
    put(sized(4087)), given(read(true), units(2)), given(read(false), units(1)),
  ] },
  { id: 'capacity/index-write', steps: [
    given(put(sized(1, indexed), INDEXES), units(1, { byTime: 1 })),
    // What the index does not have costs it nothing.
    given(update('SET body = :v', { ':v': S('other') }, INDEXES), units(1)),
    given(update('SET a = :v', { ':v': S('x'.repeat(2000)) }, INDEXES), units(2, { byTime: 2 })),
    given(update('SET gsk1 = :v', { ':v': S('t2') }, INDEXES), units(2, { byTime: 4 })),
    given({ action: 'DeleteItem', input: { Key: key('a'), ...INDEXES } }, units(2, { byTime: 2 })),
  ] },
  { id: 'capacity/query', steps: [
    ...Array.from({ length: 10 }, (_, i) => put({ ...sized(1014), sk: S(String(i)) })),
    given(query('pk = :p', { ':p': S('a') }, { Select: 'COUNT', ...INDEXES }), units(1.5)),
    given(query('pk = :p', { ':p': S('a') }, { Select: 'COUNT', ConsistentRead: true, ...INDEXES }), units(3)),
  ] },
  { id: 'capacity/index-query', steps: [
    put(sized(9000, indexed)), given(query('gpk1 = :g', { ':g': S('g') }, { IndexName: 'byTime', ...INDEXES }), units(0, { byTime: 0.5 })),
  ] },
];
