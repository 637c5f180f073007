import type { SendResult } from '../../../lib/contract/sender';
import { AwsCallError } from '../../../lambda/shared/aws-error';
import { answers, DAY, deliver, deliverConfig, envelope, HOUR, NOW, record } from '../support/deliver';

const awsFailure = () => Promise.reject(new AwsCallError('sqs Action', 'unavailable', 'ServiceUnavailable', 503));
const names = (lines: { event: string }[]) => lines.map(({ event }) => event);
const reasons = (queue: ReturnType<typeof deliver>) => queue.deadLetters.map(({ attributes }) => attributes['Reason']);

describe('a dead letter', () => {
  const ends: [string, SendResult, number, string][] = [
    ['row 32: an answer that stays wrong', answers(422), HOUR, 'rejected'],
    ['row 33: 410', answers(410), 0, 'gone'],
    ['the end of the window', answers(503), 4 * DAY + 1, 'expired'],
  ];

  test.each(ends)('is made by %s', async (_what, result, sent, reason) => {
    const queue = deliver(result);
    expect(await queue.run([record(undefined, { sent, receives: 7 })])).toEqual([]);
    expect(queue.deadLetters).toEqual([{ body: JSON.stringify(envelope), attributes: expect.objectContaining({
      Reason: reason, Status: String(result.status), Attempts: '7', Target: 'billing', EnqueuedAt: new Date(NOW - sent * 1_000).toISOString(),
    }) }]);
    expect(queue.visibility).toEqual({});
    expect(queue.lines).toMatchObject([
      { event: 'attempt', retryInSeconds: null, status: result.status },
      { event: 'dead-lettered', id: envelope.id, source: 'stripe', target: 'billing', attempts: 7, status: result.status, reason, detail: expect.any(String) },
    ]);
  });

  test('row 51: keeps the message until the dead-letter queue has it', async () => {
    let works = false;
    const sendDeadLetter = () => works ? Promise.resolve() : awsFailure();
    const queue = deliver(answers(410), { sendDeadLetter });
    expect(await queue.run([record()])).toEqual(['m1']);
    expect(queue.visibility).toEqual({ 'handle of m1': 60 });
    expect(names(queue.lines)).toEqual(['attempt', 'warning']);
    works = true;
    expect(await queue.run([record()])).toEqual([]);
    expect(names(queue.lines).at(-1)).toBe('dead-lettered');
  });

  test('is not made twice of a message that comes again', async () => {
    const queue = deliver(answers(410));
    await queue.run([record()]);
    expect(await queue.run([record()])).toEqual([]);
    expect(queue.deadLetters).toHaveLength(1);
  });

  test.each(['garbage', '{}', JSON.stringify({ ...envelope, id: '' })])('is made of %j without an attempt', async (body) => {
    const queue = deliver();
    expect(await queue.run([record(body)])).toEqual([]);
    expect(queue.deliveries).toEqual([]);
    expect(queue.deadLetters).toMatchObject([{ body, attributes: { Reason: 'invalid' } }]);
    expect(queue.lines).toMatchObject([{ event: 'dead-lettered', id: 'm1', source: 'unknown', reason: 'invalid', status: null }]);
  });
});

describe('row 60: an envelope of a newer version', () => {
  test('waits for the function that can read it', async () => {
    const queue = deliver();
    expect(await queue.run([record({ ...envelope, v: 3 }, { sent: 3 * DAY, firstReceived: 10 })])).toEqual(['m1']);
    expect(queue.deliveries).toEqual([]);
    expect(queue.deadLetters).toEqual([]);
    expect(queue.visibility).toEqual({ 'handle of m1': 30 });
  });

  test('that waited in vain for the whole window is a dead letter, not lost with the retention', async () => {
    const queue = deliver();
    expect(await queue.run([record({ ...envelope, v: 3 }, { sent: 4 * DAY + 1 })])).toEqual([]);
    expect(queue.deadLetters).toMatchObject([{ attributes: { Reason: 'expired' } }]);
  });
});

