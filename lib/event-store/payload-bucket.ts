import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { allow, allowKey } from '../private/allow';
import { allowWildcard } from '../private/wildcard';

/** 14 days in the delivery queue, and 14 in the dead-letter queue. */
const LONGEST_IN_QUEUES = Duration.days(28);
/** Lifecycle rules run once a day. */
const RESERVE = Duration.days(2);
/** Never less: a retention that is made shorter must not take the bodies of what was replayed under the longer one. */
const LEAST = Duration.days(60);

const PREFIX = 'payloads/';

export interface PayloadBucketProps {
  readonly removalPolicy: RemovalPolicy;
  /** How long the event store refers to a body. Absent: there is none. */
  readonly retentionSeconds?: number;
  readonly encryptionKey?: IKey;
}

/**
 * Where bodies are that are too big for a queue, or for the event store. Without versions: an object is written once under the hash of
 * its content, so a second version would be the same bytes, paid for twice.
 */
export class PayloadBucket extends Construct {
  public readonly bucket: IBucket;
  private readonly encryptionKey?: IKey;

  constructor(scope: Construct, id: string, { removalPolicy, retentionSeconds = 0, encryptionKey }: PayloadBucketProps) {
    super(scope, id);
    this.encryptionKey = encryptionKey;
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: encryptionKey ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      encryptionKey,
      ...(encryptionKey && { bucketKeyEnabled: true }),
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: false,
      lifecycleRules: [{ expiration: expiration(retentionSeconds), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy,
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Only the gateway\'s own functions read and write here, and they log each event; access logs would need a second bucket to say it again.',
    });
  }

  /** The objects of bodies, in a policy. */
  public get objectsArn(): string {
    return this.bucket.arnForObjects(`${PREFIX}*`);
  }

  public grantWrite(role: IRole): void {
    this.allowObjects(role, 's3:PutObject');
    if (this.encryptionKey) allowKey(role, ['kms:GenerateDataKey'], this.encryptionKey, 's3', this.bucket);
  }

  /** To who may not list a bucket S3 says of an object that is gone that it is forbidden, and the function would wait for it for days. */
  public grantRead(role: IRole): void {
    this.allowObjects(role, 's3:GetObject');
    allow(role, 's3:ListBucket', this.bucket.bucketArn);
    if (this.encryptionKey) allowKey(role, ['kms:Decrypt'], this.encryptionKey, 's3', this.bucket);
  }

  private allowObjects(role: IRole, action: string): void {
    allow(role, action, this.objectsArn);
    allowWildcard(role, this.objectsArn, 'An object is named for its event, which no policy can know beforehand.');
  }
}

/** On its last day in the event store an event may be replayed, and its message then waits in both queues. */
function expiration(retentionSeconds: number): Duration {
  const days = Math.ceil(Duration.seconds(retentionSeconds).toDays({ integral: false }));
  return Duration.days(Math.max(LEAST.toDays(), days + LONGEST_IN_QUEUES.toDays() + RESERVE.toDays()));
}
