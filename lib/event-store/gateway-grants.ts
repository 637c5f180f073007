import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { INDEXES } from '../contract/store';
import { viaService } from '../private/allow';
import type { DeliveryQueue } from '../target/delivery-queue';
import type { WebhookGateway } from '../webhook-gateway';
import { EventTable, READ_KEY_ACTIONS, WRITE_KEY_ACTIONS } from './event-table';
import type { PayloadBucket } from './payload-bucket';

/** What a gateway has that others may be given. */
export interface GrantedParts {
  readonly payloads: PayloadBucket;
  /** Undefined where nothing is recorded. */
  readonly store?: EventTable;
  readonly encryptionKey?: IKey;
}

const REDRIVE_ACTIONS = [
  'sqs:StartMessageMoveTask', 'sqs:CancelMessageMoveTask', 'sqs:ListMessageMoveTasks',
  'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes',
];

/**
 * What people and functions may be allowed to do with the events of a gateway. Targets that are added later are covered as well.
 *
 * The command line finds the parts of a deployed gateway with `cloudformation:DescribeStacks`, `cloudformation:GetTemplate` and
 * `cloudformation:ListStackResources`, which are not in these grants.
 */
export class WebhookGatewayGrants {
  /**
   * The grants of a gateway: the same as its `grants`.
   */
  public static fromWebhookGateway(gateway: WebhookGateway): WebhookGatewayGrants {
    return gateway.grants;
  }

  /** @internal */
  public static _of(parts: GrantedParts): WebhookGatewayGrants {
    return new WebhookGatewayGrants(parts);
  }

  private readonly targets: DeliveryQueue[] = [];
  private readonly forEachTarget: ((targets: DeliveryQueue[]) => Grant)[] = [];

  private constructor(private readonly parts: GrantedParts) {}

  /**
   * Lets somebody list, search, show and export events: the table, its indexes, and the bodies in the payload bucket.
   *
   * @throws where the gateway has no event store
   */
  public readEvents(grantee: IGrantable): Grant {
    const { table } = this.store;
    const indexes = Object.values(INDEXES).map(({ name }) => `${table.tableArn}/index/${name}`);
    const { bucket, objectsArn } = this.parts.payloads;
    return Grant.addToPrincipal({
      grantee, actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], resourceArns: [table.tableArn, ...indexes],
    })
      .combine(Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns: [objectsArn] }))
      // Else S3 says of a body that is gone that it is forbidden.
      .combine(Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [bucket.bucketArn] }))
      .combine(this.key(grantee, READ_KEY_ACTIONS, 'dynamodb'))
      .combine(this.key(grantee, ['kms:Decrypt'], 's3'));
  }

  /**
   * Lets somebody deliver events again, and take events out of quarantine: what `readEvents` allows, sending to the delivery queues, asking
   * how full they are and whether their target is paused, and writing to the table.
   *
   * @throws where the gateway has no event store
   */
  public replay(grantee: IGrantable): Grant {
    const { table } = this.store;
    return this.readEvents(grantee)
      .combine(Grant.addToPrincipal({ grantee, actions: ['dynamodb:UpdateItem'], resourceArns: [table.tableArn] }))
      .combine(this.key(grantee, WRITE_KEY_ACTIONS, 'dynamodb'))
      .combine(this.sending(grantee));
  }

  /**
   * Lets somebody move dead letters back to their delivery queue: all of a target, or, where the gateway has an event store, some that are
   * chosen by what it knows of them, so that what `replay` allows is allowed too.
   */
  public redrive(grantee: IGrantable): Grant {
    return (this.parts.store ? this.replay(grantee) : this.sending(grantee))
      .combine(this.onTargets(grantee, REDRIVE_ACTIONS, ({ deadLetterQueue }) => deadLetterQueue.queueArn));
  }

  /**
   * Covers one more target, by what was granted before as well.
   *
   * @internal
   */
  public _add(target: DeliveryQueue): void {
    this.targets.push(target);
    for (const grant of this.forEachTarget) grant([target]);
  }

  private get store(): EventTable {
    if (!this.parts.store) throw new Error('the gateway has no event store to read events from: leave `eventStore` out, or use EventStore.dynamoDb()');
    return this.parts.store;
  }

  private sending(grantee: IGrantable): Grant {
    return this.onTargets(grantee, ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:ListQueueTags'], ({ queue }) => queue.queueArn);
  }

  private onTargets(grantee: IGrantable, actions: string[], arn: (target: DeliveryQueue) => string): Grant {
    const grant = (targets: DeliveryQueue[]): Grant => Grant.addToPrincipal({ grantee, actions, resourceArns: targets.map(arn) });
    this.forEachTarget.push(grant);
    return this.targets.length > 0 ? grant(this.targets) : Grant.drop(grantee, 'there is no target yet');
  }

  private key(grantee: IGrantable, actions: string[], service: string): Grant {
    const { encryptionKey, payloads } = this.parts;
    if (!encryptionKey) return Grant.drop(grantee, 'the key is that of the service');
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [encryptionKey.keyArn], conditions: viaService(service, payloads.bucket) });
  }
}
