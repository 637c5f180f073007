import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { TopicSettings } from '../contract/aws-settings';
import { allow, allowKey } from '../private/allow';
import { checkPlace, serviceConfig, warnOfLostOrder } from './service-target';
import { WebhookTargetOptions } from './target-options';
import type { IWebhookTarget, WebhookTargetBindOptions, WebhookTargetConfig } from './webhook-target';

/**
 * Options of `WebhookTarget.topic()`.
 */
export interface TopicTargetOptions extends WebhookTargetOptions {}

export class TopicTarget implements IWebhookTarget {
  constructor(private readonly topic: ITopic, private readonly options: TopicTargetOptions) {}

  public bind(scope: Construct, { targetName, role }: WebhookTargetBindOptions): WebhookTargetConfig {
    const { topicArn, fifo, masterKey } = this.topic;
    checkPlace(scope, targetName, this.topic, { noun: 'topic', arn: topicArn, action: 'sns:Publish' });
    if (this.options.orderingKey && !fifo) warnOfLostOrder(scope, targetName, 'topic');
    allow(role, 'sns:Publish', topicArn);
    // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    if (masterKey) allowKey(role, ['kms:GenerateDataKey', 'kms:Decrypt'], masterKey, 'sns', this.topic);
    const settings: TopicSettings = { topicArn, fifo };
    return serviceConfig('topic', this.options, settings);
  }
}
