import { planSchedules, scheduledRules } from '../../../local/run/schedules';
import { functionResources } from '../../../local/run/functions';
import { rateMinutes } from '../../../local/schedule/rate';
import { createBuckets } from '../../../local/run/buckets';
import type { ExpiryRule } from '../../../local/s3/bucket';
import { deploy, lambdaFunction, recorder, resource } from './deploy';

const F = 'arn:aws:lambda:eu-west-1:000000000000:function:f';
const RULE = 'arn:aws:events:eu-west-1:000000000000:rule/minutely';

describe('a rule', () => {
  const target = { Id: 'T', Arn: { 'Fn::GetAtt': ['F', 'Arn'] } };

  function plan(properties: object) {
    const { warn, warned } = recorder();
    const deployment = deploy({
      F: lambdaFunction({ FunctionName: 'f' }), Q: resource('AWS::SQS::Queue', { QueueName: 'q' }),
      R: resource('AWS::Events::Rule', { Name: 'minutely', ScheduleExpression: 'rate(1 minute)', State: 'ENABLED', Targets: [target], ...properties }),
    });
    return { schedules: planSchedules(deployment, functionResources(deployment), warn), warned, rules: scheduledRules(deployment) };
  }

  test('with a rate runs', () => {
    expect(plan({})).toEqual({ schedules: [{ ruleArn: RULE, everyMinutes: 1, targets: [{ functionArn: F }] }], warned: [], rules: [RULE] });
    expect(plan({ State: undefined }).schedules).toHaveLength(1);
  });

  test('has an input in place of its event', () => {
    expect(plan({ Targets: [{ ...target, Input: '{"a":[1]}' }] }).schedules[0]?.targets).toEqual([{ functionArn: F, input: { a: [1] } }]);
  });

  test('that is off does not run, and nobody is told: it would not run on AWS', () => {
    expect(plan({ State: 'DISABLED' })).toEqual({ schedules: [], warned: [], rules: [RULE] });
  });

  test('of events has no schedule', () => {
    expect(plan({ ScheduleExpression: undefined, EventPattern: { source: ['x'] } })).toEqual({ schedules: [], warned: [], rules: [] });
  });

  test.each<[string, object, RegExp]>([
    ['a cron expression', { ScheduleExpression: 'cron(0 12 * * ? *)' }, /^not-run: the rule "R" of stack "Main" is left out: its schedule is "cron\(0 12 \* \* \? \*\)"/],
    ['a function of another app', { Targets: [{ Id: 'T', Arn: `${F}-of-another` }] }, /^not-run: a target of the rule "R" .*is in no stack/],
    ['a queue behind it', { Targets: [{ Id: 'T', Arn: { 'Fn::GetAtt': ['Q', 'Arn'] } }] }, /^not-run: a target of the rule "R" /],
    ['a changed event', { Targets: [{ ...target, InputPath: '$.detail' }] }, /^not-run: a target of the rule "R" .*InputPath/],
    ['what cannot be resolved', { Targets: [{ Id: 'T', Arn: { 'Fn::GetAtt': ['Q', 'Nothing'] } }] }, /^unresolvable: .*"Nothing"/],
  ])('with %s is left out, and named once', (_name, properties, message) => {
    expect(plan(properties)).toEqual({ schedules: [], warned: [expect.stringMatching(message)], rules: [RULE] });
  });
});

test.each<[string, number | undefined]>([
  ['rate(1 minute)', 1], ['rate(5 minutes)', 5], ['rate(1 hour)', 60], ['rate(12 hours)', 720], ['rate(1 day)', 1440], ['rate(7 days)', 10_080],
  ['rate(1 minutes)', undefined], ['rate(5 minute)', undefined], ['rate(0 minutes)', undefined], ['rate(1.5 hours)', undefined], ['rate(1 week)', undefined],
  ['cron(0 12 * * ? *)', undefined], ['at(2026-11-20T12:00:00)', undefined], [' rate(1 minute)', undefined],
])('%s is every %p minutes', (expression, minutes) => {
  expect(rateMinutes(expression)).toBe(minutes);
});

test('a bucket has those rules of its life cycle that end objects', () => {
  const made: { [name: string]: ExpiryRule[] } = {};
  const Rules = [
    { Status: 'Enabled', ExpirationInDays: 15, Prefix: 'payloads/' }, { Status: 'Enabled', ExpirationInDays: 30 }, { Status: 'Disabled', ExpirationInDays: 1 },
    { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
  ];
  const deployment = deploy({ B: resource('AWS::S3::Bucket', { BucketName: 'b', LifecycleConfiguration: { Rules } }), Plain: resource('AWS::S3::Bucket') });
  createBuckets(deployment, { addBucket: (name, rules) => { made[name] = rules; } });
  expect(Object.entries(made)).toEqual([
    ['b', [{ prefix: 'payloads/', days: 15 }, { prefix: '', days: 30 }]], [expect.stringMatching(/^main-plain-[a-z0-9]{12}$/), []],
  ]);
});
