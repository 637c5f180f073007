import { BREAKER_TAG, GONE_TAG, readBreakerState, writeBreakerState, type BreakerState } from '../../lib/contract/breaker';
import { describe } from '../shared/log';
import { warn, type Run, type Turn } from './turn';

/** For so long a queue is not empty without its tag saying since when. Traffic as usual costs no write then. */
const EMPTY_AT_AFTER_MS = 10 * 60_000;

/** Makes the tag say the state, then the turn. False where somebody else has decided meanwhile: that stays. */
export async function remember(turn: Turn, state: Omit<BreakerState, 'emptyAt'>, run: Run): Promise<boolean> {
  if (!await isOurs(turn, run)) return false;
  const whole: BreakerState = { ...state, emptyAt: turn.emptyAt };
  turn.known.add(decisionOf(whole));
  await run.calls.tag(turn.target.queueUrl, BREAKER_TAG, writeBreakerState(whole));
  take(turn, whole);
  return true;
}

/**
 * Whether the tag still says what this turn knows; else the turn learns what it says. A probe takes up to 40 seconds, in which a person
 * may pause the target or resume it. SQS writes no tag on a condition, so this is asked right before each write.
 */
export async function isOurs(turn: Turn, { calls }: Run): Promise<boolean> {
  const found = readBreakerState((await calls.tags(turn.target.queueUrl))[BREAKER_TAG]);
  if (turn.known.has(decisionOf(found))) return true;
  take(turn, found);
  turn.paused = found?.phase === 'open';
  return false;
}

function take(turn: Turn, state: BreakerState | undefined): void {
  turn.state = state;
  turn.memory.state = state;
}

/** What makes one decision another: not when the target was probed, or the queue empty. */
export function decisionOf(state: BreakerState | undefined): string {
  return state === undefined ? 'none' : `${state.phase} ${state.since} ${state.cause}`;
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
