import type { Attempt } from './attempt';
import { secondsSince, type Batch } from './batch';
import { classify, overflow, type Ages, type Verdict } from './classify';
import type { Message } from './message';

/** Decides by the result, by the message's ages, and, where another attempt would follow, by the room that is left for it. */
export async function judge(message: Message, result: Attempt, batch: Batch): Promise<Verdict> {
  if (result.outcome === 'delivered') return { kind: 'delivered' };
  const judgedAt = batch.now();
  const verdict = await judgeBy(agesOf(message, await batch.state.resumedAt(), batch), result, batch);
  // The breaker may have closed since it was read: an event that waited for that would have had no time at all.
  return verdict.kind === 'dead-letter' ? judgeBy(agesOf(message, await batch.state.resumedAt(judgedAt), batch), result, batch) : verdict;
}

async function judgeBy(ages: Ages, result: Attempt, batch: Batch): Promise<Verdict> {
  const verdict = classify(result, ages, batch.config);
  const instead = verdict.kind === 'retry' ? overflow(result, ages) : undefined;
  return instead && await batch.state.backlogFull() ? instead : verdict;
}

/**
 * An event whose time is over may have waited for the breaker. While nobody can say, it is not given up; but not for ever, because
 * a queue forgets what is 14 days old.
 */
const UNKNOWN_FOR_SECONDS = 6 * 3_600;

function agesOf({ sentAt, firstReceivedAt }: Message, resumedAt: number | undefined | 'unknown', batch: Batch): Ages {
  const seconds = secondsSince(sentAt, batch);
  if (resumedAt === 'unknown') {
    const waited = seconds <= batch.config.retry.maxAgeSeconds + UNKNOWN_FOR_SECONDS;
    return { seconds, tryingSeconds: secondsSince(firstReceivedAt, batch), ...(waited && { resumedSeconds: 0 }) };
  }
  return {
    seconds,
    tryingSeconds: secondsSince(Math.max(firstReceivedAt, resumedAt ?? 0), batch),
    ...(resumedAt !== undefined && { resumedSeconds: secondsSince(resumedAt, batch) }),
  };
}
