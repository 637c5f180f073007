import { isUnavailable, type BreakerCause, type BreakerState, type ProbeAnswer } from '../../lib/contract/breaker';

/** A breaker opens at so many attempts and such a share of them unavailable, within EVIDENCE_MS. */
const LEAST_ATTEMPTS = 20;
const LEAST_SHARE = 0.95;
export const EVIDENCE_MS = 10 * 60_000;

/** Several, because one event may be the reason why it is not answered. */
const MESSAGES_PER_PROBE = 3;

/** Each message that such a target gets is a dead letter. */
const MESSAGES_PER_GONE_PROBE = 1;

/** A schedule of one minute does not come to the second. */
const TICK_TOLERANCE_MS = 30_000;

const GONE_STATUS = 410;

/** How the attempts of the last minutes went. */
export interface Outcomes {
  readonly attempts: number;
  readonly unavailable: number;
}

/** What is known of a target in one minute. Times are milliseconds since 1970. */
export interface Seen {
  readonly now: number;
  /** Undefined where the breaker has never been open. */
  readonly state: BreakerState | undefined;
  /** When the target said that it wants no more, where a delivery function has noted it. */
  readonly goneAt: number | undefined;
  /** The mapping is disabled, or about to be. */
  readonly mappingOff: boolean;
  /** Nothing is in the queue: not visible, not in flight, not delayed. */
  readonly empty: boolean;
  readonly outcomes: Outcomes;
}

export type Step =
  /** Closed, and nothing to do. */
  | { readonly kind: 'leave' }
  /** The mapping is off and no breaker is open: a person's doing, which is not undone here. */
  | { readonly kind: 'off' }
  | { readonly kind: 'open'; readonly cause: BreakerCause; readonly since: number }
  /** Open, and to stay so for now. */
  | { readonly kind: 'hold' }
  /** Open, and to be tried with so many messages. */
  | { readonly kind: 'probe'; readonly messages: number }
  /** The mapping is to be enabled, then the breaker is closed. */
  | { readonly kind: 'resume' };

/** What to do about a target's breaker. A state of `half-open` means that the target answered, but the mapping is not known to be enabled. */
export function judge({ now, state, goneAt, mappingOff, empty, outcomes }: Seen): Step {
  const open = state?.phase === 'open';
  // A note from before the breaker closed was overtaken by an answer.
  const gone = goneAt !== undefined && (state === undefined || open || goneAt > state.since);
  if (state?.phase === 'half-open' && !gone) return { kind: 'resume' };
  if (mappingOff && (state === undefined || state.phase === 'closed')) return { kind: 'off' };
  if (open && state.cause === 'person') return { kind: 'hold' };
  if (gone && !(open && state.cause === 'gone')) return { kind: 'open', cause: 'gone', since: open ? state.since : now };
  if (!open) return failing(outcomes) ? { kind: 'open', cause: 'unavailable', since: now } : { kind: 'leave' };
  const wantsNoMore = state.cause === 'gone';
  // An empty queue says nothing about a target that wants no more: the next event would only be its next dead letter.
  if (empty && !wantsNoMore) return { kind: 'resume' };
  return probeIsDue(state, now) ? { kind: 'probe', messages: wantsNoMore ? MESSAGES_PER_GONE_PROBE : MESSAGES_PER_PROBE } : { kind: 'hold' };
}

function failing({ attempts, unavailable }: Outcomes): boolean {
  return attempts >= LEAST_ATTEMPTS && unavailable >= attempts * LEAST_SHARE;
}

function probeIsDue({ since, probedAt = since }: BreakerState, now: number): boolean {
  return now - probedAt >= probeIntervalMs(now - since) - TICK_TOLERANCE_MS;
}

/**
 * The pause between probes of a breaker that has been open for so long. Every probe is a receive, and SQS moves a message to the
 * dead-letter queue after `MAX_RECEIVES`: probed every minute, a queue's only message would last for 17 hours.
 */
export function probeIntervalMs(openMs: number): number {
  const minutes = PROBE_MINUTES.find(({ untilMinutes }) => openMs < untilMinutes * 60_000)?.every ?? PROBE_MINUTES_AT_LAST;
  return minutes * 60_000;
}

const PROBE_MINUTES = [
  { untilMinutes: 10, every: 1 },
  { untilMinutes: 60, every: 5 },
  { untilMinutes: 6 * 60, every: 10 },
  { untilMinutes: 24 * 60, every: 15 },
];
const PROBE_MINUTES_AT_LAST = 30;

export type ProbeVerdict = 'answers' | 'gone' | 'unavailable';

/** What an attempt of a probe shows. Whatever the target says is an answer, but that it wants no more. */
export function probeVerdict(attempt: ProbeAnswer['attempts'][number]): ProbeVerdict {
  if (attempt.gone === true || attempt.status === GONE_STATUS) return 'gone';
  return isUnavailable(attempt) ? 'unavailable' : 'answers';
}
