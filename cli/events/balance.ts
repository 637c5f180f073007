import type { TargetOutcome } from '../../lib/contract/store';
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
  /** Some that wait and have not been tried, newest last. */
  readonly untried: string[];
}

/** How many messages the queues of a target hold. */
export interface Held {
  readonly queue: number;
  readonly deadLetters: number;
}

export interface Gap {
  readonly target: string;
  readonly missing: number;
  readonly ids: readonly string[];
  readonly message: string;
}

const SHOWN_IDS = 5;

export function emptyCounts(): Counts {
  return { accepted: 0, pairs: 0, delivered: 0, waiting: 0, deadLettered: 0, quarantined: 0, dropped: 0, unrouted: 0, byTarget: new Map() };
}

/** An event in quarantine counts for every target that wants it, and once where none was asked. No row: it waits for its first attempt. */
export function takeEvent(counts: Counts, id: string, summary: Summary, outcomeOf: (target: string) => TargetOutcome | undefined): void {
  const { targets, quarantined, unrouted } = summary;
  counts.accepted++;
  if (quarantined !== undefined) {
    counts.pairs += Math.max(1, targets.length);
    counts.quarantined += Math.max(1, targets.length);
  } else if (unrouted && targets.length === 0) {
    counts.unrouted++;
  } else {
    for (const target of targets) takePair(counts, id, target, outcomeOf(target));
  }
}

function takePair(counts: Counts, id: string, target: string, outcome: TargetOutcome | undefined): void {
  counts.pairs++;
  counts[COUNTED[outcome ?? 'waiting']]++;
  const known = counts.byTarget.get(target) ?? { waiting: 0, deadLettered: 0, untried: [] };
  counts.byTarget.set(target, known);
  if (outcome === 'dead-lettered') known.deadLettered++;
  if (outcome === undefined || outcome === 'waiting') known.waiting++;
  if (outcome === undefined && known.untried.length < SHOWN_IDS) known.untried.push(id);
}

const COUNTED = {
  'waiting': 'waiting', 'delivered': 'delivered', 'dead-lettered': 'deadLettered', 'dropped': 'dropped', 'unavailable': 'quarantined',
} as const satisfies { readonly [outcome in TargetOutcome]: keyof Counts };

/**
 * What waits on record and is in no queue. A dead letter that SQS made itself, after a function crashed again and again, has no outcome on
 * record: it is among those that the dead-letter queue holds beyond the recorded ones.
 */
export function balance({ byTarget }: Counts, held: ReadonlyMap<string, Held>): Gap[] {
  return [...byTarget].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([target, { waiting, deadLettered, untried }]): Gap[] => {
    const queues = held.get(target);
    const missing = waiting - (queues?.queue ?? 0) - Math.max(0, (queues?.deadLetters ?? 0) - deadLettered);
    if (missing <= 0) return [];
    const why = queues ? 'their outcome may not have been recorded, which the metric StoreFailures counts, or the queue was purged' : 'the gateway has no such target any more';
    const which = untried.length > 0 ? `, among them maybe ${untried.join(', ')}` : '';
    return [{ target, missing, ids: untried, message: `target ${JSON.stringify(target)}: ${waiting} wait, and ${missing} of them are in no queue${which}; ${why}; replay brings them again` }];
  });
}
