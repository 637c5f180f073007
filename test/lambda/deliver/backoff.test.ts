import fc from 'fast-check';
import { bracket, explainedReceives, pauseSeconds, threePausesSeconds, type Pause } from '../../../lambda/deliver/backoff';
import { deliverConfig, HOUR } from '../support/deliver';

const { retry } = deliverConfig;
const valid: Pause = { ageSeconds: 0, receivedSecondsAgo: 0, slower: false };
const pause = (difference: Partial<Pause>, random = 0.5) => pauseSeconds(retry, { ...valid, ...difference }, random);

test.each([
  [-5, 5], [0, 5], [3.9, 5], [4, 30], [27.9, 30], [28, 120], [123.9, 120], [124, 600], [603.9, 600], [604, 1_800], [2_043.9, 1_800], [2_044, 3_600],
  [300_000, 3_600],
])('at %d seconds the pause is %d', (age, seconds) => {
  expect(bracket(retry.delaysSeconds, age)).toBe(seconds);
  expect(pause({ ageSeconds: age })).toBe(seconds);
});

test.each([[0, 4], [0.5, 5], [0.999, 6]])('a random %d makes 5 seconds %d', (random, seconds) => {
  expect(pause({}, random)).toBe(seconds);
});

test('each step comes once, whatever the jitter is, until the last, which repeats', () => {
  const delays = fc.array(fc.integer({ min: 1, max: 3_600 }), { minLength: 1, maxLength: 8 }).map((list) => list.sort((a, b) => a - b));
  const twelve = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 12, maxLength: 12 });
  fc.assert(fc.property(delays, twelve, (delaysSeconds, randoms) => {
    let age = 0;
    randoms.forEach((random, attempt) => {
      const step = delaysSeconds[Math.min(attempt, delaysSeconds.length - 1)]!;
      // A pause of whole seconds may be up to one longer than the jitter says, so short steps may be passed over, never repeated.
      const given = bracket(delaysSeconds, age);
      expect(given).toBeGreaterThanOrEqual(step);
      age += pauseSeconds({ delaysSeconds, maxAgeSeconds: 1 }, { ...valid, ageSeconds: age }, random);
    });
  }));
});

test('the standard schedule makes 77 attempts in 72 hours', () => {
  let attempts = 0;
  for (let age = 0; age <= 72 * HOUR; age += pause({ ageSeconds: age })) attempts++;
  expect(attempts).toBe(77);
});

test('a target with too much to do is given twice the pause', () => {
  expect(pause({ slower: true })).toBe(10);
  expect(pause({ slower: true, ageSeconds: HOUR })).toBe(2 * HOUR);
});

test.each([
  // Never earlier than the schedule's shortest, never later than twice its pause or an hour, each with its chance.
  ['0', 0, 0, 4], ['1', 1, 0, 4], ['5', 5, 0, 5], ['120', 120, 0, 120], ['an hour', 3_600, 0, 3_600], ['a day', 86_400, 0, 3_600], ['for ever', 1e11, 0, 3_600],
  ['1, later', 1, HOUR, 2_880], ['90 minutes, later', 5_400, HOUR, 5_400], ['a day, later', 86_400, HOUR, 7_200],
])('row 30: Retry-After %s', (_what, retryAfterSeconds, ageSeconds, seconds) => {
  expect(pause({ retryAfterSeconds, ageSeconds }, 0)).toBe(seconds);
});

test('row 30: what a target asks for is spread out, but only later', () => {
  expect(pause({ retryAfterSeconds: 100 }, 0)).toBe(100);
  expect(pause({ retryAfterSeconds: 100 }, 0.999)).toBe(120);
  expect(pause({ retryAfterSeconds: 3_600 }, 0.999)).toBe(4_320);
});

