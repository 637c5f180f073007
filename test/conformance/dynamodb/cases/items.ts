import { ABSENT, type DynamoDbCase, get, given, invalid, key, N, put, query, refused, S, SS, type Step } from '../case';

const types = {
  text: S('é\u{1f600}'), number: N('-12.5'), bytes: { B: 'AAH/' }, yes: { BOOL: true }, no: { BOOL: false }, nothing: { NULL: true }, texts: SS('a', 'b'),
  numbers: { NS: ['1', '2'] }, blobs: { BS: ['AA==', 'AQ=='] }, list: { L: [S('x'), N(1)] }, map: { M: { deep: { M: { deeper: S('y') } } } }, empty: S(''),
};
const many = (count: number): object => ({ RequestItems: { '<table>': Array.from({ length: count }, (_, i) => ({ PutRequest: { Item: key(String(i)) } })) } });
const batch = (input: object): Step => ({ action: 'BatchWriteItem', input: { ...input } });
const batchGet = (Keys: object[], more: object = {}): Step => ({ action: 'BatchGetItem', input: { RequestItems: { '<table>': { Keys, ...more } } } });
const remove = (Key: object, more: object = {}): Step => ({ action: 'DeleteItem', input: { Key, ...more } });
const isNew = { ConditionExpression: 'attribute_not_exists(pk)' };

