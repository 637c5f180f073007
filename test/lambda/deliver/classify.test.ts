import type { AttemptOutcome, SendResult } from '../../../lib/contract/sender';
import { classify, overflow, readResult, wantsNoMore, type Ages } from '../../../lambda/deliver/classify';
import { answers, DAY, deliverConfig, HOUR } from '../support/deliver';

const { retry } = deliverConfig;
const aged = (age: number | Partial<Ages>): Ages => typeof age === 'number' ? { seconds: age, tryingSeconds: age } : { seconds: 0, tryingSeconds: 0, ...age };
const verdict = (result: SendResult, age: number | Partial<Ages> = 0, schedule = retry) => classify(result, aged(age), { retry: schedule });
const reason = (result: SendResult, age: number | Partial<Ages> = 0, schedule = retry) => {
  const decided = verdict(result, age, schedule);
  return decided.kind === 'dead-letter' ? decided.reason : decided.kind;
};

test.each([200, 201, 202, 204, 299])('%d is delivered, at any age', (status) => {
  expect(verdict(answers(status), 100 * DAY)).toEqual({ kind: 'delivered' });
});

test.each([301, 302, 304, 307, 308, 401, 402, 403, 404, 407, 408, 409, 412, 418, 421, 425, 426, 428, 429, 451, 500, 502, 503, 504, 505, 599])(
  'row 31, row 32: %d is tried again until the window ends', (status) => {
    expect(reason(answers(status))).toBe('retry');
    expect(reason(answers(status), 4 * DAY)).toBe('retry');
    expect(reason(answers(status), 4 * DAY + 1)).toBe('expired');
  });

test.each([400, 405, 406, 411, 413, 414, 415, 422, 431, 501])('row 32: %d is tried again for an hour', (status) => {
  expect(reason(answers(status))).toBe('retry');
  expect(reason(answers(status), HOUR - 1)).toBe('retry');
  expect(verdict(answers(status), HOUR)).toEqual({ kind: 'dead-letter', reason: 'rejected', detail: `the target answered ${status}, and has had an hour to think better of it` });
});

test('row 32: the hour begins when the target has its first chance, not while the event waits for its turn', () => {
  expect(reason(answers(422), { seconds: 3 * DAY, tryingSeconds: HOUR - 1 })).toBe('retry');
  expect(reason(answers(422), { seconds: 3 * DAY, tryingSeconds: HOUR })).toBe('rejected');
});

test('row 32: which statuses mean so is the target\'s to say', () => {
  const decide = (status: number) => classify(answers(status), aged(HOUR), { retry, permanentStatusCodes: [404, 500] });
  expect([404, 500].map((status) => decide(status).kind)).toEqual(['dead-letter', 'dead-letter']);
  expect([422, 400, 501].map((status) => decide(status).kind)).toEqual(['retry', 'retry', 'retry']);
  expect(classify(answers(422), aged(HOUR), { retry, permanentStatusCodes: [] }).kind).toBe('retry');
});

test('row 33: 410 is gone at once', () => {
  expect(verdict(answers(410))).toMatchObject({ kind: 'dead-letter', reason: 'gone', detail: expect.stringContaining('410') });
});

test('row 33: a target may say in another way that it wants no more', () => {
  expect(verdict(answers(400, { gone: true, detail: 'the target answered 400 and webhook-delivery: disable' })))
    .toEqual({ kind: 'dead-letter', reason: 'gone', detail: 'the target answered 400 and webhook-delivery: disable: it does not want this event, now or later' });
  expect(reason({ outcome: 'status', status: 503, gone: true, permanent: true })).toBe('gone');
  expect(reason({ outcome: 'delivered', status: 200, gone: true })).toBe('delivered');
});

test.each<[SendResult, boolean]>([
  [answers(410), true], [answers(400, { gone: true }), true], [{ outcome: 'delivered', status: 200, gone: true }, true], [answers(404), false], [answers(200), false],
])('%j wants no more events: %s', (result, expected) => {
  expect(wantsNoMore(result)).toBe(expected);
});

test.each([[429, true], [502, true], [504, true], [500, false], [503, false], [404, false]])('after %d the pause is longer: %s', (status, slower) => {
  expect(verdict(answers(status))).toEqual({ kind: 'retry', slower });
});

test('the pause that a target asks for is passed on', () => {
  expect(verdict(answers(503, { retryAfterSeconds: 7 }))).toEqual({ kind: 'retry', slower: false, retryAfterSeconds: 7 });
});

