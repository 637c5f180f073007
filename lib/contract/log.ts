import type { BreakerPhase } from './breaker';
import type { DeadLetterReason } from './dead-letter';
import type { AttemptOutcome } from './sender';

/**
 * The log lines of the functions: one vocabulary in the cloud and on a local run. Each is one line of JSON with `event` and
 * `time` first, ids next, and never a body, a secret, a signature or a query string.
 */
export type LogLine = { readonly time: string } & (
  | { readonly event: 'accepted'; readonly id: string; readonly source: string; readonly type: string | null; readonly bytes: number;
    readonly targets: string[]; readonly duplicate: boolean;
    /** False where nothing proves the sender. */
    readonly verified?: false }
  /** A check of the URL was answered. `handshake` is the scheme's name, or `pairing` where the sender's key was stored. */
  | { readonly event: 'handshake'; readonly source: string; readonly handshake: string }
  | { readonly event: 'rejected'; readonly source: string | null; readonly status: number; readonly reason: RejectReason; readonly detail?: string }
  | { readonly event: 'quarantined'; readonly id: string; readonly source: string; readonly type: string | null; readonly target?: string; readonly reason: string }
  | { readonly event: 'unrouted'; readonly id: string; readonly source: string; readonly type: string | null; readonly reason: string }
  | { readonly event: 'attempt'; readonly id: string; readonly source: string; readonly target: string; readonly attempt: number;
    readonly outcome: AttemptOutcome; readonly status: number | null; readonly ms: number; readonly retryInSeconds: number | null;
    readonly detail?: string }
  | { readonly event: 'delivered'; readonly id: string; readonly source: string; readonly target: string; readonly attempts: number;
    readonly ageSeconds: number }
  | { readonly event: 'dead-lettered'; readonly id: string; readonly source: string; readonly target: string; readonly attempts: number;
    readonly status: number | null; readonly reason: DeadLetterReason; readonly detail: string }
  /** The target's transform wants nothing of the event. */
  | { readonly event: 'dropped'; readonly id: string; readonly source: string; readonly type: string | null; readonly target: string; readonly reason: string }
  | { readonly event: 'breaker'; readonly target: string; readonly state: BreakerPhase; readonly cause?: string; readonly detail?: string }
  | { readonly event: 'warning'; readonly code: string; readonly message: string; readonly target?: string; readonly source?: string }
);

export type RejectReason =
  | 'route' | 'method' | 'size' | 'signature' | 'timestamp' | 'secret' | 'enqueue' | 'schema' | 'store'
  /** A failure that the function does not know. The sender is asked to retry. */
  | 'internal';
