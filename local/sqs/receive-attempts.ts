import { DEDUPLICATION_MS } from './limits';
import type { StoredMessage } from './message';

interface Attempt {
  readonly receipts: readonly (readonly [StoredMessage, number])[];
  readonly until: number;
}

/**
 * The receives of a FIFO queue that a caller named with a `ReceiveRequestAttemptId`: repeated within five minutes, they give
 * the same messages and receipt handles, as long as none of these was deleted, changed or became visible again.
 */
export class ReceiveAttempts {
  private readonly attempts = new Map<string, Attempt>();

  /** The messages of the earlier attempt, or undefined when it has to be a new receive. */
  repeat(id: string, now: number): StoredMessage[] | undefined {
    for (const [known, { until }] of this.attempts) {
      if (until > now) break;
      this.attempts.delete(known);
    }
    const attempt = this.attempts.get(id);
    return attempt?.receipts.every(isUntouched) ? attempt.receipts.map(([message]) => message) : undefined;
  }

  remember(id: string, messages: readonly StoredMessage[], now: number): void {
    this.attempts.delete(id);
    if (messages.length === 0) return;
    this.attempts.set(id, { receipts: messages.map((message) => [message, message.receipt] as const), until: now + DEDUPLICATION_MS });
  }
}

function isUntouched([message, receipt]: readonly [StoredMessage, number]): boolean {
  return message.node !== null && message.state === 'in-flight' && message.receipt === receipt && !message.visibilityChanged;
}
