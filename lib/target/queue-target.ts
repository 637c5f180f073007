import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { QueueSettings } from '../contract/aws-settings';
import { allow, allowKey } from '../private/allow';
import { checkPlace, serviceConfig, warnOfLostOrder } from './service-target';
import { WebhookTargetOptions } from './target-options';
import type { IWebhookTarget, WebhookTargetBindOptions, WebhookTargetConfig } from './webhook-target';

/**
 * Options of `WebhookTarget.queue()`.
 */
export interface QueueTargetOptions extends WebhookTargetOptions {}

export class QueueTarget implements IWebhookTarget {
  constructor(private readonly queue: IQueue, private readonly options: QueueTargetOptions) {}

  public bind(scope: Construct, { targetName, role }: WebhookTargetBindOptions): WebhookTargetConfig {
    const { queueUrl, queueArn, fifo, encryptionMasterKey } = this.queue;
    checkPlace(scope, targetName, this.queue, { noun: 'queue', arn: queueArn, action: 'sqs:SendMessage' });
    if (this.options.orderingKey && !fifo) warnOfLostOrder(scope, targetName, 'queue');
    allow(role, 'sqs:SendMessage', queueArn);
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    if (encryptionMasterKey) allowKey(role, ['kms:GenerateDataKey', 'kms:Decrypt'], encryptionMasterKey, 'sqs', this.queue);
    const settings: QueueSettings = { queueUrl, fifo };
    return serviceConfig('queue', this.options, settings);
  }
}
