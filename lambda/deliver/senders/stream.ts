import { KinesisClient, PutRecordsCommand, type PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { StreamSettings } from '../../../lib/contract/aws-settings';
import type { Sender, SenderContext } from '../../../lib/contract/sender';
import { Batcher } from '../aws/batcher';
import { orderedResults } from '../aws/call';
import { clientOptions } from '../aws/client';
import { documentOf } from '../aws/document';
import { tooBig } from '../aws/failure';
import { partitionKeyOf } from '../aws/partition-key';

const CALL = 'Kinesis PutRecords';

/**
 * A record has at most 10 MiB, key and data, and so has a call. But a stream takes 1 MiB unless it was told otherwise, so what is
 * bigger goes alone: https://docs.aws.amazon.com/streams/latest/dev/large-records.html
 */
const MAX_BYTES = 10 * 1024 * 1024;
const LIMITS = { entries: 500, bytes: 5 * 1024 * 1024, aloneAbove: 1024 * 1024 };

/** Puts events into a Kinesis stream. An answer of 200 may hold records that failed, and says of each how it went. */
export function createSender({ settings, environment }: SenderContext): Sender {
  const { partitionKey, streamArn, streamName } = settings as unknown as StreamSettings;
  const options = clientOptions('KINESIS', environment, streamArn);
  // HTTP/2, which this client speaks by itself, is nothing to an endpoint without TLS.
  const client = new KinesisClient({ ...options, requestHandler: new NodeHttpHandler(options.requestHandler) });
  const batcher = new Batcher<PutRecordsRequestEntry>(CALL, LIMITS, async (entries, abortSignal) => {
    const command = new PutRecordsCommand({ StreamARN: streamArn, StreamName: streamName, Records: [...entries] });
    const { Records } = await client.send(command, { abortSignal });
    return orderedResults(CALL, entries.length, Records);
  });
  return {
    async send(delivery) {
      const entry = { PartitionKey: partitionKeyOf(delivery, partitionKey), Data: Buffer.from(documentOf(delivery)) };
      const bytes = entry.Data.length + Buffer.byteLength(entry.PartitionKey);
      if (bytes > MAX_BYTES) return tooBig('the record', bytes, MAX_BYTES);
      return batcher.send(entry, bytes, delivery.signal);
    },
  };
}
