import { FirehoseClient, PutRecordBatchCommand, type _Record } from '@aws-sdk/client-firehose';
import type { DeliveryStreamSettings } from '../../../lib/contract/aws-settings';
import type { Sender, SenderContext } from '../../../lib/contract/sender';
import { Batcher } from '../aws/batcher';
import { orderedResults } from '../aws/call';
import { clientOptions } from '../aws/client';
import { documentOf } from '../aws/document';
import { tooBig } from '../aws/failure';

const CALL = 'Firehose PutRecordBatch';

/** Of a record, before base64, and of a call: https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html */
const MAX_BYTES = 1_000 * 1024;
const LIMITS = { entries: 500, bytes: 4 * 1024 * 1024 };

/** Puts events into a Firehose stream, a line of JSON each: what is written to its destination has nothing between records. */
export function createSender({ settings, environment }: SenderContext): Sender {
  const { deliveryStreamName } = settings as unknown as DeliveryStreamSettings;
  const client = new FirehoseClient(clientOptions('FIREHOSE', environment));
  const batcher = new Batcher<_Record>(CALL, LIMITS, async (entries, abortSignal) => {
    const command = new PutRecordBatchCommand({ DeliveryStreamName: deliveryStreamName, Records: [...entries] });
    const { RequestResponses } = await client.send(command, { abortSignal });
    return orderedResults(CALL, entries.length, RequestResponses);
  });
  return {
    async send(delivery) {
      const data = Buffer.from(`${documentOf(delivery)}\n`);
      if (data.length > MAX_BYTES) return tooBig('the record', data.length, MAX_BYTES);
      return batcher.send({ Data: data }, data.length, delivery.signal);
    },
  };
}
