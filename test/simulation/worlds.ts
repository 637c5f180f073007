import fc from 'fast-check';
import type { RetrySchedule } from '../../lib/contract/retry';
import { CALL_FAULTS, type FaultPlan, type FaultRates, OTHER_FAULTS } from './faults';
import { STANDARD_RETRY, type SourceOptions, type TargetOptions, type WorldOptions } from './options';
import type { Behaviour, Script } from './script';

/** Small enough that a property sees many of them: a few hundred events, retry windows of hours. */

const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Behaviour>({ kind: 'up' }) },
  { weight: 2, arbitrary: fc.constant<Behaviour>({ kind: 'down' }) },
  { weight: 1, arbitrary: fc.constant<Behaviour>({ kind: 'slow' }) },
  { weight: 3, arbitrary: fc.constantFrom(500, 502, 503, 504, 404, 401, 422, 410, 301).map((status): Behaviour => ({ kind: 'status', status })) },
  { weight: 1, arbitrary: fc.nat({ max: 4_000 }).map((retryAfterSeconds): Behaviour => ({ kind: 'status', status: 429, retryAfterSeconds })) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('flapping' as const), share: fc.double({ min: 0, max: 1, noNaN: true }), status: fc.constantFrom(500, 503) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drops' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
);

const script: fc.Arbitrary<Script> = fc.record({
  phases: fc.array(fc.record({ seconds: fc.integer({ min: 1, max: 7_200 }), behaviour }), { maxLength: 3 }),
  last: fc.oneof({ weight: 3, arbitrary: fc.constant<Behaviour>({ kind: 'up' }) }, { weight: 1, arbitrary: behaviour }),
  refuses: fc.option(fc.record({ share: fc.constantFrom(0.05, 0.5), status: fc.constantFrom(400, 422, 404) }), { nil: undefined }),
});

const retry = fc.constantFrom<RetrySchedule>(
  { ...STANDARD_RETRY, maxAgeSeconds: 3 * 3_600 },
  { ...STANDARD_RETRY, maxAgeSeconds: 900 },
  { delaysSeconds: [60], maxAgeSeconds: 2 * 3_600 },
  { delaysSeconds: [], maxAgeSeconds: 60 },
);

const target: fc.Arbitrary<TargetOptions> = fc.record({
  script, retry,
  batchSize: fc.integer({ min: 1, max: 10 }),
  maximumConcurrency: fc.integer({ min: 2, max: 10 }),
  ordered: fc.boolean(),
  ratePerSecond: fc.option(fc.constantFrom(1, 5, 50), { nil: undefined }),
});

const source: fc.Arbitrary<SourceOptions> = fc.record({
  events: fc.integer({ min: 1, max: 120 }),
  perSecond: fc.constantFrom(0.05, 1, 20),
  sender: fc.constantFrom('retrying' as const, 'once' as const),
  keys: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
  bigShare: fc.constantFrom(0, 0.02),
});

const rates: fc.Arbitrary<FaultRates> = fc.array(
  fc.tuple(fc.constantFrom(...CALL_FAULTS, ...OTHER_FAULTS), fc.constantFrom(0.01, 0.05, 0.15)), { maxLength: 5 },
).map((chosen) => Object.fromEntries(chosen));

const faults: fc.Arbitrary<FaultPlan> = fc.record({ rates, until: fc.constantFrom(600_000, 4 * 3_600_000, Infinity) });

export const worlds: fc.Arbitrary<WorldOptions> = fc.record({
  seed: fc.nat(),
  sources: fc.record({ a: source, b: source }),
  targets: fc.record({ x: target, y: target.map((options) => ({ ...options, sources: ['a'] })) }),
  faults,
  keeper: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
});
