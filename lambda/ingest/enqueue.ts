import { describe } from '../shared/log';
import { Rejection } from './rejection';
import type { Route } from './route';

/** Puts a message into a queue. Resolves once the queue has it for good. */
export type Send = (queueUrl: string, message: string) => Promise<unknown>;

/**
 * Puts the event into the queues of all its targets, at the same time. Throws `Rejection` unless every queue has it: the sender
 * tries again then, and a target that got it twice sees the same id twice.
 */
export async function enqueue(routes: Route[], message: string, send: Send): Promise<void> {
  const results = await Promise.allSettled(routes.map(({ queueUrl }) => send(queueUrl, message)));
  const failures = routes.flatMap(({ target }, index) => {
    const result = results[index];
    return result?.status === 'rejected' ? [`${target}: ${describe(result.reason)}`] : [];
  });
  if (failures.length > 0) throw new Rejection('enqueue', `${failures.length} of ${routes.length} targets did not take it; ${failures.join('; ')}`);
}
