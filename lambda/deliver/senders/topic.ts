import { PublishBatchCommand, SNSClient, type PublishBatchRequestEntry } from '@aws-sdk/client-sns';
import type { TopicSettings } from '../../../lib/contract/aws-settings';
import type { Sender, SenderContext } from '../../../lib/contract/sender';
import { Batcher } from '../aws/batcher';
import { namedResults } from '../aws/call';
import { clientOptions } from '../aws/client';
import { tooBig } from '../aws/failure';
import { serviceMessage } from '../aws/message';
import { fifoIds } from '../aws/names';

const CALL = 'SNS PublishBatch';

/**
 * A topic takes 256 KiB, a message or a whole call, unless its `MaximumMessageSize` says more, and never more than 1 MiB. A bigger
 * message goes alone, and the topic decides: https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html
 */
const LIMITS = { entries: 10, bytes: 262_144 };
const MAX_BYTES = 1_048_576;

/** Publishes events to an SNS topic: the body as it came, and who it is from in attributes, which subscriptions can filter by. */
export function createSender({ settings, environment }: SenderContext): Sender {
  const { topicArn, fifo } = settings as unknown as TopicSettings;
  const client = new SNSClient(clientOptions('SNS', environment, topicArn));
  const batcher = new Batcher<PublishBatchRequestEntry>(CALL, LIMITS, async (entries, abortSignal) => {
    const named = entries.map((entry, index) => ({ ...entry, Id: String(index) }));
    const { Successful, Failed } = await client.send(
      new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries: named }), { abortSignal });
    return namedResults(CALL, entries.length, Successful, Failed);
  });
  return {
    async send(delivery) {
      const { body, attributes, bytes } = serviceMessage(delivery);
      if (bytes > MAX_BYTES) return tooBig('the message', bytes, MAX_BYTES);
      const entry = { Id: '', Message: body, MessageAttributes: { ...attributes }, ...(fifo && fifoIds(delivery)) };
      return batcher.send(entry, bytes, delivery.signal);
    },
  };
}
