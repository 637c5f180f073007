import { BREAKER_TAG, GONE_TAG, writeBreakerState, type BreakerState } from '../../lib/contract/breaker';
import { describe } from '../shared/log';
import { warn, type Run, type Turn } from './turn';

/** For so long a queue is not empty without its tag saying since when. Traffic as usual costs no write then. */
const EMPTY_AT_AFTER_MS = 10 * 60_000;

/** Makes the tag say the state, then the turn. */
export async function remember(turn: Turn, state: Omit<BreakerState, 'emptyAt'>, { calls }: Run): Promise<void> {
  const whole: BreakerState = { ...state, emptyAt: turn.emptyAt };
  await calls.tag(turn.target.queueUrl, BREAKER_TAG, writeBreakerState(whole));
  turn.state = whole;
  turn.memory.phase = whole.phase;
}

/** Makes the tag say since when the queue is not empty, once that is long. */
export async function rememberEmptyAt(turn: Turn, run: Run): Promise<void> {
  const { empty, emptyAt, state } = turn;
  if (empty || state?.emptyAt === emptyAt || run.now() - emptyAt < EMPTY_AT_AFTER_MS) return;
  // Never open, so closed for ever: a later time would tell the delivery functions that attempts began anew then.
  await remember(turn, state ?? { phase: 'closed', since: 0 }, run);
}

/** Takes away the note that the target wants no more, once the state says it. */
export async function forgetGone({ name, target, tags }: Turn, run: Run): Promise<void> {
  if (tags[GONE_TAG] === undefined) return;
  await run.calls.untag(target.queueUrl, GONE_TAG)
    .catch((error: unknown) => warn(run, name, 'tag-failed', `the tag ${GONE_TAG} is removed later: ${describe(error)}`));
}

/** When the target said that it wants no more. A note with an unreadable time counts as new. */
export function goneAt({ tags }: Turn, now: number): number | undefined {
  const value = tags[GONE_TAG];
  if (value === undefined) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? now : time;
}
