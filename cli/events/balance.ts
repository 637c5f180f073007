import { KEPT_ATTEMPTS, type StoredAttempt, type TargetOutcome } from '../../lib/contract/store';
import type { StoredTarget } from '../store/rows';
import type { Summary } from '../store/selection';

/**
 * What became of all events. `pairs` are events × targets, each of which is in one of the other counts. `accepted` and `unrouted` count
 * events.
 */
export interface Counts {
  accepted: number;
  pairs: number;
  delivered: number;
  waiting: number;
  deadLettered: number;
  quarantined: number;
  dropped: number;
  unrouted: number;
  readonly byTarget: Map<string, TargetCounts>;
}

interface TargetCounts {
  /** Waiting. */
  waiting: number;
  deadLettered: number;
  /** Letters that may be in the dead-letter queue of events that were sent again since, beside the one of each dead-lettered event. */
  stale: number;
  /** Some that wait and have not been tried, newest last. */
  readonly untried: string[];
}

/** How many messages the queues of a target hold. */
export interface Held {
  readonly queue: number;
  readonly deadLetters: number;
  /** There is no delivery queue any more. */
  readonly gone?: boolean;
}

/** What a target's row says, as far as it counts here. */
export type CountedRow = Pick<StoredTarget, 'outcome' | 'attempts' | 'tries'>;

export interface Gap {
  readonly target: string;
  readonly missing: number;
  readonly ids: readonly string[];
  readonly message: string;
}

export interface Balance {
  /** What is lost, as far as is known: it does not balance where there is any. */
  readonly gaps: readonly Gap[];
  /** What may be lost, or a dead letter that SQS made. */
  readonly unsure: readonly Gap[];
}

const SHOWN_IDS = 5;

export function emptyCounts(): Counts {
  return { accepted: 0, pairs: 0, delivered: 0, waiting: 0, deadLettered: 0, quarantined: 0, dropped: 0, unrouted: 0, byTarget: new Map() };
}

/** An event in quarantine counts for every target that wants it, and once where none was asked. No row: it waits for its first attempt. */
export function takeEvent(counts: Counts, id: string, summary: Summary, rowOf: (target: string) => CountedRow | undefined): void {
  const { targets, quarantined, unrouted } = summary;
  counts.accepted++;
  if (quarantined !== undefined) {
    counts.pairs += Math.max(1, targets.length);
    counts.quarantined += Math.max(1, targets.length);
  } else if (unrouted && targets.length === 0) {
    counts.unrouted++;
  } else {
    for (const target of targets) takePair(counts, id, target, rowOf(target));
  }
}

function takePair(counts: Counts, id: string, target: string, row: CountedRow | undefined): void {
  const outcome = row?.outcome;
  counts.pairs++;
  counts[COUNTED[outcome ?? 'waiting']]++;
  const known = counts.byTarget.get(target) ?? { waiting: 0, deadLettered: 0, stale: 0, untried: [] };
  counts.byTarget.set(target, known);
  if (outcome === 'dead-lettered') known.deadLettered++;
  if (outcome === undefined || outcome === 'waiting') known.waiting++;
  if (outcome === undefined && known.untried.length < SHOWN_IDS) known.untried.push(id);
  if (row) known.stale += staleLetters(row);
}

/**
 * How many dead letters there may be of an event that was sent more than once: a replay leaves the letter where it is, and so does a
 * redelivery by the sender. Each attempt but the last may have been one that gave up. A row does not say it of each, so this is the most.
 */
function staleLetters({ attempts, tries }: CountedRow): number {
  const overwritten = attempts > tries.length && attempts <= KEPT_ATTEMPTS;
  const again = tries.some(({ replay, attempt }, i) => replay !== undefined || (i > 0 && attempt <= (tries[i - 1] as StoredAttempt).attempt));
  return again || overwritten ? Math.max(1, attempts - 1) : 0;
}

const COUNTED = {
  'waiting': 'waiting', 'delivered': 'delivered', 'dead-lettered': 'deadLettered', 'dropped': 'dropped', 'unavailable': 'quarantined',
} as const satisfies { readonly [outcome in TargetOutcome]: keyof Counts };

/**
 * What waits on record and is in no queue. A dead letter that SQS made itself, after a function crashed again and again, has no outcome on
 * record: it is among those that the dead-letter queue holds beyond the recorded ones. Letters that a replay may have left behind excuse
 * nothing: an alarm that is false is better than a loss that is hidden. `all`: these are the counts of all events, as the queues' are.
 */
export function balance({ byTarget }: Counts, held: ReadonlyMap<string, Held>, all: boolean): Balance {
  const [gaps, unsure]: [Gap[], Gap[]] = [[], []];
  for (const [target, { waiting, deadLettered, stale, untried: ids }] of [...byTarget].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const queues = held.get(target);
    const absent = Math.max(0, waiting - (queues?.queue ?? 0));
    const letters = Math.max(0, (queues?.deadLetters ?? 0) - deadLettered);
    const maybe = all ? Math.min(absent, Math.max(0, letters - stale)) : 0;
    const missing = absent - maybe;
    const which = ids.length > 0 ? `, among them maybe ${ids.join(', ')}` : '';
    const start = `target ${JSON.stringify(target)}: ${waiting} wait, and`;
    if (missing > 0) {
      const also = letters > maybe ? `; ${letters} dead letters that no row counts may be some of them, or be left from a replay${all ? '' : ' or of other events'}` : '';
      gaps.push({ target, missing, ids, message: `${start} ${missing} of them are in no queue${which}; ${why(queues)}${also}; replay brings them again` });
    }
    if (maybe > 0) {
      unsure.push({
        target, missing: maybe, ids, message: `${start} ${maybe} of them are in no delivery queue${which}; they are taken for dead letters that SQS made after their function`
          + ` crashed, of which the queue holds up to ${letters}; redrive ${target} brings these again, and redrive ${target} ID --dry-run tells of one event`,
      });
    }
  }
  return { gaps, unsure };
}

function why(queues: Held | undefined): string {
  if (!queues) return 'the gateway has no such target any more';
  if (queues.gone) return 'their queue is gone';
  return 'their outcome may not have been recorded, which the metric StoreFailures counts, or the queue was purged';
}
