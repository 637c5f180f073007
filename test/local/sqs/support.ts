import { ManualClock } from '../../../local/clock';
import { SqsEngine } from '../../../local/sqs/engine';
import type { ReceivedMessage } from '../../../local/sqs/message';
import type { Queue } from '../../../local/sqs/queue';

export const START = Date.UTC(2026, 0, 1);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface Run {
  readonly clock: ManualClock;
  readonly engine: SqsEngine;
}

export function startRun(): Run {
  const clock = new ManualClock(START);
  const engine = new SqsEngine({ clock, region: 'eu-west-1', account: '123456789012', origin: () => 'http://127.0.0.1:4566', random: seeded(1) });
  return { clock, engine };
}

/** A source and its dead-letter queue. */
export function withDeadLetters({ engine }: Run, maxReceiveCount: number, options: { fifo?: boolean; dlq?: { [name: string]: string } } = {}) {
  const suffix = options.fifo ? '.fifo' : '';
  const type: { [name: string]: string } = options.fifo ? { FifoQueue: 'true' } : {};
  const dlq = engine.createQueue(`dlq${suffix}`, { ...type, ...options.dlq });
  const queue = engine.createQueue(`source${suffix}`, { ...type, RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dlq.arn, maxReceiveCount }) });
  return { queue, dlq };
}

export function receiveOne(queue: Queue, visibilityTimeoutSeconds?: number): ReceivedMessage {
  const [message, ...more] = queue.receive({ ...(visibilityTimeoutSeconds !== undefined && { visibilityTimeoutSeconds }) });
  if (!message || more.length > 0) throw new Error(`received ${more.length + (message ? 1 : 0)} messages, not one`);
  return message;
}

export function receiveBodies(queue: Queue, maxMessages = 10): string[] {
  return queue.receive({ maxMessages }).map(({ body }) => body);
}

/** Small numbers that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6D2B79F5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The name and message of what a call throws. */
export function errorOf(run: () => unknown): { name: string; message: string } {
  try {
    run();
  } catch (error) {
    const { name, message } = error as Error;
    return { name, message };
  }
  throw new Error('nothing was thrown');
}
