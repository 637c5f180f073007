import { findGateways, sourcesByName, targetsByName } from '../../../local/run/gateways';
import { readyTarget, targetOverrides } from '../../../local/run/targets';
import { deployAll, lambdaFunction, resource } from './deploy';

const target = { kind: 'http', queue: 'Q', deadLetterQueue: 'D', function: 'F', mapping: 'M', url: 'https://example.com/hooks' };
const source = { path: '/x', scheme: {}, secret: { key: 'utf8' }, function: 'F' };

/** A stack with one gateway for each entry: path and names of its targets. */
function stack(gateways: { [path: string]: string[] }) {
  return {
    Resources: { F: lambdaFunction({ FunctionName: 'f' }), Q: resource('AWS::SQS::Queue', { QueueName: 'q' }), D: resource('AWS::SQS::Queue', { QueueName: 'd' }) },
    Metadata: Object.fromEntries(Object.entries(gateways).map(([path, names]) => [`cdk-webhooks:${path}`, {
      version: 1, gateway: path, api: 'Api', sources: { only: source }, targets: Object.fromEntries(names.map((name) => [name, target])),
    }])),
  };
}

const targetsOf = (stacks: Parameters<typeof deployAll>[0]) => targetsByName(findGateways(deployAll(stacks)));

test('a name is told alone where no other gateway has it', () => {
  expect([...targetsOf({ One: stack({ 'One/A': ['billing'] }), Two: stack({ 'Two/A': ['audit'] }) }).keys()]).toEqual(['billing', 'audit']);
});

test('a name that gateways of two stacks share has the stack before it, the others have not', () => {
  const stacks = { One: stack({ 'One/A': ['billing', 'audit'] }), Two: stack({ 'Two/A': ['billing'] }) };
  expect([...targetsOf(stacks).keys()]).toEqual(['One/billing', 'audit', 'Two/billing']);
  expect([...sourcesByName(findGateways(deployAll(stacks))).keys()]).toEqual(['One/only', 'Two/only']);
});

test('a name that gateways of one stack share has the construct path before it', () => {
  expect([...targetsOf({ One: stack({ 'One/A': ['billing'], 'One/B': ['billing'] }) }).keys()]).toEqual(['One/A/billing', 'One/B/billing']);
});

test('metadata of others is no gateway', () => {
  expect(findGateways(deployAll({ One: { ...stack({ 'One/A': [] }), Metadata: { ...stack({ 'One/A': [] }).Metadata, other: {} } } }))).toHaveLength(1);
});

test('fails when there is no gateway, and tells the stacks', () => {
  expect(() => findGateways(deployAll({ One: {}, Two: {} }))).toThrow(expect.objectContaining({ code: 'no-gateway', message: expect.stringContaining('"One", "Two"') }));
});

describe('a target', () => {
  const targets = targetsOf({ One: stack({ 'One/A': ['billing'] }) });
  const only = [...targets.values()][0]!;

  test('is told with its queues, and its URL without user and query', () => {
    expect(readyTarget(only, undefined)).toEqual({
      kind: 'http', url: 'https://example.com/hooks', queueUrl: 'http://127.0.0.1:1/000000000000/q', deadLetterQueueUrl: 'http://127.0.0.1:1/000000000000/d',
    });
    expect(readyTarget(only, 'http://me:hush@127.0.0.1:9/x?token=hush').url).toBe('http://127.0.0.1:9/x');
  });

  test('is sent elsewhere by the variable of its function', () => {
    expect([...targetOverrides(targets, { billing: 'http://127.0.0.1:9/x?a=1' })]).toEqual([
      ['arn:aws:lambda:eu-west-1:000000000000:function:f', { TARGET_URL: 'http://127.0.0.1:9/x?a=1' }],
    ]);
  });

  test('that has no URL cannot be sent elsewhere', () => {
    const queue = new Map([['audit', { ...only, part: { ...only.part, kind: 'queue' } }]]);
    expect(() => targetOverrides(queue, { audit: 'http://127.0.0.1:9' })).toThrow(expect.objectContaining({ code: 'invalid-target', message: expect.stringContaining('"queue"') }));
  });
});
