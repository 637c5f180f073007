import fc from 'fast-check';
import type { SendResult } from '../../../lib/contract/sender';
import { AwsCallError } from '../../../lambda/shared/aws-error';
import { answers, DAY, deliver, deliverConfig, envelope, HOUR, NOW, record, withPayload } from '../support/deliver';

afterEach(() => { jest.useRealTimers(); });

const awsFailure = () => Promise.reject(new AwsCallError('sqs Action', 'unavailable', 'ServiceUnavailable', 503));
const names = (lines: { event: string }[]) => lines.map(({ event }) => event);

describe('a delivered event', () => {
  test('is sent as it came and not kept', async () => {
    const queue = deliver();
    expect(await queue.run([record(undefined, { sent: 62, receives: 3 })])).toEqual([]);
    const { id, source, type, time, headers, providerId } = envelope;
    expect(queue.deliveries).toEqual([{ id, source, type, time, headers, providerId, body: Buffer.from('{"id":"evt_1"}'), attempt: 3, signal: expect.any(AbortSignal) }]);
    expect(queue.lines).toEqual([
      { time: '2026-01-02T03:04:05.000Z', event: 'attempt', id, source, target: 'billing', attempt: 3, outcome: 'delivered', status: 200, ms: expect.any(Number), retryInSeconds: null },
      { time: '2026-01-02T03:04:05.000Z', event: 'delivered', id, source, target: 'billing', attempts: 3, ageSeconds: 62 },
    ]);
    expect(queue.visibility).toEqual({});
    expect(queue.deadLetters).toEqual([]);
  });

  test('row 49: that comes again is acknowledged without another attempt', async () => {
    const queue = deliver();
    await queue.run([record()]);
    expect(await queue.run([record(undefined, { receives: 2 })])).toEqual([]);
    expect(queue.deliveries).toHaveLength(1);
    expect(await queue.run([record(undefined, {}, 'a replay of it')])).toEqual([]);
    expect(queue.deliveries).toHaveLength(2);
  });

  test('row 34: has a status, whatever the body of the answer says', async () => {
    expect(await deliver({ outcome: 'delivered', status: 202, detail: '{"error":"no"}' }).run([record()])).toEqual([]);
  });
});

describe('a failed attempt', () => {
  test('hides the message for the pause of its age and keeps it', async () => {
    const queue = deliver(answers(503));
    expect(await queue.run([record(), record(undefined, { sent: HOUR, firstReceived: 100 }, 'm2')])).toEqual(['m1', 'm2']);
    expect(queue.visibility).toEqual({ 'handle of m1': 5, 'handle of m2': 120 });
    expect(queue.lines).toMatchObject([{ event: 'attempt', outcome: 'status', status: 503, retryInSeconds: 5 }, { event: 'attempt', retryInSeconds: 120 }]);
  });

  test('row 36: is no dead letter', async () => {
    const queue = deliver(answers(500));
    for (let receives = 1; receives < 50; receives++) await queue.run([record(undefined, { sent: receives * HOUR, receives })]);
    expect(queue.deadLetters).toEqual([]);
  });

  test('row 38: of an event that the target has taken, but whose answer was lost, is followed by one with the same id', async () => {
    const results: SendResult[] = [{ outcome: 'reset', status: null }, answers(200)];
    const queue = deliver(async () => results.shift()!);
    expect(await queue.run([record()])).toEqual(['m1']);
    queue.pass(5);
    expect(await queue.run([record(undefined, { receives: 2 })])).toEqual([]);
    expect(queue.deliveries.map(({ id, body }) => [id, String(body)])).toEqual([[envelope.id, envelope.body], [envelope.id, envelope.body]]);
  });

  test('row 50: after a thousand receives without an attempt is the first, with the first pause', async () => {
    const queue = deliver(answers(503));
    expect(await queue.run([record(undefined, { sent: DAY, firstReceived: 0, receives: 999 })])).toEqual(['m1']);
    expect(queue.visibility).toEqual({ 'handle of m1': 5 });
    expect(queue.deadLetters).toEqual([]);
  });

  test('row 30: waits as long as the target asks', async () => {
    const queue = deliver(answers(503, { retryAfterSeconds: 100 }), { random: () => 0 });
    await queue.run([record()]);
    expect(queue.visibility).toEqual({ 'handle of m1': 100 });
  });

  test('does not lose a pause to its own slowness', async () => {
    let now = NOW;
    const queue = deliver(async () => { now += 15_000; return { outcome: 'timeout', status: null }; }, { now: () => now });
    await queue.run([record()]);
    expect(queue.visibility).toEqual({ 'handle of m1': 5 });
  });

  test('row 51: waits for the queue to show the message where its visibility cannot be changed', async () => {
    const queue = deliver(answers(503), { changeVisibility: awsFailure });
    expect(await queue.run([record()])).toEqual(['m1']);
    expect(queue.lines).toMatchObject([{ event: 'warning', code: 'visibility-failed', target: 'billing' }, { event: 'attempt', retryInSeconds: null }]);
  });

  test.each([
    ['throws', () => { throw new Error('boom at https://x?key=1'); }],
    ['rejects', () => Promise.reject(new Error('boom at https://x?key=1'))],
  ])('may be a sender that %s', async (_how, send) => {
    const queue = deliver(send);
    expect(await queue.run([record()])).toEqual(['m1']);
    expect(queue.lines).toMatchObject([{ event: 'attempt', outcome: 'aws', status: null, detail: 'the sender failed: Error: boom at https://x?…', retryInSeconds: 5 }]);
  });

  test.each([undefined, null, 'delivered', {}, { outcome: 'fine' }, { outcome: 'constructor' }])('may be a sender that answers %j', async (result) => {
    const queue = deliver(async () => result as never);
    expect(await queue.run([record()])).toEqual(['m1']);
    expect(queue.deadLetters).toEqual([]);
    expect(queue.lines).toMatchObject([{ event: 'attempt', outcome: 'aws', detail: 'the sender failed: it did not say what happened' }]);
  });

  test('row 23: may be a sender that never ends, and hears that its time is over', async () => {
    let aborted = false;
    const queue = deliver(({ signal }) => new Promise(() => { signal.addEventListener('abort', () => { aborted = true; }); }), {
      config: { ...deliverConfig, timeoutSeconds: 0.05 },
    });
    expect(await queue.run([record()])).toEqual(['m1']);
    expect(aborted).toBe(true);
    expect(queue.lines).toMatchObject([{ event: 'attempt', outcome: 'timeout', retryInSeconds: 5 }]);
  });

  test('is not one when the sender has a result at its deadline', async () => {
    const late = (resolve: (result: SendResult) => void) => setTimeout(() => resolve(answers(200)), 20);
    const queue = deliver(({ signal }) => new Promise((resolve) => { signal.addEventListener('abort', () => late(resolve)); }), {
      config: { ...deliverConfig, timeoutSeconds: 0.05 },
    });
    expect(await queue.run([record()])).toEqual([]);
  });
});

