import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { allow } from '../private/allow';
import { allowWildcard } from '../private/wildcard';

/** 14 days in the delivery queue, 14 in the dead-letter queue, 30 to replay, and two in reserve: no message outlives its body. */
const EXPIRATION = Duration.days(60);

const PREFIX = 'payloads/';

/**
 * Where bodies are that are too big for a queue. Without versions: an object is written once under the hash of its content, so a
 * second version would be the same bytes, paid for twice.
 */
export class PayloadBucket extends Construct {
  public readonly bucket: IBucket;

  constructor(scope: Construct, id: string, removalPolicy: RemovalPolicy) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: false,
      lifecycleRules: [{ expiration: EXPIRATION, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy,
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Only the gateway\'s own functions read and write here, and they log each event; access logs would need a second bucket to say it again.',
    });
  }

  public grantWrite(role: IRole): void {
    this.allowObjects(role, 's3:PutObject');
  }

  /** To who may not list a bucket S3 says of an object that is gone that it is forbidden, and the function would wait for it for days. */
  public grantRead(role: IRole): void {
    this.allowObjects(role, 's3:GetObject');
    allow(role, 's3:ListBucket', this.bucket.bucketArn);
  }

  private allowObjects(role: IRole, action: string): void {
    const objects = this.bucket.arnForObjects(`${PREFIX}*`);
    allow(role, action, objects);
    allowWildcard(role, objects, 'An object is named for its event, which no policy can know beforehand.');
  }
}
