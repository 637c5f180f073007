import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ManualClock } from '../../../local/clock';
import { DynamoDb, type DynamoDbOptions } from '../../../local/dynamodb/dynamodb';
import { ServiceEndpoint } from '../../../local/service-endpoint';
import { credentials } from '../services';

export const START = Date.parse('2026-11-20T12:00:00Z');
export const TABLE = 'events';

/** Keys, time to live, and an index by time as an event store has it. */
export const DESCRIPTION = {
  TableName: TABLE,
  AttributeDefinitions: ['pk', 'sk', 'gpk1', 'gsk1'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: keySchema('pk', 'sk'),
  GlobalSecondaryIndexes: [
    { IndexName: 'byTime', KeySchema: keySchema('gpk1', 'gsk1'), Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['source'] } },
  ],
  TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
};

export function keySchema(hash: string, range: string): object[] {
  return [{ AttributeName: hash, KeyType: 'HASH' }, { AttributeName: range, KeyType: 'RANGE' }];
}

export interface Store {
  readonly clock: ManualClock;
  readonly dynamoDb: DynamoDb;
  readonly client: DynamoDBClient;
  readonly origin: string;
  close(): Promise<void>;
}

/** DynamoDB as a local run has it, with one table, and the official client, which never retries. */
export async function startStore(options: Partial<DynamoDbOptions> = {}): Promise<Store> {
  const clock = new ManualClock(START);
  const dynamoDb = new DynamoDb({ clock, region: 'us-east-1', account: '000000000000', ...options });
  dynamoDb.addTable(DESCRIPTION);
  const endpoint = new ServiceEndpoint();
  endpoint.addJsonService(dynamoDb);
  await endpoint.listen(0);
  const client = new DynamoDBClient({ endpoint: endpoint.origin, region: 'us-east-1', credentials, maxAttempts: 1 });
  return {
    clock, dynamoDb, client, origin: endpoint.origin,
    close: async () => {
      client.destroy();
      await endpoint.close();
    },
  };
}
