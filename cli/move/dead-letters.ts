import { ChangeMessageVisibilityBatchCommand, ReceiveMessageCommand, type Message } from '@aws-sdk/client-sqs';
import type { Envelope } from '../../lib/contract/envelope';
import { interrupted } from '../cli-error';
import { readEnvelope } from './message';
import type { MoveSelected } from './move-selected';
import { ask } from './target-queues';

export interface DeadLetter {
  readonly receipt: string;
  readonly messageId: string;
  readonly envelope: Envelope;
  readonly groupId?: string;
  /** When its event was given up, milliseconds since 1970. */
  readonly sentAt: number;
}

/** While it is looked at, sent and waited for, a dead letter is hidden from others for so long. */
const HIDDEN_SECONDS = 900;
/** Empty answers in a row that mean the queue is through: SQS asks only some of its servers each time. */
const EMPTY_ANSWERS = 3;

/** What was received: what is meant, and the receipts of the rest. */
export interface Received {
  readonly chosen: DeadLetter[];
  readonly others: string[];
}

/** Receives every dead letter once: SQS finds none by what is in it. */
export async function look(move: MoveSelected, { chosen, others }: Received): Promise<void> {
  const { store: { access }, client, queues: { deadLetterUrl }, selects, context: { signal } } = move;
  const seen = new Set<string>();
  for (let empty = 0; empty < EMPTY_ANSWERS;) {
    if (signal.aborted) throw interrupted();
    const { Messages = [] } = await ask(access, deadLetterUrl, () => client.send(new ReceiveMessageCommand({
      QueueUrl: deadLetterUrl, MaxNumberOfMessages: 10, VisibilityTimeout: HIDDEN_SECONDS, MessageSystemAttributeNames: ['MessageGroupId', 'SentTimestamp'],
    })));
    const fresh = Messages.filter(({ MessageId }) => !seen.has(MessageId as string));
    empty = fresh.length === 0 ? empty + 1 : 0;
    for (const message of fresh) {
      seen.add(message.MessageId as string);
      const letter = deadLetterOf(message);
      if (letter && selects(letter.envelope)) chosen.push(letter);
      else others.push(message.ReceiptHandle as string);
    }
  }
}

function deadLetterOf({ Body, ReceiptHandle, MessageId, Attributes }: Message): DeadLetter | undefined {
  const envelope = readEnvelope(Body);
  if (!envelope) return undefined;
  const { MessageGroupId: groupId, SentTimestamp: sentAt = 0 } = Attributes ?? {};
  return {
    receipt: ReceiptHandle as string, messageId: MessageId as string, envelope, sentAt: Number(sentAt), ...(groupId !== undefined && { groupId }),
  };
}

/** Makes dead letters visible again at once. Where that fails, they are so once their time is over. */
export async function show({ client, queues: { deadLetterUrl } }: MoveSelected, receipts: readonly string[]): Promise<void> {
  for (let i = 0; i < receipts.length; i += 10) {
    const Entries = receipts.slice(i, i + 10).map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: deadLetterUrl, Entries })).catch(() => undefined);
  }
}
