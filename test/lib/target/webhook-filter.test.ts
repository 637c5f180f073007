import { Aws, CfnParameter, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/aws-events';
import { renderConfig } from '../../../lib/private/config-values';
import { checkRoute } from '../../../lib/target/webhook-filter';
import type { WebhookRouteOptions } from '../../../lib/target/target-options';

const VALID: Pick<WebhookRouteOptions, 'eventTypes' | 'filter'> = {
  eventTypes: ['invoice.*', '*'],
  filter: { body: { data: { total: [{ numeric: ['>', 100] }] } }, headers: { 'x-a': ['x'] }, metadata: { source: ['stripe'] } },
};

let stack: Stack;
beforeEach(() => { stack = new Stack(); });

const check = (options: object) => () => checkRoute('big', options as never, stack);
/** What the ingest function would read. */
const written = (options: object): unknown => JSON.parse(renderConfig(stack, checkRoute('big', options as never, stack)).json);

describe('a route', () => {
  test('goes into the function\'s file as it is', () => expect(written(VALID)).toEqual(VALID));

  test('that says nothing is nothing', () => expect(written({})).toEqual({}));

  test('may be made with Match', () => {
    const filter = {
      body: {
        total: Match.greaterThan(100), name: Match.anyOf(Match.prefix('a'), Match.suffixEqualsIgnoreCase('z')), gone: Match.doesNotExist(),
        ip: Match.ipAddressRange('10.0.0.0/24'), kind: Match.anythingBut('x', 'y'), file: Match.wildcard('a*b'), range: Match.interval(1, 5),
        plain: Match.exactString('v'), folded: Match.equalsIgnoreCase('V'), no: Match.nullValue(), not: Match.anythingButPrefix('p'),
      },
    };
    expect(written({ filter })).toEqual({
      filter: {
        body: {
          total: [{ numeric: ['>', 100] }], name: [{ prefix: 'a' }, { suffix: { 'equals-ignore-case': 'z' } }], gone: [{ exists: false }],
          ip: [{ cidr: '10.0.0.0/24' }], kind: [{ 'anything-but': ['x', 'y'] }], file: [{ wildcard: 'a*b' }], range: [{ numeric: ['>=', 1, '<=', 5] }],
          plain: ['v'], folded: [{ 'equals-ignore-case': 'V' }], no: [null], not: [{ 'anything-but': { prefix: 'p' } }],
        },
      },
    });
  });

  test('may have texts that only the deployment knows', () => {
    const { json, values } = renderConfig(stack, checkRoute('big', { filter: { body: { account: [Aws.ACCOUNT_ID, { prefix: `a-${Aws.REGION}` }] } } }, stack));
    expect(JSON.parse(json)).toEqual({ filter: { body: { account: [{ $value: 0 }, { prefix: { $value: 1 } }] } } });
    expect(stack.resolve(values)).toEqual([{ Ref: 'AWS::AccountId' }, { 'Fn::Join': ['', ['a-', { Ref: 'AWS::Region' }]] }]);
  });

  test('may be said late', () => expect(written({ filter: Lazy.any({ produce: () => VALID.filter }) })).toEqual({ filter: VALID.filter }));
});

describe('an error names the target, the place and the cure', () => {
  test.each<[string, object, string, string]>([
    ['an operator that there is not', { filter: { body: { a: [{ contains: 'x' }] } } }, 'target "big": filter at "body.a" has the operator "contains"', 'wildcard'],
    ['a value without its list', { filter: { body: { data: { total: 5 } } } }, 'target "big": filter at "body.data.total" is 5', 'as a list'],
    ['a range that is empty', { filter: { body: { a: [{ numeric: ['>', 5, '<', 5] }] } } }, 'target "big": filter at "body.a"', 'not below'],
    ['an error behind a token', { filter: { body: { a: Lazy.any({ produce: () => [{ contains: 'x' }] }) } } }, 'target "big": filter at "body.a"', 'wildcard'],
    ['a header with a credential', { filter: { headers: { authorization: ['x'] } } }, 'target "big": filter at "headers.authorization"', 'credential'],
    ['a filter of nothing', { filter: {} }, 'target "big": filter at "filter" is empty', 'leave it out'],
    ['a network that only the deployment knows', { filter: { body: { a: [{ cidr: Aws.REGION }] } } }, 'target "big": filter at "body.a"', 'known at deployment'],
    ['a number that only the deployment knows', { filter: { body: { a: [{ numeric: ['>', Token.asNumber({ Ref: 'X' })] }] } } }, 'target "big": a number', 'plain number'],
    ['a name that only the deployment knows', { filter: { body: { [Aws.REGION]: ['x'] } } }, 'target "big": a name of a field in the filter is known only', 'plain name'],
    ['no type', { eventTypes: [] }, 'target "big": eventTypes []', 'invoice.*'],
    ['a type that is empty', { eventTypes: [''] }, 'target "big": eventTypes has ""', '1 to 256'],
    ['a type that is too long', { eventTypes: ['x'.repeat(257)] }, 'target "big": eventTypes has "x', '1 to 256'],
    ['a type that is a number', { eventTypes: [5] }, 'target "big": eventTypes has 5', '1 to 256'],
  ])('%s', (_what, change, where, cure) => {
    expect(check({ ...VALID, ...change })).toThrow(where);
    expect(check({ ...VALID, ...change })).toThrow(cure);
  });

  test('of types that only the deployment knows', () => {
    const types = new CfnParameter(stack, 'Types', { type: 'CommaDelimitedList' }).valueAsList;
    expect(check({ eventTypes: types })).toThrow('target "big": eventTypes "(known at deployment)"');
  });
});
