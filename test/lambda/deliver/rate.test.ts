import fc from 'fast-check';
import { Pacer } from '../../../lambda/deliver/pacer';
import { answers, deliver, deliverConfig, envelope, NOW, record, withPayload } from '../support/deliver';

describe('turns', () => {
  test.each<[string, number | undefined, number[], number[]]>([
    ['are not waited for without a rate', undefined, [0, 0, 0], [0, 0, 0]],
    ['are a steady pace', 2, [0, 0, 0, 0], [0, 500, 1_000, 1_500]],
    ['may be seconds apart', 0.25, [0, 0, 1_000], [0, 4_000, 8_000]],
    ['are not saved up', 2, [0, 10_000, 10_000, 10_100], [0, 10_000, 10_500, 11_000]],
    ['come at once to who is late', 1, [0, 1_000, 2_500, 2_500], [0, 1_000, 2_500, 3_500]],
  ])('%s', (_what, rate, asked, expected) => {
    const pacer = new Pacer(rate);
    expect(asked.map((at) => pacer.take(NOW + at, Infinity)! - NOW)).toEqual(expected);
  });

  test('after the last moment are taken by nobody', () => {
    const pacer = new Pacer(1);
    expect(pacer.take(NOW, NOW)).toBe(NOW);
    expect(pacer.take(NOW, NOW + 999)).toBeUndefined();
    expect(pacer.take(NOW, NOW + 1_000)).toBe(NOW + 1_000);
  });

  test('are foretold to those who have to come again', () => {
    const pacer = new Pacer(2);
    expect(pacer.roomAt(NOW, 0)).toBe(NOW);
    pacer.take(NOW, NOW);
    expect([0, 1, 2].map((others) => pacer.roomAt(NOW, others))).toEqual([NOW + 500, NOW + 1_000, NOW + 1_500]);
    expect(pacer.roomAt(NOW + 5_000, 0)).toBe(NOW + 5_000);
  });

  test('are never closer than the rate allows', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 5_000 })), { maxLength: 50 });
    fc.assert(fc.property(fc.double({ min: 0.01, max: 100, noNaN: true }), steps, (rate, list) => {
      const pacer = new Pacer(rate);
      let now = NOW;
      let last = -Infinity;
      for (const [passed, patience] of list) {
        now += passed;
        const at = pacer.take(now, now + patience);
        if (at === undefined) continue;
        expect(at).toBeGreaterThanOrEqual(now);
        expect(at).toBeLessThanOrEqual(now + patience);
        expect(at - last).toBeGreaterThanOrEqual(1_000 / rate - 0.01);
        last = at;
      }
    }));
  });
});

describe('a target with a rate', () => {
  const records = (count: number) => Array.from({ length: count }, (_, index) => record({ ...envelope, id: `evt_${index}` }, {}, `m${index}`));
  const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `m${from + index}`);

  /** A target on a clock that moves by what the function sleeps; each record's own sleep ends at its own time. */
  function paced(ratePerSecond: number, overrides: object = {}) {
    const begun: number[] = [];
    const sleeps: number[] = [];
    const queue = deliver(async () => { begun.push(queue.dependencies.now()); return answers(200); }, {
      config: { ...deliverConfig, ratePerSecond },
      sleep: async (milliseconds) => { sleeps.push(milliseconds); },
      ...overrides,
    });
    return { queue, begun, sleeps };
  }

  test('gets its attempts one after the other', async () => {
    const { queue, sleeps } = paced(2);
    expect(await queue.run(records(5))).toEqual([]);
    expect(sleeps).toEqual([500, 1_000, 1_500, 2_000]);
    expect(queue.deliveries).toHaveLength(5);
  });

  test('leaves to later what does not fit into the invocation, for about when there is room', async () => {
    // 13 seconds are left to begin in.
    const { queue, sleeps } = paced(0.25);
    expect(await queue.run(records(10))).toEqual(ids(4, 10));
    expect(sleeps).toEqual([4_000, 8_000, 12_000]);
    expect(queue.visibility).toEqual({
      'handle of m4': 16, 'handle of m5': 20, 'handle of m6': 24, 'handle of m7': 28, 'handle of m8': 32, 'handle of m9': 36,
    });
    // One attempt is no failure, and a turn is no line.
    expect(queue.lines.filter(({ event }) => event !== 'delivered')).toHaveLength(4);
    expect(queue.values('UndeliveredAge')).toEqual([]);
  });

  test('goes on at its pace with the next batch', async () => {
    const { queue, sleeps } = paced(1);
    await queue.run(records(3));
    queue.pass(1.5);
    expect(await queue.run([record(undefined, {}, 'next')])).toEqual([]);
    expect(sleeps).toEqual([1_000, 2_000, 1_500]);
  });

  test('has no turn wasted on what will not be sent', async () => {
    const { queue, sleeps } = paced(1);
    await queue.run([record('garbage', {}, 'g'), record({ ...envelope, v: 9 }, {}, 'n'), ...records(1)]);
    expect(sleeps).toEqual([]);
    expect(queue.deliveries).toHaveLength(1);
  });

  test('reads a big body while it waits for its turn', async () => {
    const big = withPayload(Buffer.from('big'));
    const { queue, sleeps } = paced(1, { readPayload: async () => { queue.pass(0.4); return Buffer.from('big'); } });
    expect(await queue.run([...records(1), record(big, {}, 'big')])).toEqual([]);
    expect(sleeps).toEqual([600]);
  });

  test('is not paced where there is no rate', async () => {
    const queue = deliver();
    await queue.run(records(10));
    expect(queue.calls.sleep).toBe(0);
  });
});
