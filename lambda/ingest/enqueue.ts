import { describe } from '../shared/log';
import { Rejection } from './rejection';
import type { Route } from './route';

/**
 * Puts the event into the queues of all its targets, at the same time. Throws `Rejection` unless every queue has it: the sender
 * tries again then, and a target that got it twice sees the same id twice.
 */
export async function enqueue(routes: readonly Route[], send: (route: Route) => Promise<unknown>): Promise<void> {
  const results = await Promise.allSettled(routes.map(send));
  const failures = routes.flatMap(({ target }, index) => {
    const result = results[index];
    return result?.status === 'rejected' ? [`${target}: ${describe(result.reason)}`] : [];
  });
  if (failures.length > 0) throw new Rejection('enqueue', `${failures.length} of ${routes.length} targets did not take it; ${failures.join('; ')}`);
}