describe('row 33: a target that wants no more events', () => {
  test.each<[string, SendResult]>([['410', answers(410)], ['another answer', answers(400, { gone: true })]])('is flagged at %s, once for a batch', async (_what, result) => {
    const queue = deliver(result);
    expect(await queue.run([record(), record(undefined, {}, 'm2')])).toEqual([]);
    expect(reasons(queue)).toEqual(['gone', 'gone']);
    expect(queue.calls.flagGone).toBe(1);
    queue.pass(60);
    await queue.run([record(undefined, {}, 'm3')]);
    expect(queue.calls.flagGone).toBe(2);
  });

  test('is flagged before the answer, after which a function may be frozen', async () => {
    const answered = jest.fn();
    let flagged: () => void = () => undefined;
    const queue = deliver(answers(410), { flagGone: () => new Promise<void>((resolve) => { flagged = resolve; }) });
    const run = queue.run([record()]).then(answered);
    await new Promise((resolve) => { setImmediate(resolve); });
    expect(answered).not.toHaveBeenCalled();
    flagged();
    await run;
    expect(answered).toHaveBeenCalledWith([]);
  });

  test('is flagged also where it takes this last one', async () => {
    const queue = deliver({ outcome: 'delivered', status: 200, gone: true });
    expect(await queue.run([record()])).toEqual([]);
    expect(queue.calls.flagGone).toBe(1);
    expect(queue.deadLetters).toEqual([]);
  });

  test('that cannot be flagged has its events dead-lettered all the same', async () => {
    const queue = deliver(answers(410), { flagGone: awsFailure });
    expect(await queue.run([record()])).toEqual([]);
    expect(reasons(queue)).toEqual(['gone']);
    expect(queue.lines).toMatchObject([{ event: 'attempt' }, { event: 'dead-lettered' }, { event: 'warning', code: 'gone-not-flagged', target: 'billing' }]);
  });

  test.each([200, 404, 503])('is not what %d means', async (status) => {
    const queue = deliver(answers(status));
    await queue.run([record()]);
    expect(queue.calls.flagGone).toBe(0);
  });
});

describe('H8: a full backlog', () => {
  const old = () => record(undefined, { sent: HOUR, receives: 6 });

  test.each([[80_001, ['retry-backlog-full']], [80_000, []], [0, []]])('of %d in flight gives up what has failed for an hour: %j', async (inFlight, expected) => {
    const queue = deliver(answers(503));
    queue.target.inFlight = inFlight;
    expect(await queue.run([old()])).toEqual(expected.length > 0 ? [] : ['m1']);
    expect(reasons(queue)).toEqual(expected);
  });

  test('spares what is young, what succeeds, and what waited for its turn', async () => {
    const queue = deliver(({ id }) => Promise.resolve(answers(id === 'evt_ok' ? 200 : 503)));
    queue.target.inFlight = 100_000;
    const waited = record(undefined, { sent: 3 * DAY, firstReceived: 0 }, 'waited');
    expect(await queue.run([record(undefined, { sent: HOUR - 1 }), record({ ...envelope, id: 'evt_ok' }, { sent: HOUR }, 'ok'), waited])).toEqual(['m1', 'waited']);
    expect(queue.deadLetters).toEqual([]);
    expect(queue.calls.inFlight).toBe(0);
  });

  test('is asked for once a minute at most', async () => {
    const queue = deliver(answers(503));
    await queue.run([old(), record(undefined, { sent: HOUR, receives: 6 }, 'm2')]);
    queue.target.inFlight = 100_000;
    queue.pass(59);
    await queue.run([old()]);
    expect([queue.calls.inFlight, queue.deadLetters.length]).toEqual([1, 0]);
    queue.pass(1);
    await queue.run([old()]);
    expect([queue.calls.inFlight, queue.deadLetters.length]).toEqual([2, 1]);
  });

  test.each<[string, () => Promise<number>]>([['fails', awsFailure], ['says nothing', async () => NaN]])('is taken for not full where the question %s', async (_how, inFlight) => {
    const queue = deliver(answers(503), { inFlight });
    expect(await queue.run([old()])).toEqual(['m1']);
    expect(queue.lines).toMatchObject([{ event: 'warning', code: 'backlog-unknown', target: 'billing' }, { event: 'attempt', retryInSeconds: 3_600 }]);
  });
});

