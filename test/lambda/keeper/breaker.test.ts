import fc from 'fast-check';
import type { BreakerState } from '../../../lib/contract/breaker';
import { MAX_RECEIVES } from '../../../lib/contract/retry';
import { judge, probeIntervalMs, probeVerdict, type Seen } from '../../../lambda/keeper/breaker';
import { expiryIntervalMs } from '../../../lambda/keeper/expire';
import { DAY, HOUR_MS, MINUTE_MS, NOW } from '../support/keeper';

const closed: BreakerState = { phase: 'closed', since: NOW - HOUR_MS };
const open: BreakerState = { phase: 'open', since: NOW - HOUR_MS, cause: 'unavailable', probedAt: NOW - HOUR_MS };
const halfOpen: BreakerState = { phase: 'half-open', since: NOW - HOUR_MS, cause: 'unavailable' };

/** A target that fails for long, with its mapping on and events waiting. */
const failing: Seen = {
  now: NOW, state: undefined, goneAt: undefined, mappingOff: false, empty: false, outcomes: { attempts: 20, unavailable: 20 },
};
const outcomes = (attempts: number, unavailable: number) => ({ outcomes: { attempts, unavailable } });
const leave = { kind: 'leave' };
const hold = { kind: 'hold' };
const resume = { kind: 'resume' };

test.each<[string, Partial<Seen>, object]>([
  ['a target that has failed for long', {}, { kind: 'open', cause: 'unavailable', since: NOW }],
  ['one that did so after its breaker was closed', { state: closed }, { kind: 'open', cause: 'unavailable', since: NOW }],
  ['19 of 20 attempts', outcomes(20, 19), { kind: 'open', cause: 'unavailable', since: NOW }],
  ['a smaller share', outcomes(100, 94), leave],
  ['too few attempts', outcomes(19, 19), leave],
  ['no attempt', outcomes(0, 0), leave],
  ['a mapping that a person turned off', { mappingOff: true }, { kind: 'off' }],
  ['a mapping that a person turned off after the breaker closed', { state: closed, mappingOff: true }, { kind: 'off' }],
  ['a target that wants no more', { ...outcomes(0, 0), goneAt: NOW - 1 }, { kind: 'open', cause: 'gone', since: NOW }],
  ['a target that wants no more, with its mapping turned off by a person', { goneAt: NOW - 1, mappingOff: true }, { kind: 'off' }],
  ['a target that wanted no more before its breaker closed', { ...outcomes(0, 0), state: closed, goneAt: closed.since }, leave],
  ['a target that wants no more since then', { ...outcomes(0, 0), state: closed, goneAt: closed.since + 1 }, { kind: 'open', cause: 'gone', since: NOW }],
  ['an open breaker whose target turns out to want no more', { state: open, goneAt: NOW - 1, mappingOff: true }, { kind: 'open', cause: 'gone', since: open.since }],
  ['an open breaker, a probe being due', { state: open, mappingOff: true }, { kind: 'probe', messages: 3 }],
  ['an open breaker without a cause', { state: { phase: 'open', since: open.since }, mappingOff: true }, { kind: 'probe', messages: 3 }],
  ['an open breaker, probed just now', { state: { ...open, probedAt: NOW - MINUTE_MS }, mappingOff: true }, hold],
  ['an open breaker, not probed yet, that has just opened', { state: { phase: 'open', since: NOW - 1_000, cause: 'unavailable' } }, hold],
  ['an open breaker, not probed yet, after a minute', { state: { phase: 'open', since: NOW - 59_000, cause: 'unavailable' } }, { kind: 'probe', messages: 3 }],
  ['an open breaker whose mapping was enabled by a deployment', { state: open }, { kind: 'probe', messages: 3 }],
  ['an open breaker with nothing left to deliver', { state: open, empty: true }, resume],
  ['a target that wants no more, a probe being due', { state: { ...open, cause: 'gone' } }, { kind: 'probe', messages: 1 }],
  ['a target that wants no more, still noted', { state: { ...open, cause: 'gone' }, goneAt: NOW }, { kind: 'probe', messages: 1 }],
  ['a target that wants no more, with nothing to deliver', { state: { ...open, cause: 'gone', probedAt: NOW }, empty: true }, hold],
  ['a target that a person paused', { state: { ...open, cause: 'person' } }, hold],
  ['a target that a person paused, with nothing to deliver', { state: { ...open, cause: 'person' }, empty: true }, hold],
  ['a target that a person paused and that wants no more', { state: { ...open, cause: 'person' }, goneAt: NOW }, hold],
  ['a target that answered', { state: halfOpen, mappingOff: true }, resume],
  ['a target that answered, its mapping being on', { state: halfOpen }, resume],
  ['a target that answered, and now wants no more', { state: halfOpen, goneAt: NOW, mappingOff: true }, { kind: 'open', cause: 'gone', since: NOW }],
])('%s', (_what, difference, step) => {
  expect(judge({ ...failing, ...difference })).toEqual(step);
});

