import { deepEqual, equal, ok } from 'node:assert/strict';
import {
  CreateQueueCommand, GetQueueAttributesCommand, type Message, type QueueAttributeName, ReceiveMessageCommand, type SQSClient,
} from '@aws-sdk/client-sqs';

/** A queue service under test, spoken to with the SDK only. */
export interface Endpoint {
  readonly sqs: SQSClient;
  /** Queue names that no other case and no earlier run uses. */
  newName(suffix?: string): string;
}

/** One behaviour of SQS that needs no clock but the real one. It throws when the endpoint differs. */
export interface EndpointCase {
  readonly title: string;
  run(endpoint: Endpoint): Promise<void>;
}

export async function createQueue({ sqs, newName }: Endpoint, attributes: { [name in QueueAttributeName]?: string } = {}): Promise<string> {
  const QueueName = newName(attributes.FifoQueue ? '.fifo' : '');
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: attributes }));
  ok(QueueUrl && QueueUrl.endsWith(`/${QueueName}`), `the URL ends with the name: ${QueueUrl}`);
  return QueueUrl;
}

export async function attributesOf({ sqs }: Endpoint, QueueUrl: string, ...names: QueueAttributeName[]): Promise<{ [name: string]: string }> {
  return (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: names.length > 0 ? names : ['All'] }))).Attributes ?? {};
}

export async function arnOf(endpoint: Endpoint, QueueUrl: string): Promise<string> {
  return (await attributesOf(endpoint, QueueUrl, 'QueueArn'))['QueueArn'] as string;
}

export async function receive({ sqs }: Endpoint, QueueUrl: string, input: { [name: string]: unknown } = {}): Promise<Message[]> {
  const defaults = { MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All' as const] };
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...defaults, ...input }));
  return Messages;
}

export async function receiveOne(endpoint: Endpoint, QueueUrl: string, input: { [name: string]: unknown } = {}): Promise<Message> {
  const messages = await receive(endpoint, QueueUrl, { MaxNumberOfMessages: 1, WaitTimeSeconds: 1, ...input });
  equal(messages.length, 1);
  return messages[0] as Message;
}

export interface ExpectedError {
  readonly name: string;
  readonly code: string;
  readonly status: number;
  readonly message?: string | RegExp;
}

/** Awaits the failure of a call as the SDK reports it: error class, query code, HTTP status and message. */
export async function fails(call: Promise<unknown>, expected: ExpectedError): Promise<void> {
  const error = await call.then(
    () => undefined,
    (reason: Error & { Code?: string; Error?: { Code?: string }; $metadata?: { httpStatusCode?: number } }) => reason,
  );
  ok(error, `the call fails with ${expected.name}`);
  deepEqual(
    { name: error.name, code: error.Code ?? error.Error?.Code, status: error.$metadata?.httpStatusCode },
    { name: expected.name, code: expected.code, status: expected.status },
    error.message,
  );
  if (expected.message instanceof RegExp) ok(expected.message.test(error.message), error.message);
  else if (expected.message !== undefined) equal(error.message, expected.message);
}

// Errors that SQS's model does not name have their query code for a name.
export const INVALID_VALUE = { name: 'InvalidParameterValue', code: 'InvalidParameterValue', status: 400 };
export const MISSING_PARAMETER = { name: 'MissingParameter', code: 'MissingParameter', status: 400 };
export const NO_QUEUE = {
  name: 'QueueDoesNotExist', code: 'AWS.SimpleQueueService.NonExistentQueue', status: 400, message: 'The specified queue does not exist.',
};
