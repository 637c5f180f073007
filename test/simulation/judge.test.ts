import { Ledger } from './ledger';
import { mostAttempts } from './judge';
import { STANDARD_RETRY } from './options';
import { Random, share } from './random';
import { behaviourAt, react, type Script } from './script';
import { markHandle, numberIn, readHandle } from './post';

/** Whoever judges must be judged: a ledger that objects to nothing proves nothing. */
function ledger() {
  const found = new Ledger(() => 1_000);
  const event = found.post('source', 'k', ['target']);
  found.accept(event);
  found.enqueue(event, 'target', 'm1');
  return { found, event, rules: () => found.violations.map(({ rule }) => rule) };
}

test('one delivery is no violation', () => {
  const { found, event, rules } = ledger();
  found.attempt(event, 'target', false);
  found.deliver(event, 'target', true);
  expect(rules()).toEqual([]);
  expect(found.duplicates.size).toBe(0);
});

test('a second delivery needs a fault, and a third one more', () => {
  const { found, event, rules } = ledger();
  found.deliver(event, 'target', true);
  found.explain(event, 'target', 'a fault');
  found.deliver(event, 'target', true);
  expect(rules()).toEqual([]);
  expect([...found.duplicates]).toEqual([['a fault', 1]]);
  found.deliver(event, 'target', true);
  expect(rules()).toEqual(['unexplained']);
});

test('a dead letter of a delivered event needs a fault', () => {
  const { found, event, rules } = ledger();
  found.deliver(event, 'target', true);
  found.deadLetter(event, 'target', 'expired');
  expect(rules()).toEqual(['unexplained']);
});

test('a second message needs a fault, and a FIFO queue that knows the first one makes none', () => {
  const { found, event, rules } = ledger();
  found.enqueue(event, 'target', 'm1');
  expect([rules(), found.copy(event, 'target').messages]).toEqual([[], 1]);
  found.enqueue(event, 'target', 'm2');
  expect(rules()).toEqual(['unexplained']);
});

test('an older event of a key that comes for the first time after a newer one is out of order', () => {
  const { found, event, rules } = ledger();
  const second = found.post('source', 'k', ['target']);
  found.deliver(second, 'target', true);
  found.deliver(event, 'target', true);
  expect(rules()).toEqual(['order']);
});

test('only what the target took comes in', () => {
  const up: Script = { phases: [{ seconds: 60, behaviour: { kind: 'down' } }], last: { kind: 'up' }, refuses: { share: 0.5, status: 422 } };
  expect(behaviourAt(up, 59.9)).toEqual({ kind: 'down' });
  expect(behaviourAt(up, 60)).toEqual({ kind: 'up' });
  const events = Array.from({ length: 1_000 }, (_, event) => event);
  const taken = events.filter((event) => react(up, 60, event, new Random(1)).taken);
  expect(taken.length).toBeGreaterThan(450);
  expect(taken.length).toBeLessThan(550);
  // For good: whoever is refused once is refused again.
  expect(events.filter((event) => react(up, 7_000, event, new Random(2)).taken)).toEqual(taken);
  expect(react({ last: { kind: 'slow' } }, 0, 1, new Random(1))).toEqual({ taken: true, cause: expect.any(String) });
});

test.each([
  [0, 1], [3.9, 1], [4, 2], [27.9, 2], [28, 3], [4_924, 7], [86_400, 35],
])('the standard schedule allows, in %d seconds, at most %d attempts', (seconds, attempts) => {
  expect(mostAttempts(STANDARD_RETRY, seconds)).toBe(attempts);
});

test('chance is the same for the same seed, and spread over its range', () => {
  const draw = (seed: number) => { const random = new Random(seed); return Array.from({ length: 2_000 }, () => random.next()); };
  expect(draw(9)).toEqual(draw(9));
  expect(draw(9)).not.toEqual(draw(10));
  const mean = draw(9).reduce((sum, value) => sum + value, 0) / 2_000;
  expect(mean).toBeGreaterThan(0.47);
  expect(mean).toBeLessThan(0.53);
  expect(share(5, 1)).toBe(share(5, 1));
  expect(new Random(1).fork('a').next()).not.toBe(new Random(1).fork('b').next());
});

test('handles and envelopes say which event they are of', () => {
  expect(readHandle(markHandle('a handle', 17))).toEqual({ handle: 'a handle', number: 17 });
  expect(numberIn('{"v":1,"id":"evt_x","providerId":"204","time":""}')).toBe(204);
  expect(numberIn('{}')).toBe(-1);
});
