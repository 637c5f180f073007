import { randomUUID } from 'node:crypto';
import type { AwsJsonService } from '../aws-service';
import { entriesOf, type Input, recordedService } from './recorded-service';
import type { Recorder } from './recorder';

/**
 * PutEvents. An entry for a bus that is not there fails: AWS takes it, gives it an id and forgets it, which a local run is there to find
 * (https://github.com/aws/aws-sdk/issues/186).
 */
export function eventBridge(buses: ReadonlyMap<string, string>, record: Recorder): AwsJsonService {
  return recordedService({
    name: 'EventBridge', prefix: 'AWSEvents', contentType: 'application/x-amz-json-1.1',
    actions: { PutEvents: (input) => putEvents(input, buses, record) },
  });
}

function putEvents(input: Input, buses: ReadonlyMap<string, string>, record: Recorder): object {
  const entries = entriesOf(input, 'Entries').map((entry) => ({ entry, bus: String(entry['EventBusName'] ?? 'default') }));
  const arns = new Set(entries.flatMap(({ bus }) => buses.get(bus) ?? []));
  for (const resource of arns) {
    const taken = entries.filter(({ bus }) => buses.get(bus) === resource).map(({ entry }) => entry);
    record({ service: 'events', action: 'PutEvents', resource, input: { ...input, Entries: taken } });
  }
  return {
    FailedEntryCount: entries.filter(({ bus }) => !buses.has(bus)).length,
    Entries: entries.map(({ bus }) => buses.has(bus) ? { EventId: randomUUID() }
      : { ErrorCode: 'InvalidArgument', ErrorMessage: `no stack of this run has an event bus ${JSON.stringify(bus)}` }),
  };
}
