import { AwsCallError, type AwsFailure } from '../shared/aws-error';
import { describe } from '../shared/log';
import { Rejection } from './rejection';
import type { Route } from './route';

/** A queue that did not take the event. */
export interface Refused {
  readonly route: Route;
  readonly error: unknown;
}

/** What became of an event at the queues of its targets. */
export interface Enqueued {
  readonly taken: readonly Route[];
  /** For now: the sender's next try may do. */
  readonly failed: readonly Refused[];
  /** The queue is gone, or refuses for good: no try of the sender changes that. */
  readonly unavailable: readonly Refused[];
}

const FOR_GOOD: ReadonlySet<AwsFailure> = new Set(['missing', 'denied', 'invalid']);

/** Puts the event into the queues of all its targets, at the same time. Never throws. */
export async function enqueue(routes: readonly Route[], send: (route: Route) => Promise<unknown>): Promise<Enqueued> {
  const results = await Promise.allSettled(routes.map(send));
  const refused = routes.flatMap((route, index): Refused[] => {
    const result = results[index];
    return result?.status === 'rejected' ? [{ route, error: result.reason as unknown }] : [];
  });
  const forGood = ({ error }: Refused): boolean => error instanceof AwsCallError && FOR_GOOD.has(error.kind);
  return {
    taken: routes.filter((_route, index) => results[index]?.status === 'fulfilled'),
    failed: refused.filter((one) => !forGood(one)),
    unavailable: refused.filter(forGood),
  };
}

/** The sender tries again then, and a target that gets the event twice sees the same id twice. */
export function notEnqueued(refused: readonly Refused[], all: number): Rejection {
  const each = refused.map(({ route, error }) => `${route.target}: ${describe(error)}`);
  return new Rejection('enqueue', `${refused.length} of ${all} targets did not take it; ${each.join('; ')}`);
}
