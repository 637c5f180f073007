import { AwsError, type AwsJsonService } from '../aws-service';
import { entriesOf, type Input, recordedService } from './recorded-service';
import type { Recorder } from './recorder';

const SHARD = 'shardId-000000000000';

/** Digits of a sequence number. */
const SEQUENCE_LENGTH = 56;

/** PutRecord and PutRecords, into a stream of one shard. */
export function kinesis(streams: ReadonlyMap<string, string>, record: Recorder): AwsJsonService {
  let count = 0;
  const put = (): object => ({ ShardId: SHARD, SequenceNumber: String(++count).padStart(SEQUENCE_LENGTH - 2, '0').padStart(SEQUENCE_LENGTH, '49') });
  const told = (action: string, input: Input): void => {
    const given = String(input['StreamARN'] ?? input['StreamName']);
    const resource = streams.get(given);
    if (resource === undefined) throw new AwsError('ResourceNotFoundException', `Stream ${given} not found: no stack of this run has it`);
    record({ service: 'kinesis', action, resource, input });
  };
  return recordedService({
    name: 'Kinesis', prefix: 'Kinesis_20131202', contentType: 'application/x-amz-json-1.1',
    actions: {
      PutRecord: (input) => {
        told('PutRecord', input);
        return put();
      },
      PutRecords: (input) => {
        const records = entriesOf(input, 'Records');
        told('PutRecords', input);
        return { FailedRecordCount: 0, Records: records.map(put) };
      },
    },
  });
}
