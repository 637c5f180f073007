import { ABSENT, type Attributes, type DynamoDbCase, given, invalid, key, N, put, query, S, type Step, update } from '../case';

const row = (sk: string, more: Attributes = {}): Attributes => ({ pk: S('p'), sk: S(sk), ...more });
const rows = ['a1', 'a2', 'b1', 'b2', 'c1'];
const filled = [...rows.map((sk, i) => put(row(sk, { n: N(i) }))), put({ ...key('other') })];
const p = { ':p': S('p') };
const keysOf = (...sks: string[]): object[] => sks.map((sk) => ({ pk: S('p'), sk: S(sk) }));
const finds = (condition: string, values: Attributes, sks: string[], more: object = {}): Step => given(query(`pk = :p${condition}`, { ...p, ...values }, more), {
  Items: keysOf(...sks), Count: sks.length,
});
const v = (text: string): Attributes => ({ ':v': S(text) });

const timed = (sk: string, time: string, more: Attributes = {}): Attributes => row(sk, { gpk1: S('g'), gsk1: S(time), a: S(sk), unseen: S('x'), ...more });
const byTime = (more: object = {}): Step => query('gpk1 = :g', { ':g': S('g') }, { IndexName: 'byTime', ...more });
const shown = (sk: string, time: string): Attributes => ({ pk: S('p'), sk: S(sk), gpk1: S('g'), gsk1: S(time), a: S(sk) });
const counted = (sk: string, count: string): Attributes => row(sk, { gpk2: S('c'), count: N(count) });

