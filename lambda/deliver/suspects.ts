import type { RetrySchedule } from '../../lib/contract/retry';
import { explainedReceives } from './backoff';
import type { Message } from './message';

/** Throttled invocations and crashes of others cause some. */
const UNEXPLAINED_RECEIVES = 5;

/**
 * Whether attempts on this message seem to end the process: it was received more often than its age explains. A message that was
 * only in the same batches is suspected with it, and clears itself by running alone.
 */
export function isSuspect({ receives, firstReceivedAt }: Message, retry: RetrySchedule, now: number): boolean {
  return receives > explainedReceives(retry, (now - firstReceivedAt) / 1_000) + UNEXPLAINED_RECEIVES;
}

/** No order that the counts suggest is safe: the message that ends the process would be first again and again, and hold up the same others. */
export function inRandomOrder<Item>(items: readonly Item[], random: () => number): Item[] {
  return items.map((item) => ({ item, at: random() })).sort((a, b) => a.at - b.at).map(({ item }) => item);
}
