import { RemovalPolicy } from 'aws-cdk-lib';
import { Attribute, AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { StoreConfig } from '../contract/config';
import { INDEXES, KEYS } from '../contract/store';
import { allow, allowKey } from '../private/allow';
import type { EventStoreDefinition } from './event-store';

export interface EventTableProps extends EventStoreDefinition {
  readonly removalPolicy: RemovalPolicy;
}

/** What reading a table that is encrypted with a customer's key takes; and what writing to it does. */
export const READ_KEY_ACTIONS = ['kms:Decrypt', 'kms:DescribeKey'];
export const WRITE_KEY_ACTIONS = [...READ_KEY_ACTIONS, 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

/**
 * The table of events and attempts. `TableV2` is a global table, which an emulator need not know, and warns of options that this one
 * does not need.
 */
export class EventTable extends Construct {
  public readonly table: Table;

  constructor(scope: Construct, id: string, private readonly props: EventTableProps) {
    super(scope, id);
    const { encryptionKey, removalPolicy } = props;
    this.table = new Table(this, 'Table', {
      partitionKey: text(KEYS.pk),
      sortKey: text(KEYS.sk),
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: KEYS.ttl,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // Without a key it is one that AWS owns: naming that would look as if encryption were off.
      encryption: encryptionKey && TableEncryption.CUSTOMER_MANAGED,
      encryptionKey,
      removalPolicy,
    });
    for (const { name, pk, sk, projected } of Object.values(INDEXES)) {
      this.table.addGlobalSecondaryIndex({
        indexName: name,
        partitionKey: text(pk),
        sortKey: text(sk),
        projectionType: ProjectionType.INCLUDE,
        nonKeyAttributes: [...projected],
      });
    }
  }

  public get config(): StoreConfig {
    return { tableName: this.table.tableName, retentionSeconds: this.props.retentionSeconds };
  }

  /** Reads by key, for duplicates, and writes. The indexes are for people. */
  public grantIngest(role: IRole): void {
    allow(role, ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'], this.table.tableArn);
    this.allowKey(role);
  }

  /** Writes what became of an event. An update needs no read. */
  public grantRecord(role: IRole): void {
    allow(role, 'dynamodb:UpdateItem', this.table.tableArn);
    this.allowKey(role);
  }

  private allowKey(role: IRole): void {
    const { encryptionKey } = this.props;
    if (encryptionKey) allowKey(role, WRITE_KEY_ACTIONS, encryptionKey, 'dynamodb', this.table);
  }
}

function text(name: string): Attribute {
  return { name, type: AttributeType.STRING };
}