export const queryCases: DynamoDbCase[] = [
  { id: 'queries/partition', steps: [...filled, finds('', {}, rows), finds('', {}, [...rows].reverse(), { ScanIndexForward: false })] },
  { id: 'queries/range', steps: [
    ...filled, finds(' AND sk = :v', v('b1'), ['b1']), finds(' AND sk < :v', v('b1'), ['a1', 'a2']), finds(' AND sk <= :v', v('b1'), ['a1', 'a2', 'b1']),
    finds(' AND sk > :v', v('b1'), ['b2', 'c1']), finds(' AND sk >= :v', v('b2'), ['b2', 'c1']), finds(' AND begins_with(sk, :v)', v('b'), ['b1', 'b2']),
    finds(' AND sk BETWEEN :v AND :w', { ...v('a2'), ':w': S('b2') }, ['a2', 'b1', 'b2']), finds(' AND begins_with(sk, :v)', v('z'), []),
  ] },
  { id: 'queries/range-backwards', steps: [
    ...filled, finds(' AND sk < :v', v('b2'), ['b1', 'a2', 'a1'], { ScanIndexForward: false }), finds(' AND begins_with(sk, :v)', v('a'), ['a2', 'a1'], { ScanIndexForward: false }),
  ] },
  { id: 'queries/pages', steps: [
    ...filled, given(query('pk = :p', p, { Limit: 2 }), { Items: keysOf('a1', 'a2'), ScannedCount: 2, LastEvaluatedKey: row('a2') }),
    given(query('pk = :p', p, { Limit: 2, ExclusiveStartKey: row('a2') }), { Items: keysOf('b1', 'b2'), LastEvaluatedKey: row('b2') }),
    given(query('pk = :p', p, { Limit: 2, ExclusiveStartKey: row('b2') }), { Items: keysOf('c1'), LastEvaluatedKey: ABSENT }),
    given(query('pk = :p', p, { Limit: 2, ExclusiveStartKey: row('b1'), ScanIndexForward: false }), { Items: keysOf('a2', 'a1') }),
  ] },
  { id: 'queries/full-last-page', steps: [...filled, given(query('pk = :p', p, { Limit: 5 }), { Count: 5, LastEvaluatedKey: row('c1') })] },
  { id: 'queries/start-that-is-gone', steps: [...filled, finds('', {}, ['b1', 'b2', 'c1'], { ExclusiveStartKey: row('a9') })] },
  { id: 'queries/start-elsewhere', steps: [
    ...filled, invalid(query('pk = :p', p, { ExclusiveStartKey: key('other') }), 'starting key'), invalid(query('pk = :p', p, { ExclusiveStartKey: { pk: S('p') } }), 'starting key'),
  ] },
  { id: 'queries/filter', steps: [
    ...filled, given(query('pk = :p', { ...p, ':n': N(3) }, { FilterExpression: 'n >= :n' }), { Items: keysOf('b2', 'c1'), Count: 2, ScannedCount: 5 }),
    given(query('pk = :p', { ...p, ':n': N(3) }, { FilterExpression: 'n >= :n', Limit: 2 }), { Items: [], Count: 0, ScannedCount: 2, LastEvaluatedKey: row('a2') }),
  ] },
  { id: 'queries/filter-on-key', steps: [invalid(query('pk = :p', { ...p, ...v('x') }, { FilterExpression: 'sk = :v' }), 'Primary key attribute: sk')] },
  { id: 'queries/count', steps: [...filled, given(query('pk = :p', p, { Select: 'COUNT' }), { Items: ABSENT, Count: 5 })] },
  { id: 'queries/projection', steps: [...filled, given(query('pk = :p AND sk = :v', { ...p, ...v('b1') }, { ProjectionExpression: 'n' }), { Items: [{ n: N(2) }] })] },
  { id: 'queries/condition', steps: [
    invalid(query('sk = :p', p), 'missed key schema element'), invalid(query('pk > :p', p), 'Query key condition not supported'),
    invalid(query('pk = :p OR pk = :p', p)), invalid(query('pk = :v', { ':v': N(1) }), 'does not match schema type'), invalid(query('pk = :p AND n = :p', p)),
  ] },
  { id: 'queries/bytes-order', steps: [
    ...['\u{1f600}', '\ufb01', 'é', 'z'].map((sk) => put(row(sk))), finds('', {}, ['z', 'é', '\ufb01', '\u{1f600}']),
  ] },
  { id: 'queries/limit-range', steps: [invalid(query('pk = :p', p, { Limit: 0 }))] },
  { id: 'queries/a-megabyte', steps: [
    ...Array.from({ length: 5 }, (_, i) => put(row(`r${i}`, { body: S('x'.repeat(300_000)) }))), given(query('pk = :p', p, { ProjectionExpression: 'sk' }), {
      Items: [0, 1, 2, 3].map((i) => ({ sk: S(`r${i}`) })), LastEvaluatedKey: row('r3'),
    }),
  ] },
  { id: 'indexes/order-and-attributes', steps: [
    put(timed('1', 't3')), put(timed('2', 't1')), put(timed('3', 't2')), put(row('4', { gpk1: S('g') })),
    given(byTime(), { Items: [shown('2', 't1'), shown('3', 't2'), shown('1', 't3')], Count: 3 }),
  ] },
  { id: 'indexes/same-key', steps: [
    ...['1', '2', '3'].map((sk) => put(timed(sk, 't'))), given(byTime({ Select: 'COUNT' }), { Count: 3 }),
  ] },
  { id: 'indexes/pages', steps: [
    put(timed('1', 't3')), put(timed('2', 't1')), put(timed('3', 't2')),
    given(byTime({ Limit: 2, ScanIndexForward: false }), { Items: [shown('1', 't3'), shown('3', 't2')], LastEvaluatedKey: row('3', { gpk1: S('g'), gsk1: S('t2') }) }),
    given(byTime({ Limit: 2, ScanIndexForward: false, ExclusiveStartKey: row('3', { gpk1: S('g'), gsk1: S('t2') }) }), { Items: [shown('2', 't1')], LastEvaluatedKey: ABSENT }),
  ] },
  { id: 'indexes/moved', steps: [
    put({ ...timed('s', 't1'), pk: S('a') }), update('SET gsk1 = :t', { ':t': S('t2') }),
    given(query('gpk1 = :g AND gsk1 = :t', { ':g': S('g'), ':t': S('t1') }, { IndexName: 'byTime' }), { Count: 0 }),
    given(query('gpk1 = :g AND gsk1 = :t', { ':g': S('g'), ':t': S('t2') }, { IndexName: 'byTime' }), { Count: 1 }),
    update('REMOVE gpk1', {}), given(byTime(), { Count: 0 }),
  ] },
  { id: 'indexes/deleted', steps: [put(timed('1', 't')), { action: 'DeleteItem', input: { Key: row('1') } }, given(byTime(), { Count: 0 })] },
  { id: 'indexes/consistent', steps: [invalid(byTime({ ConsistentRead: true }), 'Consistent reads are not supported')] },
  { id: 'indexes/unknown', steps: [invalid(query('pk = :p', p, { IndexName: 'nobodys' }), 'does not have the specified index: nobodys')] },
  { id: 'indexes/not-projected', steps: [put(timed('1', 't')), invalid(byTime({ ProjectionExpression: 'unseen' }), 'does not project')] },
  { id: 'indexes/all-attributes', steps: [invalid(byTime({ Select: 'ALL_ATTRIBUTES' }), 'projection type is not ALL')] },
  { id: 'indexes/number-order', steps: [
    ...[['1', '10'], ['2', '9.5'], ['3', '-1.23'], ['4', '-1.2'], ['5', '0'], ['6', '0.001'], ['7', '1e20'], ['8', '-1e20']].map(([sk, count]) => put(counted(sk!, count!))),
    given(query('gpk2 = :c', { ':c': S('c') }, { IndexName: 'byCount' }), { Items: ['8', '3', '4', '5', '6', '2', '1', '7'].map((sk) => ({ sk: S(sk) })) }),
    given(query('gpk2 = :c AND #n BETWEEN :l AND :h', { ':c': S('c'), ':l': N('-1.2'), ':h': N('9.50') }, { IndexName: 'byCount', ExpressionAttributeNames: { '#n': 'count' } }), {
      Items: ['4', '5', '6', '2'].map((sk) => ({ sk: S(sk) })),
    }),
  ].map((step) => (step.gives ? { ...step, gives: { Count: (step.gives.Items as object[]).length, ...step.gives } } : step)) },
  { id: 'scans/all', steps: [...filled, given({ action: 'Scan', input: { Select: 'COUNT' } }, { Count: 6 })] },
  { id: 'scans/filter', steps: [...filled, given({ action: 'Scan', input: { FilterExpression: 'n = :n', ExpressionAttributeValues: { ':n': N(2) } } }, { Items: keysOf('b1'), ScannedCount: 6 })] },
  { id: 'scans/index', steps: [put(timed('1', 't')), put(key('other')), given({ action: 'Scan', input: { IndexName: 'byTime' } }, { Items: [shown('1', 't')] })] },
];