const times = fc.integer({ min: NOW - 20 * DAY * 1_000, max: NOW });
const anyState: fc.Arbitrary<BreakerState> = fc.record({
  phase: fc.constantFrom('closed', 'open', 'half-open'), since: times, cause: fc.constantFrom('unavailable', 'gone', 'person'), probedAt: times,
}, { requiredKeys: ['phase', 'since'] });
const anySeen = fc.record({
  now: fc.constant(NOW), state: fc.option(anyState, { nil: undefined }), goneAt: fc.option(times, { nil: undefined }),
  mappingOff: fc.boolean(), empty: fc.boolean(),
  outcomes: fc.nat(1_000).chain((attempts) => fc.record({ attempts: fc.constant(attempts), unavailable: fc.nat(attempts) })),
});

test('never opens without evidence', () => {
  fc.assert(fc.property(anySeen, (seen) => {
    const step = judge(seen);
    if (step.kind !== 'open') return;
    const { attempts, unavailable } = seen.outcomes;
    if (step.cause === 'gone') expect(seen.goneAt).toBeDefined();
    else expect([attempts >= 20, unavailable / attempts >= 0.95, seen.state?.phase ?? 'closed']).toEqual([true, true, 'closed']);
  }));
});

test('never enables a mapping that a person turned off', () => {
  fc.assert(fc.property(anySeen, (seen) => {
    if ((seen.state?.phase ?? 'closed') === 'closed' && seen.mappingOff) expect(judge(seen)).toEqual({ kind: 'off' });
    if (seen.state?.phase === 'open' && seen.state.cause === 'person') expect(judge(seen)).toEqual(hold);
  }));
});

test('is probed again, however long it has been open and unless a person paused it', () => {
  fc.assert(fc.property(anyState, (state) => {
    fc.pre(state.phase === 'open' && state.cause !== 'person');
    const step = judge({ ...failing, state, now: NOW + 30 * MINUTE_MS, mappingOff: true });
    expect(step.kind).toBe('probe');
  }));
});

test.each([
  [0, 1], [9.9, 1], [10, 5], [59, 5], [60, 10], [359, 10], [360, 15], [1_439, 15], [1_440, 30], [20_000, 30],
])('open for %d minutes, it is probed every %d minutes', (minutes, every) => {
  expect(probeIntervalMs(minutes * MINUTE_MS)).toBe(every * MINUTE_MS);
});

test.each([0, 5_000, -5_000])('leaves a lone message far from the most receives in 13 days, the schedule being off by up to %d ms', (offMs) => {
  let state: BreakerState = { phase: 'open', since: NOW, cause: 'unavailable' };
  let receives = 0;
  for (let minute = 1; minute <= 13 * 24 * 60; minute++) {
    const now = NOW + minute * MINUTE_MS + (minute % 2) * offMs;
    if (judge({ ...failing, now, state, mappingOff: true }).kind !== 'probe') continue;
    receives++;
    state = { ...state, probedAt: now };
  }
  expect(receives).toBeGreaterThan(600);
  // Beside probes, looks for what has expired, and the attempts of the minutes before the breaker opened.
  const looks = 13 * DAY * 1_000 / expiryIntervalMs(13 * DAY);
  expect(receives + looks + 100).toBeLessThan(MAX_RECEIVES);
});

test.each<[Parameters<typeof probeVerdict>[0], string]>([
  [{ messageId: 'm', outcome: 'delivered', status: 204 }, 'answers'],
  [{ messageId: 'm', outcome: 'delivered', status: null }, 'answers'],
  [{ messageId: 'm', outcome: 'status', status: 404 }, 'answers'],
  [{ messageId: 'm', outcome: 'status', status: 302 }, 'answers'],
  [{ messageId: 'm', outcome: 'status', status: 410 }, 'gone'],
  [{ messageId: 'm', outcome: 'delivered', status: 200, gone: true }, 'gone'],
  [{ messageId: 'm', outcome: 'status', status: 503, gone: true }, 'gone'],
  [{ messageId: 'm', outcome: 'status', status: 429 }, 'unavailable'],
  [{ messageId: 'm', outcome: 'status', status: 500 }, 'unavailable'],
  [{ messageId: 'm', outcome: 'timeout', status: null }, 'unavailable'],
  [{ messageId: 'm', outcome: 'refused', status: null }, 'unavailable'],
])('a probe that ended with %j says %s', (attempt, verdict) => {
  expect(probeVerdict(attempt)).toBe(verdict);
});
