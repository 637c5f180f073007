import type { AttemptOutcome } from './sender';

/**
 * What the keeper knows of a target is in tags of its delivery queue: no table is needed, a deployment leaves them alone, and a
 * person sees them in the console or with `aws sqs list-queue-tags`.
 */
export const BREAKER_TAG = 'cdk-webhooks:breaker';

/** Set by a delivery function whose target wants no more events; its value is the time. The keeper opens the breaker and removes it. */
export const GONE_TAG = 'cdk-webhooks:gone';

export type BreakerPhase = 'closed' | 'open' | 'half-open';

/** Why a breaker is open: the target does not answer, it wants no more, or a person paused it. */
export type BreakerCause = 'unavailable' | 'gone' | 'person';

export interface BreakerState {
  readonly phase: BreakerPhase;
  /** When the phase began, milliseconds since 1970. For `closed`: when attempts began anew. */
  readonly since: number;
  readonly cause?: BreakerCause;
  /** When the target was last probed, milliseconds since 1970. */
  readonly probedAt?: number;
  /** When the queue was last seen empty, or first seen at all, milliseconds since 1970: nothing in it is older. */
  readonly emptyAt?: number;
}

/** The tag's value: words that SQS allows in a tag. */
export function writeBreakerState({ phase, since, cause, probedAt, emptyAt }: BreakerState): string {
  const fields: [string, string | undefined][] = [
    ['since', iso(since)], ['cause', cause], ['probed', iso(probedAt)], ['empty', iso(emptyAt)],
  ];
  return [phase, ...fields.flatMap(([name, value]) => value === undefined ? [] : [`${name}=${value}`])].join(' ');
}

/** Undefined where there is no tag, or one that says nothing. */
export function readBreakerState(value: string | undefined): BreakerState | undefined {
  const [phase, ...words] = (value ?? '').split(' ');
  const fields = Object.fromEntries(words.map((word) => word.split('=') as [string, string | undefined]));
  const since = time(fields['since']);
  if ((phase !== 'closed' && phase !== 'open' && phase !== 'half-open') || since === undefined) return undefined;
  const cause = CAUSES.find((known) => known === fields['cause']);
  const probedAt = time(fields['probed']);
  const emptyAt = time(fields['empty']);
  return { phase, since, ...(cause && { cause }), ...(probedAt !== undefined && { probedAt }), ...(emptyAt !== undefined && { emptyAt }) };
}

const CAUSES: readonly BreakerCause[] = ['unavailable', 'gone', 'person'];

function iso(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
}

function time(text: string | undefined): number | undefined {
  const milliseconds = Date.parse(text ?? '');
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** How the keeper calls a delivery function with a message that it received itself: an SQS event with this beside its records. */
export interface ProbeMark {
  readonly probe: true;
}

/** What a delivery function adds to its answer to a probe. */
export interface ProbeAnswer {
  readonly attempts: {
    readonly messageId: string;
    readonly outcome: AttemptOutcome;
    readonly status: number | null;
    /** The target wants no events any more, whatever its status was. */
    readonly gone?: true;
  }[];
}

/** Whether an attempt shows that the target cannot be reached or cannot work: no answer, 429 or 5xx. Any other answer is one. */
export function isUnavailable({ outcome, status }: { readonly outcome: AttemptOutcome; readonly status: number | null }): boolean {
  if (status !== null) return status === 429 || status >= 500;
  return outcome !== 'delivered' && outcome !== 'transform' && outcome !== 'blocked';
}
