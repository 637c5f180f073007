import type { BreakerState } from '../../lib/contract/breaker';
import { judge, type Outcomes, type Step } from './breaker';
import { align, isOff, tellOff } from './mapping';
import { probe } from './probe';
import { forgetGone, goneAt, isOurs, remember, rememberEmptyAt } from './state';
import type { Run, Turn } from './turn';

/** Judges a target's breaker, and brings the tag and the mapping in line with that. */
export async function decide(turn: Turn, outcomes: Outcomes, run: Run): Promise<void> {
  if (turn.target.enabled === false) return rememberEmptyAt(turn, run);
  const wasOpen = turn.state?.phase === 'open';
  const flagged = goneAt(turn, run.now());
  const closed = turn.state === undefined || turn.state.phase === 'closed';
  // With nothing to deliver it makes no difference whether the mapping is on.
  const asked = !turn.empty || !closed || flagged !== undefined;
  if (asked) turn.mapping = await run.calls.mappingState(turn.target.mappingId);
  const mappingOff = isOff(turn.mapping);
  const step = judge({ now: run.now(), state: turn.state, goneAt: flagged, mappingOff, empty: turn.empty, outcomes });
  turn.paused = step.kind !== 'leave' && step.kind !== 'resume';
  if (step.kind !== 'off') delete turn.memory.toldOffAt;
  await carryOut(turn, step, outcomes, run);
  // By a deployment, or by a person whose command has just opened the breaker.
  if (wasOpen && !mappingOff && isOff(turn.mapping)) say(turn, run, 'the event source mapping was enabled, and is paused');
  if (step.kind !== 'off') await forgetGone(turn, run);
}

async function carryOut(turn: Turn, step: Step, { attempts, unavailable }: Outcomes, run: Run): Promise<void> {
  switch (step.kind) {
    case 'open': {
      // The tag first: a mapping that is off without a tag is a person's doing, and would stay off.
      if (!await remember(turn, { ...turn.state, phase: 'open', since: step.since, cause: step.cause }, run)) return giveWay(turn, run);
      say(turn, run, step.cause === 'gone' ? 'the target wants no more events' : `${unavailable} of ${attempts} attempts of late found it unavailable`);
      await align(turn, false, run);
      return;
    }
    case 'probe':
      turn.probe = step.messages;
      await align(turn, false, run);
      return rememberEmptyAt(turn, run);
    case 'hold':
      await align(turn, false, run);
      return rememberEmptyAt(turn, run);
    case 'resume':
      return resume(turn, turn.state?.phase === 'open' ? 'the queue is empty' : 'the event source mapping is enabled again', run);
    case 'off':
      tellOff(turn, run);
      return rememberEmptyAt(turn, run);
    case 'leave':
      return rememberEmptyAt(turn, run);
  }
}

/** Probes a target whose probe is due. */
export async function tryTarget(turn: Turn, run: Run): Promise<void> {
  if (turn.probe === 0) return;
  const open = turn.state as BreakerState;
  const begin = async (): Promise<boolean> => {
    // Before the attempt: one that ends badly must not be made again in the next minute.
    if (!await remember(turn, { ...open, probedAt: run.now() }, run)) return false;
    run.write({ event: 'breaker', target: turn.name, state: 'half-open', ...(open.cause && { cause: open.cause }) });
    return true;
  };
  const probed = await probe(turn, begin, run);
  if (probed === 'put off') return giveWay(turn, run);
  if (!probed) return;
  if (probed.verdict === 'answers') return resume(turn, probed.detail, run);
  const isNew = probed.verdict === 'gone' && open.cause !== 'gone';
  if (isNew && !await remember(turn, { ...turn.state as BreakerState, cause: 'gone' }, run)) return giveWay(turn, run);
  say(turn, run, probed.detail);
}

/**
 * Lets events through again. The tag says `half-open` until Lambda has taken the change, so that neither a conflict nor the end of
 * this environment leaves a mapping off with a closed breaker, which would be taken for a person's doing.
 */
async function resume(turn: Turn, detail: string, run: Run): Promise<void> {
  const { cause, phase } = turn.state as BreakerState;
  const ours = phase === 'half-open' ? await isOurs(turn, run) : await remember(turn, { phase: 'half-open', since: run.now(), ...(cause && { cause }) }, run);
  if (!ours) return giveWay(turn, run);
  turn.paused = false;
  if (!await align(turn, true, run)) return;
  if (!await remember(turn, { phase: 'closed', since: run.now() }, run)) return giveWay(turn, run);
  say(turn, run, detail);
}

/** To what somebody else has decided in the midst of this turn. What is left of it is for the next minute. */
async function giveWay(turn: Turn, run: Run): Promise<void> {
  if (turn.state) say(turn, run, 'somebody else has decided so meanwhile');
  if (turn.paused) await align(turn, false, run);
}

function say({ name, state }: Turn, { write }: Run, detail: string): void {
  const { phase, cause } = state as BreakerState;
  write({ event: 'breaker', target: name, state: phase, ...(cause && { cause }), detail });
}
