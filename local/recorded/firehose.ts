import { randomUUID } from 'node:crypto';
import { AwsError, type AwsJsonService } from '../aws-service';
import { entriesOf, type Input, recordedService } from './recorded-service';
import type { Recorder } from './recorder';

/** PutRecord and PutRecordBatch. */
export function firehose(deliveryStreams: ReadonlyMap<string, string>, record: Recorder): AwsJsonService {
  const told = (action: string, input: Input): void => {
    const given = String(input['DeliveryStreamName']);
    const resource = deliveryStreams.get(given);
    if (resource === undefined) throw new AwsError('ResourceNotFoundException', `Firehose ${given} not found: no stack of this run has it`);
    record({ service: 'firehose', action, resource, input });
  };
  return recordedService({
    name: 'Firehose', prefix: 'Firehose_20150804', contentType: 'application/x-amz-json-1.1',
    actions: {
      PutRecord: (input) => {
        told('PutRecord', input);
        return { RecordId: randomUUID(), Encrypted: false };
      },
      PutRecordBatch: (input) => {
        const records = entriesOf(input, 'Records');
        told('PutRecordBatch', input);
        return { FailedPutCount: 0, Encrypted: false, RequestResponses: records.map(() => ({ RecordId: randomUUID() })) };
      },
    },
  });
}