export const itemCases: DynamoDbCase[] = [
  { id: 'items/every-type', steps: [put({ ...key('a'), ...types }), get(key('a'), { ...key('a'), ...types })] },
  { id: 'items/missing', steps: [get(key('a'), ABSENT)] },
  { id: 'items/replaced', steps: [
    put({ ...key('a'), x: N(1) }), given(put({ ...key('a'), y: N(2) }, { ReturnValues: 'ALL_OLD' }), { Attributes: { ...key('a'), x: N(1) } }),
    get(key('a'), { ...key('a'), y: N(2) }),
  ] },
  { id: 'items/deleted', steps: [
    put({ ...key('a'), x: N(1) }), given(remove(key('a'), { ReturnValues: 'ALL_OLD' }), { Attributes: { ...key('a'), x: N(1) } }), get(key('a'), ABSENT),
    given(remove(key('a'), { ReturnValues: 'ALL_OLD' }), { Attributes: ABSENT }),
  ] },
  { id: 'items/projection', steps: [
    put({ ...key('a'), ...types }),
    { action: 'GetItem', input: { Key: key('a'), ProjectionExpression: '#l[1], #m.deep, absent, #t', ExpressionAttributeNames: { '#l': 'list', '#m': 'map', '#t': 'text' } },
      gives: { Item: { list: { L: [N(1)] }, map: types.map, text: types.text } } },
  ] },
  { id: 'items/key-missing', steps: [invalid(put({ pk: S('a') }), 'Missing the key sk in the item')] },
  { id: 'items/key-type', steps: [invalid(put({ pk: S('a'), sk: N(1) }), 'Type mismatch for key sk expected: S actual: N')] },
  { id: 'items/key-empty', steps: [invalid(put(key('')), 'empty string value')] },
  { id: 'items/key-schema', steps: [
    invalid({ action: 'GetItem', input: { Key: { pk: S('a') } } }, 'does not match the schema'),
    invalid({ action: 'GetItem', input: { Key: { ...key('a'), x: S('b') } } }, 'does not match the schema'),
  ] },
  { id: 'items/key-length', steps: [put({ pk: S('x'.repeat(2048)), sk: S('y'.repeat(1024)) }), invalid(put(key('x'.repeat(2049)))), invalid(put(key('a', 'y'.repeat(1025))))] },
  { id: 'items/index-key-type', steps: [
    invalid(put({ ...key('a'), gpk1: N(1) }), 'Type mismatch for Index Key gpk1'), get(key('a'), ABSENT),
    // What one index refuses is not in another one either.
    invalid(put({ ...key('a'), gpk1: S('g'), gsk1: S('t'), gpk2: S('c'), count: S('1') }), 'Type mismatch for Index Key count'),
    given(query('gpk1 = :g', { ':g': S('g') }, { IndexName: 'byTime' }), { Count: 0 }),
  ] },
  { id: 'items/empty-set', steps: [invalid(put({ ...key('a'), s: { SS: [] } }), 'may not be empty')] },
  { id: 'items/twice-in-set', steps: [invalid(put({ ...key('a'), s: SS('x', 'x') }), 'contains duplicates')] },
  { id: 'items/two-types', steps: [invalid(put({ ...key('a'), s: { S: 'x', N: '1' } }), 'more than one datatypes')] },
  { id: 'items/size', steps: [
    // 400 KB: the names and values of the keys are 6 bytes, `body` is 4.
    put({ ...key('a'), body: S('x'.repeat(409_600 - 6 - 4)) }), invalid(put({ ...key('a'), body: S('x'.repeat(409_600 - 6 - 3)) }), 'Item size has exceeded'),
  ] },
  { id: 'items/unknown-table', steps: [refused({ action: 'GetItem', input: { TableName: 'nobodys-table', Key: key('a') } }, 'ResourceNotFoundException', 'Requested resource not found')] },
  { id: 'numbers/normal', steps: [
    put({ ...key('a'), a: N('1.50'), b: N('1e3'), c: N('-0'), d: N('0012'), e: N('1.2e-3'), f: N('12345678901234567890123456789012345678') }),
    get(key('a'), { ...key('a'), a: N('1.5'), b: N('1000'), c: N('0'), d: N('12'), e: N('0.0012'), f: N('12345678901234567890123456789012345678') }),
  ] },
  { id: 'numbers/none', steps: [invalid(put({ ...key('a'), a: N('x') }), 'cannot be converted to a numeric value')] },
  { id: 'numbers/digits', steps: [invalid(put({ ...key('a'), a: N('123456789012345678901234567890123456789') }), 'more than 38 significant digits')] },
  { id: 'numbers/range', steps: [
    put({ ...key('a'), a: N('9.9e125') }), invalid(put({ ...key('a'), a: N('1e126') }), 'Number overflow'), invalid(put({ ...key('a'), a: N('1e-131') }), 'Number underflow'),
  ] },
  { id: 'batches/write', steps: [
    put(key('old')), given(batch({ RequestItems: { '<table>': [{ PutRequest: { Item: key('a') } }, { DeleteRequest: { Key: key('old') } }] } }), { UnprocessedItems: {} }),
    get(key('a'), key('a')), get(key('old'), ABSENT),
  ] },
  { id: 'batches/write-limit', steps: [batch(many(25)), invalid(batch(many(26)))] },
  { id: 'batches/write-twice', steps: [
    invalid(batch({ RequestItems: { '<table>': [{ PutRequest: { Item: key('a') } }, { DeleteRequest: { Key: key('a') } }] } }), 'contains duplicates'), get(key('a'), ABSENT),
  ] },
  { id: 'batches/get', steps: [
    put({ ...key('a'), x: N(1), y: N(2) }),
    given(batchGet([key('a'), key('b')], { ProjectionExpression: 'x' }), { Responses: { '<table>': [{ x: N(1) }] }, UnprocessedKeys: {} }),
  ] },
  { id: 'batches/get-twice', steps: [invalid(batchGet([key('a'), key('a')]), 'contains duplicates')] },
  { id: 'conditions/new', steps: [
    put({ ...key('a'), x: N(1) }, isNew), refused(put({ ...key('a'), x: N(2) }, isNew), 'ConditionalCheckFailedException', 'The conditional request failed'),
    get(key('a'), { ...key('a'), x: N(1) }),
  ] },
  { id: 'conditions/delete', steps: [refused(remove(key('a'), { ConditionExpression: 'attribute_exists(pk)' }), 'ConditionalCheckFailedException'), remove(key('a'))] },
];