describe('a batch', () => {
  test('is delivered all at once, each record on its own', async () => {
    const started: string[] = [];
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => { release = resolve; });
    const queue = deliver(async ({ id }) => {
      started.push(id);
      if (started.length === 10) release();
      await gate;
      return answers(id.endsWith('3') ? 500 : 200);
    });
    const records = Array.from({ length: 10 }, (_, index) => record({ ...envelope, id: `evt_${index}` }, {}, `m${index}`));
    expect(await queue.run(records)).toEqual(['m3']);
    expect(started).toHaveLength(10);
  });

  test('row 48: answers in time for what is done, and keeps the rest', async () => {
    jest.useFakeTimers();
    const queue = deliver(({ id }) => Promise.resolve(answers(id === 'evt_fails' ? 503 : 200)), { changeVisibility: () => new Promise(() => undefined) });
    const answer = jest.fn();
    void queue.run([record({ ...envelope, id: 'evt_fails' }, {}, 'hangs'), record()]).then(answer);
    await jest.advanceTimersByTimeAsync(29_499);
    expect(answer).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(answer).toHaveBeenCalledWith(['hangs']);
    expect(names(queue.lines)).toEqual(['attempt', 'delivered']);
  });

  test.each([[17_001, 1], [17_000, 0], [0, 0]])('H1: begins no attempt unless there is time to end it: %d ms', async (remainingMs, attempts) => {
    const queue = deliver();
    await queue.run([record()], () => remainingMs);
    expect(queue.deliveries).toHaveLength(attempts);
    if (attempts > 0) return;
    expect(queue.lines).toMatchObject([{ event: 'warning', code: 'out-of-time' }]);
    expect(queue.visibility).toEqual({ 'handle of m1': 5 });
  });

  test('H3: an answer names only messages of the batch, whatever happens', async () => {
    const outcome = fc.constantFrom<SendResult | Error | undefined>(
      answers(200), answers(500), answers(410), answers(422), answers(429, { retryAfterSeconds: 1e12 }), { outcome: 'delivered', status: 200, gone: true },
      { outcome: 'transform', status: null }, new Error('x'), undefined);
    const big = withPayload(Buffer.from('big'));
    const body = fc.constantFrom<object | string>(envelope, big, { ...envelope, v: 9 }, 'garbage');
    const batch = fc.array(fc.tuple(outcome, body, fc.integer({ min: 0, max: 10 * DAY }), fc.integer({ min: 1, max: 500 })), { maxLength: 10 });
    const broken = fc.subarray(['changeVisibility', 'sendDeadLetter', 'deleteMessage', 'readPayload', 'inFlight', 'breaker', 'flagGone'] as const);
    await fc.assert(fc.asyncProperty(batch, broken, fc.boolean(), fc.boolean(), async (cases, names, full, hasPayload) => {
      let index = 0;
      const queue = deliver(async () => {
        const [result] = cases[index++] ?? [];
        if (result instanceof Error) throw result;
        return result as SendResult;
      }, Object.fromEntries(names.map((name) => [name, awsFailure])));
      if (full) queue.target.inFlight = 100_000;
      if (hasPayload) queue.payloads[big.payload.key] = Buffer.from('big');
      const records = cases.map(([, contents, sent, receives], n) => record(contents, { sent, receives }, `m${n}`));
      const kept = await queue.run(records);
      expect(records.map(({ messageId }) => messageId)).toEqual(expect.arrayContaining(kept));
      expect(new Set(kept).size).toBe(kept.length);
      // Nothing leaves the queue unless it was delivered or is in the dead-letter queue.
      const ends = queue.lines.filter(({ event }) => event === 'delivered' || event === 'dead-lettered');
      expect(records.length - kept.length).toBe(ends.length);
      expect(queue.deleted.filter((handle) => kept.includes(handle.replace('handle of ', '')))).toEqual([]);
    }), { numRuns: 300 });
  });

  test.each([[[]], [[record()]]])('H3: is answered with the list that Lambda asks for: %#', async (Records) => {
    expect(await deliver().handler({ Records }, { getRemainingTimeInMillis: () => 30_000 })).toEqual({ batchItemFailures: [] });
  });
});
