import { IDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Construct } from 'constructs';
import { DeliveryStreamSettings } from '../contract/aws-settings';
import { allow } from '../private/allow';
import { checkPlace, serviceConfig } from './service-target';
import { WebhookTargetOptions } from './target-options';
import type { IWebhookTarget, WebhookTargetBindOptions, WebhookTargetConfig } from './webhook-target';

/** https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html */
const OWN_ACCOUNT_ONLY = 'Firehose knows no policies of its streams, so nobody from another account can put into one; '
  + 'send to a Kinesis stream, a bus or a queue of that account';
const OWN_REGION_ONLY = 'Firehose finds a stream by its name in the caller\'s own Region; use a stream there, whose destination may be elsewhere';

/**
 * Options of `WebhookTarget.deliveryStream()`.
 */
export interface DeliveryStreamTargetOptions extends WebhookTargetOptions {}

export class DeliveryStreamTarget implements IWebhookTarget {
  constructor(private readonly deliveryStream: IDeliveryStream, private readonly options: DeliveryStreamTargetOptions) {}

  public bind(scope: Construct, { targetName, role }: WebhookTargetBindOptions): WebhookTargetConfig {
    const { deliveryStreamName, deliveryStreamArn } = this.deliveryStream;
    checkPlace(scope, targetName, this.deliveryStream, {
      noun: 'Firehose stream', arn: deliveryStreamArn, action: 'firehose:PutRecordBatch', ownAccountOnly: OWN_ACCOUNT_ONLY, ownRegionOnly: OWN_REGION_ONLY,
    });
    allow(role, 'firehose:PutRecordBatch', deliveryStreamArn);
    const settings: DeliveryStreamSettings = { deliveryStreamName };
    return serviceConfig('delivery-stream', this.options, settings);
  }
}
