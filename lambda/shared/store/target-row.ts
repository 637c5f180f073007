import type { StoreConfig } from '../../../lib/contract/config';
import {
  attemptSlot, dayOf, eventKey, outcomeIndexKey, shardOf, STORE_VERSION, targetRowKey, timeIndexKey, writeAttempt,
  type StoredAttempt, type TargetOutcome,
} from '../../../lib/contract/store';
import type { RowChange, RowCondition } from './change';

/** What became of an event for a target. */
export interface TargetChange {
  readonly id: string;
  readonly target: string;
  readonly source: string;
  readonly type: string | null;
  /** When the event was accepted, ISO 8601. */
  readonly time: string;
  readonly outcome: TargetOutcome;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** When the message was received that failed, milliseconds since 1970: what was written later is newer. Default: now. */
  readonly receivedAt?: number;
  /** The attempt that this comes of. Absent: nothing was sent. */
  readonly attempt?: StoredAttempt;
  /** Milliseconds since 1970. */
  readonly nextAttemptAt?: number;
  readonly reason?: string;
  readonly detail?: string;
  readonly response?: string;
  /** The event is replayed, so what is newer counts whatever was before. */
  readonly replay?: string;
}

/** A sentence for a person, and no more: a row of many attempts has to stay small. */
const MAX_DETAIL_LENGTH = 300;

/** One update, whether there is a row or not. */
export function targetChange(change: TargetChange, { retentionSeconds }: Pick<StoreConfig, 'retentionSeconds'>): RowChange {
  const { id, target, source, type, outcome, now, attempt, nextAttemptAt, reason, detail, response } = change;
  const changing = {
    status: attempt?.status ?? undefined,
    nextAttemptAt: nextAttemptAt === undefined ? undefined : new Date(nextAttemptAt).toISOString(),
    reason,
    detail: detail?.slice(0, MAX_DETAIL_LENGTH),
    response,
    ...indexKeys(change),
  };
  const where = conditionsFor(change);
  return {
    pk: eventKey(id),
    sk: targetRowKey(target),
    set: {
      v: STORE_VERSION, id, target, source, type: type ?? undefined, outcome, at: new Date(now).toISOString(), ttl: expiry(now, retentionSeconds),
      ...changing,
      ...(attempt && { [attemptSlot(attempt.attempt)]: writeAttempt(attempt) }),
    },
    add: attempt ? { attempts: 1 } : {},
    // What was said before holds no longer.
    remove: Object.entries(changing).flatMap(([attribute, value]) => value === undefined ? [attribute] : []),
    ...(where.length > 0 && { where }),
  };
}

function conditionsFor({ outcome, replay, now, receivedAt = now }: TargetChange): RowCondition[] {
  if (outcome === 'delivered') return [];
  return [
    // Of two copies of a message, one may fail after the other was delivered. What a target has taken stays delivered.
    ...replay === undefined ? [{ attribute: 'outcome', is: 'other', value: 'delivered' } as const] : [],
    // A function that was frozen in the midst of it writes this when the event may have ended elsewhere. Only `waiting` is held to the
    // time: it has a next attempt to mend what two clocks that differ have spoilt, and an end has none.
    ...outcome === 'waiting' ? [{ attribute: 'at', is: 'at-most', value: new Date(receivedAt).toISOString() } as const] : [],
  ];
}

function indexKeys({ id, target, time, outcome }: TargetChange): { readonly gpk2: string | undefined; readonly gsk2: string | undefined } {
  if (outcome === 'delivered') return { gpk2: undefined, gsk2: undefined };
  return { gpk2: outcomeIndexKey(target, outcome, dayOf(time), shardOf(id)), gsk2: timeIndexKey(time, id) };
}

/** Seconds since 1970, whole ones, as DynamoDB asks. */
export function expiry(now: number, retentionSeconds: number): number {
  return Math.ceil(now / 1_000) + retentionSeconds;
}
