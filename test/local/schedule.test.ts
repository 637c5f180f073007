import { ManualClock, RealClock } from '../../local/clock';
import { invokeAsync } from '../../local/lambda/async-invocation';
import type { InvokeResult } from '../../local/lambda/invocation';
import { Schedule, scheduledEvent } from '../../local/schedule/schedule';

const START = Date.parse('2026-11-20T12:00:30Z');
const MINUTE = 60_000;

afterEach(() => jest.useRealTimers());

describe('a schedule', () => {
  test('runs first when its time has passed once, then each time, at its instant', async () => {
    const clock = new ManualClock(START);
    const due: number[] = [];
    const schedule = new Schedule({ clock, everyMinutes: 5, onDue: (dueAt) => due.push(dueAt, clock.now()) });
    await clock.advance(5 * MINUTE - 1);
    expect(due).toEqual([]);
    await clock.advance(10 * MINUTE + 1);
    expect(due).toEqual([5, 5, 10, 10, 15, 15].map((minutes) => START + minutes * MINUTE));
    schedule.close();
    await clock.advance(60 * MINUTE);
    expect([due.length, clock.due]).toEqual([6, 0]);
  });

  test('runs as often as a day has minutes when a manual clock moves on by a day, each after the last has ended', async () => {
    const clock = new ManualClock(START);
    let [runs, running, most] = [0, 0, 0];
    const work = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      runs++;
      running--;
    };
    new Schedule({ clock, everyMinutes: 1, onDue: () => void clock.track(work()) });
    await clock.advance(1_440 * MINUTE);
    expect([runs, running, most]).toEqual([1_440, 0, 1]);
  });

  test('does not make up for what a machine slept through', () => {
    jest.useFakeTimers({ now: START });
    const clock = new RealClock();
    const due: number[] = [];
    const schedule = new Schedule({ clock, everyMinutes: 1, onDue: (dueAt) => due.push((dueAt - START) / MINUTE) });
    jest.advanceTimersByTime(MINUTE);
    jest.setSystemTime(START + 10.5 * MINUTE);
    jest.advanceTimersByTime(2 * MINUTE);
    expect(due).toEqual([1, 2, 12]);
    schedule.close();
  });
});

test('the event of a rule is what EventBridge sends', () => {
  const rule = 'arn:aws:events:eu-west-1:000000000000:rule/minutely';
  expect(scheduledEvent(rule, START)).toEqual({
    'version': '0', 'id': expect.stringMatching(/^[0-9a-f-]{36}$/), 'detail-type': 'Scheduled Event', 'source': 'aws.events', 'account': '000000000000',
    'time': '2026-11-20T12:00:30Z', 'region': 'eu-west-1', 'resources': [rule], 'detail': {},
  });
});

describe('an asynchronous invocation', () => {
  const failed: InvokeResult = { outcome: 'function-error', requestId: 'r', error: { errorType: 'Error', errorMessage: 'no' } };
  const succeeded: InvokeResult = { outcome: 'success', requestId: 'r', payload: 'null' };

  async function minutesOf(results: InvokeResult[], retries?: number): Promise<number[]> {
    const clock = new ManualClock(START);
    const minutes: number[] = [];
    void clock.track(invokeAsync(async () => {
      minutes.push((clock.now() - START) / MINUTE);
      return results[minutes.length - 1] as InvokeResult;
    }, {}, clock, retries));
    await clock.advance(1_440 * MINUTE);
    return minutes;
  }

  test.each<[string, InvokeResult[], number | undefined, number[]]>([
    ['that succeeds is over', [succeeded], undefined, [0]],
    ['that fails is tried again after one minute, and after two more', [failed, failed, failed], undefined, [0, 1, 3]],
    ['is not tried again after it succeeded', [failed, succeeded], undefined, [0, 1]],
    ['has no more tries than its function is configured for', [failed, failed], 1, [0, 1]],
    ['has a single try where there are no more', [failed], 0, [0]],
    ['is over when the run has ended', [{ outcome: 'closed' }], undefined, [0]],
  ])('%s', async (_name, results, retries, minutes) => {
    expect(await minutesOf(results, retries)).toEqual(minutes);
  });
});