test('row 30: no Retry-After takes the spread away: what failed together does not come back together, and never before it was asked to', () => {
  const randoms = Array.from({ length: 100 }, (_none, index) => index / 100);
  for (const ageSeconds of [0, 100, 9_000]) {
    for (const retryAfterSeconds of [0, 1, 5, 30, 3_000, 3_600, 7_200, 86_400]) {
      const pauses = randoms.map((random) => pause({ retryAfterSeconds, ageSeconds }, random));
      const shortest = Math.min(...pauses);
      expect(Math.max(...pauses) - shortest).toBeGreaterThanOrEqual(Math.floor(0.19 * shortest));
      expect(shortest).toBeGreaterThanOrEqual(Math.min(retryAfterSeconds, 3_600));
      randoms.forEach((random, index) => { expect(pauses[index]).toBeGreaterThanOrEqual(pause({ ageSeconds }, random)); });
    }
  }
});

test.each([
  [43_200, 0, 43_140], [43_200, 600, 42_540], [43_200, 43_100, 40], [43_200, 43_139, 1], [43_200, 50_000, 1], [86_400, 0, 43_140], [10, 43_000, 12],
])('H7: a pause of %d seconds, %d after the receive, is %d', (delay, receivedSecondsAgo, seconds) => {
  expect(pauseSeconds({ delaysSeconds: [delay], maxAgeSeconds: 1 }, { ...valid, receivedSecondsAgo }, 0.99)).toBe(seconds);
});

test('a pause is a whole number that SQS takes, whatever it is made of', () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 1, max: 100_000 }), { maxLength: 5 }), fc.double({ min: -10, max: 1e7, noNaN: true }),
    fc.double({ min: 0, max: 900, noNaN: true }),
    fc.boolean(), fc.option(fc.double({ min: 0, max: 1e12, noNaN: true }), { nil: undefined }), fc.double({ min: 0, max: 0.999, noNaN: true }),
    (delaysSeconds, ageSeconds, receivedSecondsAgo, slower, retryAfterSeconds, random) => {
      const seconds = pauseSeconds({ delaysSeconds, maxAgeSeconds: 1 }, { ageSeconds, receivedSecondsAgo, slower, retryAfterSeconds }, random);
      expect(Number.isInteger(seconds)).toBe(true);
      expect(seconds).toBeGreaterThanOrEqual(1);
      expect(seconds + receivedSecondsAgo).toBeLessThanOrEqual(43_140 + 1);
    }));
});

test.each([
  [-5, 1], [0, 1], [3.9, 1], [4, 2], [27.9, 2], [28, 3], [124, 4], [604, 5], [2_044, 6], [4_923.9, 6], [4_924, 7], [7_804, 8], [72 * HOUR, 95],
])('H5: %d seconds after its first receive, %d receives may all have been attempts', (age, receives) => {
  expect(explainedReceives(retry, age)).toBe(receives);
});

test.each<[number[], number, number]>([
  [[], 100_000, 1], [[10], 7.9, 1], [[10], 8, 2], [[10], 80, 11], [[3_600, 60], 2_880, 2], [[3_600, 60], 2_928, 3], [[3_600, 60], 2_976, 4],
])('H5: the pauses %j in %d seconds explain %d receives', (delaysSeconds, age, receives) => {
  expect(explainedReceives({ delaysSeconds, maxAgeSeconds: 1 }, age)).toBe(receives);
});

test('H5: no attempt that the schedule makes is left unexplained', () => {
  const delays = fc.array(fc.integer({ min: 1, max: 3_600 }), { minLength: 1, maxLength: 8 });
  const randoms = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 30, maxLength: 30 });
  fc.assert(fc.property(delays, randoms, (delaysSeconds, list) => {
    const schedule = { delaysSeconds, maxAgeSeconds: 1 };
    let age = 0;
    list.forEach((random, index) => {
      expect(explainedReceives(schedule, age)).toBeGreaterThanOrEqual(index + 1);
      age += pauseSeconds(schedule, { ...valid, ageSeconds: age }, random);
    });
  }));
});

test.each<[number[], number]>([[[5, 30, 120, 600], 186], [[10], 36], [[10, 20], 60], [[], 0]])('three pauses of %j take at most %d seconds', (delaysSeconds, seconds) => {
  expect(threePausesSeconds({ delaysSeconds, maxAgeSeconds: 1 })).toBeCloseTo(seconds);
});
