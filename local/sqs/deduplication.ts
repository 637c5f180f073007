import { createHash } from 'crypto';
import { DEDUPLICATION_MS } from './limits';
import type { StoredMessage } from './message';

type Identified = Pick<StoredMessage, 'id' | 'sequenceNumber' | 'deduplicationId' | 'content'>;

/** The first message that was sent with a deduplication id. */
type FirstSent = Pick<StoredMessage, 'id' | 'sequenceNumber'>;

/**
 * The deduplication ids a FIFO queue remembers: five minutes from the first send, even when that message was received and
 * deleted. A repeated send does not prolong it. Messages of standard queues have no such id and are never found.
 */
export class Deduplication {
  private readonly sent = new Map<string, FirstSent>();
  private line: { readonly key: string; readonly until: number }[] = [];
  private forgotten = 0;

  find(message: Identified, byGroup: boolean, now: number): FirstSent | undefined {
    this.forget(now);
    const key = keyOf(message, byGroup);
    return key === undefined ? undefined : this.sent.get(key);
  }

  remember(message: Identified, byGroup: boolean, now: number): void {
    this.forget(now);
    const key = keyOf(message, byGroup);
    if (key === undefined || this.sent.has(key)) return;
    this.sent.set(key, { id: message.id, sequenceNumber: message.sequenceNumber });
    this.line.push({ key, until: now + DEDUPLICATION_MS });
  }

  private forget(now: number): void {
    for (let next = this.line[this.forgotten]; next && next.until <= now; next = this.line[++this.forgotten]) this.sent.delete(next.key);
    if (this.forgotten < 1000 || this.forgotten < this.line.length / 2) return;
    this.line = this.line.slice(this.forgotten);
    this.forgotten = 0;
  }
}

/** Ids are compared in the whole queue, or within a message group when `DeduplicationScope` says so. */
function keyOf({ content: { groupId }, deduplicationId }: Identified, byGroup: boolean): string | undefined {
  if (deduplicationId === undefined || groupId === undefined) return undefined;
  return byGroup ? `${groupId} ${deduplicationId}` : deduplicationId;
}

/** The id that content-based deduplication gives a message: its body counts, its attributes do not. */
export function contentDeduplicationId(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