describe('an event that waited while the breaker was open', () => {
  const closed = (secondsAgo: number) => ({ phase: 'closed' as const, since: NOW - secondsAgo * 1_000 });

  test('is tried again at the first pauses, whatever its age', async () => {
    const queue = deliver(answers(503));
    queue.target.breaker = closed(10);
    expect(await queue.run([record(undefined, { sent: 3 * DAY, receives: 10 })])).toEqual(['m1']);
    expect(queue.visibility).toEqual({ 'handle of m1': 30 });
  });

  test('and came after it closed goes by its own age', async () => {
    const queue = deliver(answers(503));
    queue.target.breaker = closed(HOUR);
    await queue.run([record(undefined, { sent: 10 })]);
    expect(queue.visibility).toEqual({ 'handle of m1': 30 });
  });

  test.each([[186, []], [187, ['expired']]])('beyond its window is given up only after %d seconds: %j', async (secondsAgo, expected) => {
    const queue = deliver(answers(503));
    queue.target.breaker = closed(secondsAgo);
    await queue.run([record(undefined, { sent: 5 * DAY, receives: 80 })]);
    expect(reasons(queue)).toEqual(expected);
  });

  test('is not given up for a wrong answer or a full backlog before the target has had an hour', async () => {
    const queue = deliver(answers(422));
    queue.target.breaker = closed(HOUR - 1);
    queue.target.inFlight = 100_000;
    expect(await queue.run([record(undefined, { sent: 3 * DAY, receives: 60 })])).toEqual(['m1']);
    queue.pass(1);
    expect(await queue.run([record(undefined, { sent: 3 * DAY, receives: 61 })])).toEqual([]);
    expect(reasons(queue)).toEqual(['rejected']);
  });

  test('and no other asks for the breaker before an attempt fails', async () => {
    const queue = deliver();
    await queue.run([record()]);
    expect(queue.calls.breaker).toBe(0);
  });

  test('asks once a minute at most, and sooner where the breaker is not closed', async () => {
    const queue = deliver(answers(503));
    const fails = (id: string) => queue.run([record(undefined, {}, id), record(undefined, {}, `${id} too`)]);
    await fails('a');
    queue.pass(59);
    await fails('b');
    expect(queue.calls.breaker).toBe(1);
    queue.target.breaker = { phase: 'open', since: NOW, cause: 'unavailable' };
    queue.pass(1);
    await fails('c');
    expect(queue.calls.breaker).toBe(2);
    queue.pass(5);
    await fails('d');
    expect(queue.calls.breaker).toBe(3);
  });

  test.each([
    ['open', 3_600, ['expired']],
    // The mapping may run already, and the tag not say so yet.
    ['half-open', 5, []],
  ] as const)('goes by its age while the breaker is %s: a pause of %d seconds', async (phase, pause, beyond) => {
    const queue = deliver(answers(503));
    queue.target.breaker = { phase, since: NOW };
    await queue.run([record(undefined, { sent: HOUR })]);
    expect(queue.visibility).toEqual({ 'handle of m1': pause });
    await queue.run([record(undefined, { sent: 5 * DAY, receives: 80 }, 'm2')]);
    expect(reasons(queue)).toEqual(beyond);
  });

  test.each<[string, SendResult, number, number]>([
    ['its time is over', answers(503), 4 * DAY + 1, 0], ['a wrong answer', answers(422), 2 * HOUR, 0], ['a full backlog', answers(503), 2 * HOUR, 100_000],
  ])('is not given up for %s just after the breaker closed, though it was open a moment ago', async (_why, result, sent, inFlight) => {
    let answer = answers(404);
    const queue = deliver(() => Promise.resolve(answer));
    queue.target.breaker = { phase: 'open', since: NOW - 3 * DAY * 1_000, cause: 'unavailable' };
    await queue.probe([record(undefined, { sent: 60 })]);
    expect(queue.calls.breaker).toBe(1);
    queue.pass(2);
    queue.target.breaker = { phase: 'half-open', since: NOW + 1_000, cause: 'unavailable' };
    answer = result;
    queue.target.inFlight = inFlight;
    const old = [record(undefined, { sent, receives: 90 }, 'old'), record(undefined, { sent, receives: 90 }, 'as old')];
    expect(await queue.run(old)).toEqual(['old', 'as old']);
    expect(queue.visibility).toMatchObject({ 'handle of old': 5 });
    expect(reasons(queue)).toEqual([]);
    expect(queue.calls.breaker).toBe(2);
  });

  test.each([[4 * DAY + 6 * HOUR, []], [4 * DAY + 6 * HOUR + 1, ['expired']]])('beyond its window is kept for six hours where the breaker cannot be read: at %d seconds %j', async (sent, expected) => {
    const queue = deliver(answers(503), { breaker: awsFailure });
    await queue.run([record(undefined, { sent, receives: 80 })]);
    expect(reasons(queue)).toEqual(expected);
  });

  test('goes by its age alone where the breaker cannot be read', async () => {
    const queue = deliver(answers(503), { breaker: awsFailure });
    expect(await queue.run([record(undefined, { sent: HOUR, receives: 6 })])).toEqual(['m1']);
    expect(queue.visibility).toEqual({ 'handle of m1': 3_600 });
    expect(queue.lines).toMatchObject([{ event: 'warning', code: 'breaker-unknown' }, { event: 'attempt', retryInSeconds: 3_600 }]);
  });
});

test('a transform that fails has the window to be repaired', async () => {
  const queue = deliver({ outcome: 'transform', status: null, detail: 'the transform failed: x is not a function' });
  expect(await queue.run([record(undefined, { sent: 4 * DAY, receives: 80 })])).toEqual(['m1']);
  queue.pass(1);
  expect(await queue.run([record(undefined, { sent: 4 * DAY, receives: 81 })])).toEqual([]);
  expect(queue.deadLetters).toMatchObject([{ attributes: { Reason: 'transform', Detail: expect.stringContaining('x is not a function') } }]);
});

test('row 32: the statuses that end an event are the target\'s to choose', async () => {
  const queue = deliver(answers(404), { config: { ...deliverConfig, permanentStatusCodes: [404] } });
  await queue.run([record(undefined, { sent: HOUR })]);
  expect(reasons(queue)).toEqual(['rejected']);
});
