import { SendMessageBatchCommand, SQSClient, type SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import type { QueueSettings } from '../../../lib/contract/aws-settings';
import { SQS_MAX_MESSAGE_BYTES } from '../../../lib/contract/envelope';
import type { Sender, SenderContext } from '../../../lib/contract/sender';
import { Batcher } from '../aws/batcher';
import { namedResults } from '../aws/call';
import { clientOptions } from '../aws/client';
import { tooBig } from '../aws/failure';
import { serviceMessage } from '../aws/message';
import { fifoIds } from '../aws/names';

const CALL = 'SQS SendMessageBatch';

/** Of one message and of a whole call: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const LIMITS = { entries: 10, bytes: SQS_MAX_MESSAGE_BYTES };

/** Puts events into an SQS queue: the body as it came, and who it is from in attributes. */
export function createSender({ settings, environment }: SenderContext): Sender {
  const { queueUrl, fifo } = settings as unknown as QueueSettings;
  // Without an endpoint the SDK calls the host of the queue's URL.
  const client = new SQSClient(clientOptions('SQS', environment, queueUrl));
  const batcher = new Batcher<SendMessageBatchRequestEntry>(CALL, LIMITS, async (entries, abortSignal) => {
    const named = entries.map((entry, index) => ({ ...entry, Id: String(index) }));
    const { Successful, Failed } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: named }), { abortSignal });
    return namedResults(CALL, entries.length, Successful, Failed);
  });
  return {
    async send(delivery) {
      const { body, attributes, bytes } = serviceMessage(delivery);
      if (bytes > SQS_MAX_MESSAGE_BYTES) return tooBig('the message', bytes, SQS_MAX_MESSAGE_BYTES);
      const entry = { Id: '', MessageBody: body, MessageAttributes: { ...attributes }, ...(fifo && fifoIds(delivery)) };
      return batcher.send(entry, bytes, delivery.signal);
    },
  };
}
