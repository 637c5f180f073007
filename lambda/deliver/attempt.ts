import type { Delivery, Sender, SendResult } from '../../lib/contract/sender';
import { describe } from '../shared/log';
import { readResult } from './classify';

/** A sender that sees its signal abort may still have a result to hand in. */
const GRACE_MS = 250;

export interface Attempt extends SendResult {
  readonly ms: number;
}

/** One try within its time. Never throws, also when the sender does, and ends also when the sender does not. */
export async function attempt(sender: Sender, delivery: Omit<Delivery, 'signal'>, timeoutMs: number): Promise<Attempt> {
  const startedAt = performance.now();
  const deadline = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const givenUp = new Promise<SendResult>((resolve) => {
    timer = setTimeout(() => {
      deadline.abort();
      // Only now: two timers of a starved event loop may both be due, and the later one first. A request that nobody aborts keeps its socket.
      timer = setTimeout(() => resolve({ outcome: 'timeout', status: null, detail: 'the sender did not end in time' }), GRACE_MS);
    }, timeoutMs);
  });
  const sent = Promise.resolve().then(() => sender.send({ ...delivery, signal: deadline.signal })).then(
    (result) => readResult(result) ?? failed('it did not say what happened'),
    (error: unknown) => failed(describe(error)),
  );
  const result = await Promise.race([sent, givenUp]);
  clearTimeout(timer);
  return { ...result, ms: Math.round(performance.now() - startedAt) };
}

function failed(explanation: string): SendResult {
  return { outcome: 'aws', status: null, detail: `the sender failed: ${explanation}` };
}
