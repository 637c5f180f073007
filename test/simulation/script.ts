import type { SendResult } from '../../lib/contract/sender';
import { share, type Random } from './random';

/** How a target behaves for a while. */
export type Behaviour =
  | { readonly kind: 'up' }
  /** Nobody listens. */
  | { readonly kind: 'down' }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** Takes the event and does not answer in time. */
  | { readonly kind: 'slow' }
  /** Fails at random, in this share of attempts. */
  | { readonly kind: 'flapping'; readonly share: number; readonly status: number }
  /** Takes the event and breaks the connection in place of an answer, in this share of attempts. */
  | { readonly kind: 'drops'; readonly share: number };

export interface Script {
  /** One after the other; the last holds for good. */
  readonly phases?: readonly { readonly seconds: number; readonly behaviour: Behaviour }[];
  readonly last: Behaviour;
  /** A share of the events that are answered so for good, whatever the phase. */
  readonly refuses?: { readonly share: number; readonly status: number };
  /** A share of the events that kill the function that sends them. */
  readonly kills?: number;
  /** Milliseconds from the request to the answer. Default: 50. */
  readonly latencyMs?: number;
}

export interface Reaction {
  /** The target has done its work, whatever it answers. */
  readonly taken: boolean;
  /** Undefined: no answer ever comes. */
  readonly answer?: SendResult;
  /** Why the event may come again although it was taken. */
  readonly cause?: string;
}

/** Salts of the shares of events. */
const REFUSES = 0x51ED;
const KILLS = 0x6B11;

const TAKEN: Reaction = { taken: true, answer: { outcome: 'delivered', status: 200 } };

/** Whether attempts on this event end the process. */
export function kills(script: Script, event: number): boolean {
  return script.kills !== undefined && share(event, KILLS) < script.kills;
}

export function react(script: Script, secondsSinceStart: number, event: number, random: Random): Reaction {
  const { refuses } = script;
  const behaviour = behaviourAt(script, secondsSinceStart);
  if (refuses && share(event, REFUSES) < refuses.share && behaviour.kind === 'up') return refusal(refuses.status);
  switch (behaviour.kind) {
    case 'up': return TAKEN;
    case 'down': return { taken: false, answer: { outcome: 'refused', status: null, detail: 'nobody listens' } };
    case 'status': return refusal(behaviour.status, behaviour.retryAfterSeconds);
    case 'slow': return { taken: true, cause: 'the target answers too late' };
    case 'flapping': return random.chance(behaviour.share) ? refusal(behaviour.status) : TAKEN;
    case 'drops': return random.chance(behaviour.share)
      ? { taken: true, answer: { outcome: 'reset', status: null, detail: 'the connection broke' }, cause: 'the target drops its answer' }
      : TAKEN;
  }
}

export function behaviourAt({ phases = [], last }: Script, secondsSinceStart: number): Behaviour {
  let ends = 0;
  for (const { seconds, behaviour } of phases) {
    ends += seconds;
    if (secondsSinceStart < ends) return behaviour;
  }
  return last;
}

function refusal(status: number, retryAfterSeconds?: number): Reaction {
  return {
    taken: false,
    answer: {
      outcome: 'status', status, detail: `the target answered ${status}`, ...(status === 410 && { gone: true }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    },
  };
}
