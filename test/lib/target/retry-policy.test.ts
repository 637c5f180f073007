import { Duration, Lazy } from 'aws-cdk-lib';
import { ExponentialRetryOptions, RetryPolicy, WebhookTarget } from '../../../lib';
import { gateway, valid } from '../fixture';

const { seconds, minutes, hours } = Duration;

test('an exponential policy goes from 5 seconds to an hour by default', () => {
  expect(RetryPolicy.exponential()._schedule).toEqual({
    delaysSeconds: [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600],
    maxAgeSeconds: 345_600,
  });
});

test.each<[ExponentialRetryOptions, number[]]>([
  [{ initialDelay: seconds(1), maxDelay: seconds(1) }, [1]],
  [{ initialDelay: seconds(1), maxDelay: seconds(4) }, [1, 2, 4]],
  [{ initialDelay: seconds(3), factor: 1.5, maxDelay: seconds(10) }, [3, 5, 7, 10]],
  [{ initialDelay: minutes(1), factor: 10, maxDelay: hours(11) }, [60, 600, 6000, 39_600]],
])('%j pauses for %j', (options, delaysSeconds) => {
  expect(RetryPolicy.exponential(options)._schedule.delaysSeconds).toEqual(delaysSeconds);
});

test('every exponential policy pauses for whole seconds that never shrink, up to the longest', () => {
  for (const factor of [1.1, 1.37, 2, 10]) {
    const { delaysSeconds } = RetryPolicy.exponential({ initialDelay: seconds(1), factor, maxDelay: hours(11) })._schedule;
    expect(delaysSeconds.every(Number.isInteger)).toBe(true);
    expect([...delaysSeconds].sort((a, b) => a - b)).toEqual(delaysSeconds);
    expect(delaysSeconds.at(-1)).toBe(39_600);
  }
});

test.each<[ExponentialRetryOptions, string]>([
  [{ initialDelay: seconds(0) }, 'initialDelay must be whole seconds from 1 second to 11 hours, got 0 seconds'],
  [{ initialDelay: Duration.millis(1500) }, 'initialDelay must be whole seconds'],
  [{ maxDelay: hours(12) }, 'maxDelay must be whole seconds from 1 second to 11 hours, got 12 hours'],
  [{ initialDelay: hours(2) }, 'maxDelay must be initialDelay (7200 s) or more, got 3600 s'],
  [{ factor: 1 }, 'factor must be a number from 1.1 to 10, got 1; for pauses of the same length give initialDelay and maxDelay the same value'],
  [{ factor: 11 }, 'factor must be a number from 1.1 to 10, got 11'],
  [{ factor: NaN }, 'factor must be a number from 1.1 to 10, got NaN'],
  [{ factor: Lazy.number({ produce: () => 2 }) }, 'factor must be a number from 1.1 to 10'],
  [{ maxAge: seconds(59) }, 'maxAge must be whole seconds from 1 minute to 13 days, got 59 seconds'],
])('fails when an exponential policy has %j', (options, message) => {
  expect(() => RetryPolicy.exponential(options)).toThrow(message);
});

test('a schedule pauses from one age to the next, and is over about the last', () => {
  expect(RetryPolicy.schedule([seconds(5), minutes(5), minutes(35), hours(3)])._schedule).toEqual({
    delaysSeconds: [5, 295, 1800, 8700],
    maxAgeSeconds: 10_800 - 4350,
  });
});

test('a schedule of one age makes two attempts', () => {
  expect(RetryPolicy.schedule([minutes(1)])._schedule).toEqual({ delaysSeconds: [60], maxAgeSeconds: 30 });
});

test.each<[string, Duration[], string]>([
  ['empty', [], 'a schedule has 1 to 100 ages, got 0; for a single attempt use RetryPolicy.none()'],
  ['too long', Array.from({ length: 101 }, (_, index) => minutes(index + 1)), 'a schedule has 1 to 100 ages, got 101'],
  ['not ascending', [minutes(5), minutes(5)], 'the ages of a schedule must ascend by 1 second to 11 hours, got 300 s after 300 s'],
  ['in the wrong order', [minutes(5), minutes(4)], 'got 240 s after 300 s'],
  ['with a pause that SQS cannot make', [minutes(5), hours(12)], 'got 43200 s after 300 s: SQS hides a message for 12 hours at most'],
  ['with a first pause that SQS cannot make', [hours(12)], 'got 43200 s after 0 s'],
  ['with the first attempt in it', [seconds(0), minutes(1)], 'age 1 of the schedule must be whole seconds from 1 second to 13 days, got 0 seconds'],
])('fails when a schedule is %s', (_, ages, message) => {
  expect(() => RetryPolicy.schedule(ages)).toThrow(message);
});

test('a single attempt may wait for as long as the others', () => {
  expect(RetryPolicy.none()._schedule).toEqual({ delaysSeconds: [], maxAgeSeconds: 345_600 });
});

test.each([
  ['standard', RetryPolicy.standard()],
  ['exponential', RetryPolicy.exponential()],
  ['the example of Standard Webhooks', RetryPolicy.schedule([
    seconds(5), seconds(305), seconds(2105), seconds(9305), seconds(27_305), seconds(63_305), seconds(99_305),
  ])],
  ['none', RetryPolicy.none()],
])('a queue keeps an event for as long as %s lasts', (_, retryPolicy) => {
  expect(() => gateway({ ...valid(), targets: { billing: WebhookTarget.http('https://billing.example.com', { retryPolicy }) } })).not.toThrow();
});

test('fails when a schedule lasts longer than a queue keeps events', () => {
  const ages = Array.from({ length: 30 }, (_, index) => hours(11 * (index + 1)));
  expect(() => gateway({ ...valid(), targets: { billing: WebhookTarget.http('https://billing.example.com', { retryPolicy: RetryPolicy.schedule(ages.slice(0, 28)) }) } }))
    .toThrow('retry window of target "billing" is 13.');
  expect(() => RetryPolicy.schedule(ages)).toThrow('age 29 of the schedule');
});
