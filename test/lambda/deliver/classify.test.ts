import type { AttemptOutcome, SendResult } from '../../../lib/contract/sender';
import { classify } from '../../../lambda/deliver/classify';
import { answers, DAY, deliverConfig, HOUR } from '../support/deliver';

const { retry } = deliverConfig;
const verdict = (result: SendResult, age = 0, schedule = retry) => classify(result, age, schedule);
const reason = (result: SendResult, age = 0, schedule = retry) => {
  const decided = verdict(result, age, schedule);
  return decided.kind === 'dead-letter' ? decided.reason : decided.kind;
};

test.each([200, 201, 202, 204, 299])('%d is delivered, at any age', (status) => {
  expect(verdict(answers(status), 100 * DAY)).toEqual({ kind: 'delivered' });
});

test.each([301, 302, 304, 307, 308, 401, 402, 403, 404, 407, 408, 409, 412, 418, 421, 425, 426, 428, 429, 451, 500, 502, 503, 504, 505, 599])(
  'row 31, 32: %d is tried again until the window ends', (status) => {
    expect(reason(answers(status))).toBe('retry');
    expect(reason(answers(status), 4 * DAY)).toBe('retry');
    expect(reason(answers(status), 4 * DAY + 1)).toBe('expired');
  });

test.each([400, 405, 406, 411, 413, 414, 415, 422, 431, 501])('row 32: %d is tried again for an hour', (status) => {
  expect(reason(answers(status))).toBe('retry');
  expect(reason(answers(status), HOUR - 1)).toBe('retry');
  expect(verdict(answers(status), HOUR)).toEqual({ kind: 'dead-letter', reason: 'rejected', detail: `the target has answered ${status} for more than an hour` });
});

test('row 33: 410 is gone at once', () => {
  expect(verdict(answers(410))).toMatchObject({ kind: 'dead-letter', reason: 'gone', detail: expect.stringContaining('410') });
});

test.each([[429, true], [502, true], [504, true], [500, false], [503, false], [404, false]])('after %d the pause is longer: %s', (status, slower) => {
  expect(verdict(answers(status))).toEqual({ kind: 'retry', slower });
});

test('the pause that a target asks for is passed on', () => {
  expect(verdict(answers(503, { retryAfterSeconds: 7 }))).toEqual({ kind: 'retry', slower: false, retryAfterSeconds: 7 });
});

test.each<[AttemptOutcome, string]>([
  ['timeout', 'retry'], ['reset', 'retry'], ['refused', 'retry'], ['dns', 'retry'], ['tls', 'retry'], ['aws', 'retry'], ['throttled', 'retry'],
  ['blocked', 'blocked'], ['transform', 'transform'],
])('%s is %s', (outcome, expected) => {
  expect(reason({ outcome, status: null, detail: 'why' })).toBe(expected);
  expect(reason({ outcome, status: null }, 4 * DAY + 1)).toBe(expected === 'retry' ? 'expired' : expected);
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
