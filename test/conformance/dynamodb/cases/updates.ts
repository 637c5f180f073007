import { ABSENT, type Attributes, type DynamoDbCase, get, given, invalid, key, N, put, refused, S, SS, type Step, update } from '../case';

const all = { ReturnValues: 'ALL_NEW' };
const start = { ...key('a'), n: N(5), s: S('text'), members: SS('x', 'y'), things: { L: [N(1), N(2), N(3)] }, tree: { M: { leaf: S('in') } } };
const changed = (expression: string, values: Attributes, after: Attributes): Step[] => [
  put(start), given(update(expression, values, all), { Attributes: { ...start, ...after } }),
];
const without = (name: string): Attributes => Object.fromEntries(Object.entries(start).filter(([other]) => other !== name));

/** Whether a condition holds for `start`. */
const holds = (condition: string, values: Attributes, expected: boolean): Step => {
  const step = update('SET touched = :touched', { ...values, ':touched': N(1) }, { ConditionExpression: condition });
  return expected ? step : refused(step, 'ConditionalCheckFailedException');
};

export const updateCases: DynamoDbCase[] = [
  { id: 'updates/new-item', steps: [
    given(update('SET x = :x ADD n :n, st :st', { ':x': S('v'), ':n': N(1), ':st': SS('q') }, all), { Attributes: { ...key('a'), x: S('v'), n: N(1), st: SS('q') } }),
    get(key('a'), { ...key('a'), x: S('v'), n: N(1), st: SS('q') }),
  ] },
  { id: 'updates/set', steps: changed('SET s = :v, fresh = :v', { ':v': S('w') }, { s: S('w'), fresh: S('w') }) },
  { id: 'updates/set-from-attribute', steps: changed('SET copied = s, s = :v', { ':v': S('w') }, { copied: S('text'), s: S('w') }) },
  { id: 'updates/if-not-exists', steps: changed('SET s = if_not_exists(s, :v), fresh = if_not_exists(fresh, :v)', { ':v': S('w') }, { fresh: S('w') }) },
  { id: 'updates/arithmetic', steps: changed('SET n = n + :one, m = :one - n', { ':one': N('0.1') }, { n: N('5.1'), m: N('-4.9') }) },
  { id: 'updates/counter-from-nothing', steps: changed('SET m = if_not_exists(m, :zero) + :one', { ':zero': N(0), ':one': N(1) }, { m: N(1) }) },
  { id: 'updates/list-append', steps: changed('SET things = list_append(things, :l)', { ':l': { L: [N(4)] } }, { things: { L: [N(1), N(2), N(3), N(4)] } }) },
  { id: 'updates/nested', steps: changed('SET tree.twig = :v, things[1] = :v, things[9] = :v', { ':v': S('w') }, {
    tree: { M: { leaf: S('in'), twig: S('w') } }, things: { L: [N(1), S('w'), N(3), S('w')] },
  }) },
  { id: 'updates/remove', steps: [put(start), given(update('REMOVE n, absent', {}, all), { Attributes: without('n') })] },
  { id: 'updates/remove-members', steps: changed('REMOVE things[0], things[2]', {}, { things: { L: [N(2)] } }) },
  { id: 'updates/add-number', steps: changed('ADD n :v', { ':v': N(-7) }, { n: N(-2) }) },
  { id: 'updates/add-to-set', steps: changed('ADD members :v', { ':v': SS('y', 'z') }, { members: SS('x', 'y', 'z') }) },
  { id: 'updates/delete-from-set', steps: [
    put(start), given(update('DELETE members :v', { ':v': SS('y', 'q') }, all), { Attributes: { ...start, members: SS('x') } }),
    given(update('DELETE members :v', { ':v': SS('x') }, all), { Attributes: without('members') }),
  ] },
  { id: 'updates/all-clauses', steps: [
    put(start), given(update('REMOVE s SET fresh = :v ADD n :one DELETE members :x', { ':v': S('w'), ':one': N(1), ':x': SS('x') },
      all), { Attributes: { ...without('s'), fresh: S('w'), n: N(6), members: SS('y') } }),
  ] },
  { id: 'updates/returns', steps: [
    put(start), given(update('SET s = :v, fresh = :v', { ':v': S('w') }, { ReturnValues: 'UPDATED_OLD' }), { Attributes: { s: S('text') } }),
    given(update('SET s = :v', { ':v': S('u') }, { ReturnValues: 'UPDATED_NEW' }), { Attributes: { s: S('u') } }),
    given(update('SET s = :v', { ':v': S('t') }, { ReturnValues: 'ALL_OLD' }), { Attributes: { ...start, fresh: S('w'), s: S('u') } }),
    given(update('SET s = :v', { ':v': S('t') }), { Attributes: ABSENT }),
  ] },
  { id: 'updates/all-old-of-nothing', steps: [given(update('SET s = :v', { ':v': S('t') }, { ReturnValues: 'ALL_OLD' }), { Attributes: ABSENT })] },
  { id: 'updates/key', steps: [invalid(update('SET pk = :v', { ':v': S('w') }), 'This attribute is part of the key')] },
  { id: 'updates/overlap', steps: [
    invalid(update('SET x = :v, x = :v', { ':v': S('w') }), 'Two document paths overlap'), invalid(update('SET x.y = :v REMOVE x', { ':v': S('w') }), 'Two document paths overlap'),
  ] },
  { id: 'updates/missing-operand', steps: [put(start), invalid(update('SET x = absent', {}), 'refers to an attribute that does not exist')] },
  { id: 'updates/missing-parent', steps: [put(start), invalid(update('SET absent.x = :v', { ':v': S('w') }), 'document path provided in the update expression is invalid')] },
  { id: 'updates/wrong-type', steps: [
    put(start), invalid(update('SET x = s + :v', { ':v': N(1) }), 'incorrect data type'), invalid(update('ADD s :v', { ':v': N(1) }), 'incorrect data type'),
    invalid(update('ADD n :v', { ':v': S('w') }), 'Incorrect operand type'),
  ] },
  { id: 'updates/clause-twice', steps: [invalid(update('SET x = :v SET y = :v', { ':v': S('w') }), 'can only be used once')] },
  { id: 'updates/size', steps: [invalid(update('SET x = :v', { ':v': S('x'.repeat(409_600)) }), 'Item size to update has exceeded')] },
  { id: 'expressions/reserved', steps: [
    invalid(update('SET source = :v', { ':v': S('w') }), 'reserved keyword: source'), invalid(update('SET x.status = :v', { ':v': S('w') }), 'reserved keyword: status'),
    update('SET #s = :v', { ':v': S('w') }, { ExpressionAttributeNames: { '#s': 'source' } }),
  ] },
  { id: 'expressions/unused', steps: [
    invalid(update('SET x = :v', { ':v': S('w'), ':u': S('w') }), 'unused in expressions: keys: {:u}'),
    invalid(update('SET x = :v', { ':v': S('w') }, { ExpressionAttributeNames: { '#u': 'u' } }), 'unused in expressions: keys: {#u}'),
  ] },
  { id: 'expressions/undefined', steps: [
    invalid(update('SET x = :w', { ':v': S('w') }), 'attribute value: :w'), invalid(update('SET #x = :v', { ':v': S('w') }), 'attribute name: #x'),
  ] },
  { id: 'expressions/syntax', steps: [invalid(update('SET x :v', { ':v': S('w') }), 'Syntax error'), invalid(update('', {}), 'The expression can not be empty')] },
  { id: 'expressions/parentheses', steps: [
    put(start), holds('((n = :v) OR n = :v) AND (n = :v)', { ':v': N(5) }, true),
    invalid(update('SET x = :v', { ':v': N(5) }, { ConditionExpression: '((n = :v))' }), 'redundant parentheses'),
  ] },
  { id: 'conditions/comparisons', steps: [
    put(start),
    ...([['n = :v', 5, true], ['n <> :v', 5, false], ['n < :v', 10, true], ['n > :v', 10, false], ['n <= :v', 5, true], ['n >= :v', 6, false], ['absent <> :v', 5, true],
      ['absent = :v', 5, false], ['absent < :v', 5, false], ['s <> :v', 5, true], ['s < :v', 5, false]] as const).map(([text, value, expected]) => (
      holds(text, { ':v': N(value) }, expected))),
    holds('n BETWEEN :l AND :h', { ':l': N(5), ':h': N(6) }, true), holds('n BETWEEN :l AND :h', { ':l': N('5.1'), ':h': N(60) }, false),
    holds('n IN (:l, :h)', { ':l': N(4), ':h': N('5.0') }, true), holds('members = :v', { ':v': SS('y', 'x') }, true),
  ] },
  { id: 'conditions/logic', steps: [
    put(start),
    ...([['a = :v OR n = :v AND b = :v', false], ['n = :v OR n = :v AND b = :v', true], ['(n = :v OR n = :v) AND b = :v', false], ['NOT b = :v AND n = :v', true],
      ['NOT (b = :v OR n = :v)', false]] as const).map(([text, expected]) => holds(text, { ':v': N(5) }, expected)),
  ] },
  { id: 'conditions/functions', steps: [
    put(start),
    ...([['attribute_exists(tree.leaf)', {}, true], ['attribute_exists(tree.twig)', {}, false], ['attribute_not_exists(absent)', {}, true],
      ['begins_with(s, :v)', { ':v': S('te') }, true], ['begins_with(n, :v)', { ':v': S('5') }, false], ['contains(s, :v)', { ':v': S('ex') }, true],
      ['contains(things, :v)', { ':v': N(2) }, true], ['contains(things, :v)', { ':v': S('2') }, false], ['size(s) = :v', { ':v': N(4) }, true],
      ['size(things) > :v', { ':v': N(3) }, false], ['attribute_type(n, :v)', { ':v': S('N') }, true], ['attribute_type(n, :v)', { ':v': S('S') }, false]] as const)
      .map(([text, values, expected]) => holds(text, values, expected)),
  ] },
  { id: 'conditions/returned-item', steps: [
    put(start), { ...update('SET s = :v', { ':v': S('w') }, { ConditionExpression: 'n = :v', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }), refused: ['ConditionalCheckFailedException', ''] },
    get(key('a'), start),
  ] },
];
