import { Token } from 'aws-cdk-lib';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { BucketSettings } from '../contract/aws-settings';
import { allow, allowKey } from '../private/allow';
import { allowWildcard } from '../private/wildcard';
import { checkPlace, serviceConfig } from './service-target';
import { WebhookTargetOptions } from './target-options';
import type { IWebhookTarget, WebhookTargetBindOptions, WebhookTargetConfig } from './webhook-target';

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html: what needs no care in a key, of its 1,024 bytes. `*`, `?` and
 * `$` would say more in the policy than they do in a key.
 */
const PREFIX = /^[A-Za-z0-9!_.'()=/-]{0,900}$/;

/** Tools that take a key for a path lose an object, or put it elsewhere. */
const ODD_SEGMENT = /(^|\/)\.{0,2}\//;

const OWN_REGION_ONLY = 'S3 answers a request in another Region with a redirect, and none is followed; use a bucket there, and let S3 replicate it';

/**
 * Options of `WebhookTarget.bucket()`.
 */
export interface BucketTargetOptions extends WebhookTargetOptions {
  /**
   * What the keys of the objects begin with, e.g. `webhooks/`: up to 900 letters, digits and any of `!_.'()=/-`, not beginning with `/`,
   * and without `//` and the segments `.` and `..`. The function may write below it only.
   *
   * @default - nothing: keys begin with the name of the source
   */
  readonly keyPrefix?: string;
}

export class BucketTarget implements IWebhookTarget {
  constructor(private readonly bucket: IBucket, private readonly options: BucketTargetOptions) {
    const { keyPrefix = '' } = options;
    if (Token.isUnresolved(keyPrefix) || (PREFIX.test(keyPrefix) && !keyPrefix.startsWith('/') && !ODD_SEGMENT.test(keyPrefix))) return;
    throw new Error(`keyPrefix ${JSON.stringify(keyPrefix)} is not allowed: use up to 900 letters, digits and any of !_.'()=/-, not beginning with "/", `
      + 'and without "//" and segments "." and "..", which tools that show keys as folders lose');
  }

  public bind(scope: Construct, { targetName, role }: WebhookTargetBindOptions): WebhookTargetConfig {
    const { keyPrefix = '', ...options } = this.options;
    const { bucketName, bucketArn, encryptionKey } = this.bucket;
    checkPlace(scope, targetName, this.bucket, { noun: 'bucket', arn: bucketArn, action: 's3:PutObject', ownRegionOnly: OWN_REGION_ONLY });
    const objects = this.bucket.arnForObjects(`${keyPrefix}*`);
    allow(role, 's3:PutObject', objects);
    allowWildcard(role, objects, 'An object is named for its event, which no policy can know beforehand.');
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    if (encryptionKey) allowKey(role, ['kms:GenerateDataKey'], encryptionKey, 's3', this.bucket);
    const settings: BucketSettings = { bucketName, keyPrefix };
    return serviceConfig('bucket', options, settings);
  }
}
