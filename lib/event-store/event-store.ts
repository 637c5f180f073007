import { Duration } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { seconds } from '../private/checks';

const DEFAULT_RETENTION = Duration.days(30);
const RETENTION_BOUNDS = { min: Duration.days(1), max: Duration.days(365) };

/**
 * Options of `EventStore.dynamoDb()`.
 */
export interface DynamoDbEventStoreOptions {
  /**
   * How long events and their attempts are kept: 1 to 365 days, in whole seconds. For so long they can be searched and replayed, and
   * duplicates are known. DynamoDB deletes within a few days after.
   *
   * Bodies over 8 KB are in the payload bucket, where they stay 30 days longer, and at least 60: no message outlives its body.
   *
   * @default Duration.days(30)
   */
  readonly retention?: Duration;

  /**
   * A key of your own that encrypts the table, and the bucket of big bodies. The gateway's functions are allowed to use it through these
   * services only. Events that wait in a queue are encrypted with a key of SQS.
   *
   * @default - a key that AWS owns
   */
  readonly encryptionKey?: IKey;
}

/** What an `EventStore` stands for. */
export interface EventStoreDefinition {
  readonly retentionSeconds: number;
  readonly encryptionKey?: IKey;
}

/**
 * Where a gateway keeps a record of every event and of what became of it.
 */
export class EventStore {
  /**
   * A DynamoDB table of the gateway's own, on demand, with point-in-time recovery.
   *
   * @throws where the retention is less than a day or more than 365
   */
  public static dynamoDb(options: DynamoDbEventStoreOptions = {}): EventStore {
    const retentionSeconds = seconds(options.retention ?? DEFAULT_RETENTION, 'retention of the event store', RETENTION_BOUNDS);
    return new EventStore({ retentionSeconds, encryptionKey: options.encryptionKey });
  }

  /**
   * None: only the queues hold events. Then a duplicate is delivered again, an event that no target wants is answered 503, nothing can be
   * searched or replayed, and a source with a schema has to reject what is invalid.
   */
  public static none(): EventStore {
    return new EventStore();
  }

  private constructor(private readonly definition?: EventStoreDefinition) {}

  /**
   * Undefined where there is none.
   *
   * @internal
   */
  public get _definition(): EventStoreDefinition | undefined {
    return this.definition;
  }
}
