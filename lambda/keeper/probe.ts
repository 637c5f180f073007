import type { ProbeAnswer } from '../../lib/contract/breaker';
import { describe } from '../shared/log';
import { probeVerdict, type ProbeVerdict } from './breaker';
import type { ProbeEvent, ReceivedMessage } from './calls';
import { sentAtOf, toRecord } from './record';
import { hasTime, noteAge, warn, type Run, type Turn } from './turn';

/** For what follows an attempt: the messages, the mapping and the tag. */
const AFTER_ATTEMPT_MS = 12_000;

export interface Probed {
  /** Undefined where no attempt came of it, so that nothing is known. */
  readonly verdict?: ProbeVerdict;
  /** For a person. */
  readonly detail: string;
}

/**
 * Tries the target with up to `turn.probe` messages of its queue, one after the other, until it answers one. `begin` is called once
 * there is a message to try, and says whether it is to be tried. Undefined where there is none, because all are in flight or the queue is empty.
 */
export async function probe(turn: Turn, begin: () => Promise<boolean>, run: Run): Promise<Probed | 'put off' | undefined> {
  const back: ReceivedMessage[] = [];
  let probed: Probed | undefined;
  try {
    for (let tried = 0; tried < turn.probe && (tried === 0 || hasTime(run)); tried++) {
      // Hidden for as long as the mapping would: an attempt that outlives this run must not be met by another one.
      const [message] = await run.calls.receive(turn.target.queueUrl, 1, turn.target.visibilityTimeoutSeconds);
      if (!message) break;
      back.push(message);
      if (tried === 0 && !await begin()) return 'put off';
      const { fate, ...result } = await attempt(turn, message, run);
      if (fate !== 'back') back.pop();
      if (fate === 'done') await remove(turn, message, run);
      else noteAge(turn, sentAtOf(message));
      probed = result;
      if (probed.verdict === 'answers' || probed.verdict === 'gone') break;
    }
  } finally {
    await Promise.all(back.map((message) => putBack(turn, message, run)));
  }
  return probed;
}

interface Attempted extends Probed {
  /** `unknown`: the function may be at it still, so the message stays hidden. */
  readonly fate: 'done' | 'back' | 'unknown';
}

async function attempt({ target, queue }: Turn, message: ReceivedMessage, { calls, remainingMs }: Run): Promise<Attempted> {
  const event: ProbeEvent = { Records: [toRecord(message, queue.arn)], probe: true };
  let answer: unknown;
  try {
    answer = await calls.probe(target.functionName, event, Math.max(1, remainingMs() - AFTER_ATTEMPT_MS));
  } catch (error) {
    return { fate: 'unknown', detail: `the probe failed: ${describe(error)}` };
  }
  if (!isProbeAnswer(answer)) return { fate: 'back', detail: 'the delivery function did not say what became of the probe' };
  const failed = answer.batchItemFailures.some(({ itemIdentifier }) => itemIdentifier === message.MessageId);
  const made = answer.attempts?.find(({ messageId }) => messageId === message.MessageId);
  return {
    fate: failed ? 'back' : 'done',
    ...(made && { verdict: probeVerdict(made) }),
    detail: made ? `an attempt ended with ${made.status === null ? made.outcome : `status ${made.status}`}` : 'no attempt came of the probe',
  };
}

interface DeliveryAnswer extends Partial<ProbeAnswer> {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

function isProbeAnswer(value: unknown): value is DeliveryAnswer {
  return typeof value === 'object' && value !== null && 'batchItemFailures' in value && Array.isArray(value.batchItemFailures)
    && (!('attempts' in value) || Array.isArray(value.attempts));
}

async function remove({ name, target }: Turn, message: ReceivedMessage, run: Run): Promise<void> {
  await run.calls.deleteMessage(target.queueUrl, message.ReceiptHandle)
    .catch((error: unknown) => warn(run, name, 'delete-failed', `message ${message.MessageId} is done with and comes again: ${describe(error)}`));
}

async function putBack({ name, target }: Turn, message: ReceivedMessage, run: Run): Promise<void> {
  await run.calls.changeVisibility(target.queueUrl, message.ReceiptHandle, 0).catch((error: unknown) => (
    warn(run, name, 'visibility-failed', `message ${message.MessageId} comes again after the queue's visibility timeout: ${describe(error)}`)
  ));
}