test.each<[AttemptOutcome, string]>([
  ['timeout', 'retry'], ['reset', 'retry'], ['refused', 'retry'], ['dns', 'retry'], ['tls', 'retry'], ['aws', 'retry'], ['throttled', 'retry'],
  ['transform', 'retry'], ['blocked', 'blocked'],
])('%s is %s', (outcome, expected) => {
  expect(reason({ outcome, status: null, detail: 'why' })).toBe(expected);
  expect(reason({ outcome, status: null }, 4 * DAY)).toBe(expected);
  expect(reason({ outcome, status: null }, 4 * DAY + 1)).toBe(outcome === 'transform' ? 'transform' : expected === 'retry' ? 'expired' : expected);
});

test('a transform that fails has the window to be repaired, and its message is kept', () => {
  const failed: SendResult = { outcome: 'transform', status: null, detail: 'the transform failed: x is not a function' };
  expect(verdict(failed, 4 * DAY + 1)).toEqual({ kind: 'dead-letter', reason: 'transform',
    detail: 'not delivered within 345600 seconds; at last, the transform failed: x is not a function' });
  expect(reason({ ...failed, permanent: true })).toBe('rejected');
});

test.each<[string, Partial<Ages>, string]>([
  ['just now', { resumedSeconds: 0 }, 'retry'], ['for the time of three long pauses', { resumedSeconds: 186 }, 'retry'], ['for longer', { resumedSeconds: 187 }, 'expired'],
  ['in the function\'s future', { resumedSeconds: -5 }, 'retry'],
])('an event beyond its window whose breaker has been closed %s: %s', (_how, ages, expected) => {
  expect(reason(answers(503), { seconds: 5 * DAY, tryingSeconds: 0, ...ages })).toBe(expected);
  expect(reason(answers(503), { seconds: 3 * DAY, tryingSeconds: 0, ...ages })).toBe('retry');
});

test('a full backlog takes the place of a retry after an hour of failures', () => {
  expect(overflow(answers(503), { seconds: 3 * DAY, tryingSeconds: HOUR - 1 })).toBeUndefined();
  expect(overflow(answers(503), aged(HOUR))).toMatchObject({ kind: 'dead-letter', reason: 'retry-backlog-full', detail: expect.stringContaining('the target answered 503') });
});

test.each<[unknown, unknown]>([
  [undefined, undefined], [null, undefined], ['delivered', undefined], [{}, undefined], [{ outcome: 'fine' }, undefined], [{ outcome: 'constructor' }, undefined],
  [{ outcome: 5 }, undefined],
  [{ outcome: 'delivered' }, { outcome: 'delivered', status: null }],
  [{ outcome: 'status', status: '503', detail: 5, permanent: 'yes', gone: 1, retryAfterSeconds: NaN }, { outcome: 'status', status: null }],
  [answers(503, { detail: 'x', permanent: true, gone: true, retryAfterSeconds: 5 }), { outcome: 'status', status: 503, detail: 'x', permanent: true, gone: true, retryAfterSeconds: 5 }],
  [answers(503, { permanent: false, gone: false }), { outcome: 'status', status: 503 }],
])('of what a sender answers, %j, this is taken: %j', (value, result) => {
  expect(readResult(value)).toEqual(result);
});

test('throttling by a service is a longer pause', () => {
  expect(verdict({ outcome: 'throttled', status: null })).toEqual({ kind: 'retry', slower: true });
});

test('a sender may say that no retry helps', () => {
  expect(verdict({ outcome: 'aws', status: null, detail: 'the event is too big', permanent: true }))
    .toEqual({ kind: 'dead-letter', reason: 'rejected', detail: 'the event is too big, which no retry will change' });
});

test('the detail of an expired event says how it ended', () => {
  const { detail } = verdict({ outcome: 'timeout', status: null, detail: 'the target did not answer in time' }, 5 * DAY) as { detail: string };
  expect(detail).toBe('not delivered within 345600 seconds; at last, the target did not answer in time');
  expect((verdict(answers(500), 5 * DAY) as { detail: string }).detail).toContain('the target answered 500');
});

test('a schedule without pauses makes one attempt', () => {
  expect(reason(answers(500), 0, { delaysSeconds: [], maxAgeSeconds: 60 })).toBe('expired');
});
