import { ManualClock, RealClock } from '../../local/clock';

const START = Date.UTC(2026, 0, 1);

describe('ManualClock', () => {
  let clock: ManualClock;
  let ran: string[];
  const note = (name: string) => () => {
    ran.push(`${name}@${clock.now() - START}`);
  };

  beforeEach(() => {
    clock = new ManualClock(START);
    ran = [];
  });

  test('stands still until it is advanced', async () => {
    clock.schedule(START + 1, note('a'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(ran).toEqual([]);
    expect(clock.now()).toBe(START);
  });

  test('goes from one due instant to the next, in order of time and then of scheduling', async () => {
    clock.schedule(START + 20, note('b'));
    clock.schedule(START + 10, note('a'));
    clock.schedule(START + 20, note('c'));
    clock.schedule(START + 31, note('late'));
    expect(await clock.advance(30)).toBe(3);
    expect(ran).toEqual(['a@10', 'b@20', 'c@20']);
    expect(clock.now()).toBe(START + 30);
  });

  test('a timer scheduled by a timer runs in the same advance when its instant is within it', async () => {
    clock.schedule(START + 10, () => clock.schedule(START + 20, note('second')));
    await clock.advance(20);
    expect(ran).toEqual(['second@20']);
  });

  test('an instant that has passed is due at once, but never synchronously', async () => {
    clock.schedule(START - 5, note('past'));
    expect(ran).toEqual([]);
    await clock.idle();
    expect(ran).toEqual(['past@0']);
  });

  test('waits for tracked work before it moves on', async () => {
    clock.schedule(START + 10, () => void clock.track((async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      note('work')();
    })()));
    clock.schedule(START + 11, note('after'));
    await clock.advance(20);
    expect(ran).toEqual(['work@10', 'after@11']);
  });

  test('tracked work that fails holds nothing up', async () => {
    clock.track(Promise.reject(new Error('no'))).catch(() => undefined);
    expect(await clock.advance(1)).toBe(0);
  });

  test('calls of advance queue up', async () => {
    clock.schedule(START + 15, note('a'));
    const first = clock.advance(10);
    const second = clock.advance(10);
    expect([await first, await second]).toEqual([0, 1]);
    expect(clock.now()).toBe(START + 20);
  });

  test.each([-1, NaN, Infinity])('refuses to advance by %p', async (ms) => {
    await expect(clock.advance(ms)).rejects.toThrow(RangeError);
    expect(clock.now()).toBe(START);
  });

  test('says how many timers are due and when the next one is', () => {
    const a = clock.schedule(START + 10, note('a'));
    clock.schedule(START + 20, note('b'));
    expect([clock.due, clock.nextDueAt]).toEqual([2, START + 10]);
    a.cancel();
    a.cancel();
    expect([clock.due, clock.nextDueAt]).toEqual([1, START + 20]);
    clock.close();
    expect([clock.due, clock.nextDueAt]).toEqual([0, null]);
  });

  test('a timer that throws fails the advance and spares the others', async () => {
    clock.schedule(START + 10, () => {
      throw new Error('broken');
    });
    clock.schedule(START + 10, note('next'));
    await expect(clock.advance(10)).rejects.toThrow('broken');
    await clock.advance(0);
    expect(ran).toEqual(['next@10']);
  });

  test('lets go of cancelled timers long before their instant', async () => {
    const kept = clock.schedule(START + 5, note('kept'));
    for (let i = 0; i < 100_000; i++) clock.schedule(START + 1_000_000 + i, note('never')).cancel();
    expect((clock as unknown as { heap: unknown[] }).heap.length).toBeLessThan(2000);
    for (let i = 0; i < 3000; i++) clock.schedule(START + 3000 - i, note(String(i)));
    expect(await clock.advance(3000)).toBe(3001);
    expect(ran.slice(0, 2)).toEqual(['2999@1', '2998@2']);
    kept.cancel();
    expect(clock.due).toBe(0);
  });
});

describe('RealClock', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  beforeEach(() => {
    jest.useFakeTimers({ now: START });
  });

  test('reaches an instant beyond the 32 bits of setTimeout', () => {
    const clock = new RealClock();
    const run = jest.fn();
    const days = 40 * 24 * 3_600_000;
    clock.schedule(START + days, run);
    jest.advanceTimersByTime(days - 1);
    expect(run).not.toHaveBeenCalled();
    expect([clock.due, clock.nextDueAt]).toEqual([1, START + days]);
    jest.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
    expect([clock.due, clock.nextDueAt]).toEqual([0, null]);
  });

  test('cancelled and closed timers never run', () => {
    const clock = new RealClock();
    const run = jest.fn();
    clock.schedule(START + 5, run).cancel();
    clock.schedule(START + 2 ** 31 + 5, run);
    jest.advanceTimersByTime(2 ** 31 - 1);
    clock.close();
    jest.advanceTimersByTime(100);
    expect(run).not.toHaveBeenCalled();
  });
});
