import { equal, ok } from 'node:assert/strict';
import {
  CreateQueueCommand, DeleteMessageCommand, GetQueueAttributesCommand, type Message, type QueueAttributeName, ReceiveMessageCommand,
  SendMessageCommand, type SendMessageCommandInput, type SendMessageCommandOutput, SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import type { Endpoint } from './endpoint';

export type QueueAttributes = { [name in QueueAttributeName]?: string };

/** Of a FIFO queue that needs no deduplication ids. */
export const FIFO: QueueAttributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };

export async function createQueue({ sqs, newName }: Endpoint, Attributes: QueueAttributes = {}): Promise<string> {
  const QueueName = newName(Attributes.FifoQueue ? '.fifo' : '');
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  ok(QueueUrl && QueueUrl.endsWith(`/${QueueName}`), `the URL ${QueueUrl} does not end with the name ${QueueName}`);
  return QueueUrl;
}

export function nameOf(QueueUrl: string): string {
  return QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1);
}

export async function attributesOf({ sqs }: Endpoint, QueueUrl: string, ...names: QueueAttributeName[]): Promise<{ [name: string]: string }> {
  return (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: names.length > 0 ? names : ['All'] }))).Attributes ?? {};
}

export async function setAttributes({ sqs }: Endpoint, QueueUrl: string, Attributes: QueueAttributes): Promise<void> {
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
}

export async function arnOf(endpoint: Endpoint, QueueUrl: string): Promise<string> {
  return (await attributesOf(endpoint, QueueUrl, 'QueueArn'))['QueueArn'] as string;
}

type SendInput = Partial<SendMessageCommandInput>;

export function send({ sqs }: Endpoint, QueueUrl: string, MessageBody: string, input: SendInput = {}): Promise<SendMessageCommandOutput> {
  return sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...input }));
}

/** Sends to a FIFO queue; the message group is the first letter of the body. */
export function sendToGroup(endpoint: Endpoint, QueueUrl: string, body: string, input: SendInput = {}): Promise<SendMessageCommandOutput> {
  return send(endpoint, QueueUrl, body, { MessageGroupId: body.slice(0, 1), ...input });
}

interface ReceiveInput {
  readonly [name: string]: unknown;
}

/** One short poll for up to ten messages, with all system attributes by both of the parameter's names. */
export async function receive({ sqs }: Endpoint, QueueUrl: string, input: ReceiveInput = {}): Promise<Message[]> {
  const { Messages } = await sqs.send(new ReceiveMessageCommand({
    QueueUrl, MaxNumberOfMessages: 10, AttributeNames: ['All'], MessageSystemAttributeNames: ['All'], ...input,
  }));
  return Messages ?? [];
}

/** Receives until there are as many: a receive may give fewer than there are. */
export async function receiveAll(endpoint: Endpoint, QueueUrl: string, count: number, input: ReceiveInput = {}): Promise<Message[]> {
  const messages: Message[] = [];
  for (const begun = performance.now(); messages.length < count && performance.now() - begun < 5000;) {
    messages.push(...await receive(endpoint, QueueUrl, { WaitTimeSeconds: 1, ...input }));
  }
  equal(messages.length, count, `${messages.length} messages were received, not ${count}`);
  return messages;
}

export async function receiveOne(endpoint: Endpoint, QueueUrl: string, input: ReceiveInput = {}): Promise<Message> {
  const [message] = await receiveAll(endpoint, QueueUrl, 1, { MaxNumberOfMessages: 1, ...input });
  return message as Message;
}

export async function receiveNone(endpoint: Endpoint, QueueUrl: string, why: string): Promise<void> {
  const messages = await receive(endpoint, QueueUrl);
  equal(messages.length, 0, `${JSON.stringify(messages.map(({ Body }) => Body))} was received, although ${why}`);
}

export async function deleteMessage({ sqs }: Endpoint, QueueUrl: string, { ReceiptHandle }: Pick<Message, 'ReceiptHandle'>): Promise<void> {
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
}

/** Receives and deletes until there were as many, or no more: in the order of the queue, however few a receive gives. */
export async function drain(endpoint: Endpoint, QueueUrl: string, count: number): Promise<Message[]> {
  const messages: Message[] = [];
  while (messages.length < count) {
    const received = await receive(endpoint, QueueUrl, { WaitTimeSeconds: 1 });
    if (received.length === 0) break;
    for (const message of received) await deleteMessage(endpoint, QueueUrl, message);
    messages.push(...received);
  }
  return messages;
}

export function bodiesOf(messages: readonly Message[]): (string | undefined)[] {
  return messages.map(({ Body }) => Body);
}

/** Waits for what may take effect late, a minute at most. Real time: the endpoint's own clock has no part in it. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const begun = performance.now(); performance.now() - begun < 60_000;) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`a minute later it still does not hold that ${what}`);
}
