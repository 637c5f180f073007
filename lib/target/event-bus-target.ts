import { Token } from 'aws-cdk-lib';
import { IEventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { EventBusSettings } from '../contract/aws-settings';
import { allow } from '../private/allow';
import { checkPlace, serviceConfig } from './service-target';
import { WebhookTargetOptions } from './target-options';
import type { IWebhookTarget, WebhookTargetBindOptions, WebhookTargetConfig } from './webhook-target';

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html; names with `aws.` are those of AWS. */
const SOURCE = /^(?!aws\.)[\x21-\x7e]{1,256}$/;
const MAX_DETAIL_TYPE = 128;

/**
 * Options of `WebhookTarget.eventBus()`.
 */
export interface EventBusTargetOptions extends WebhookTargetOptions {
  /**
   * `source` of the events on the bus: 1 to 256 printable ASCII characters without spaces, not beginning with `aws.`.
   *
   * @default - `webhooks.` and the name of the source
   */
  readonly eventSource?: string;

  /**
   * `detail-type` of the events on the bus: 1 to 128 characters.
   *
   * @default - the event's type, or `webhook` where it has none
   */
  readonly detailType?: string;
}

export class EventBusTarget implements IWebhookTarget {
  constructor(private readonly eventBus: IEventBus, private readonly options: EventBusTargetOptions) {
    const { eventSource, detailType } = options;
    if (eventSource !== undefined && !Token.isUnresolved(eventSource) && !SOURCE.test(eventSource)) {
      throw new Error(`eventSource ${JSON.stringify(eventSource)} is not allowed: use 1 to 256 printable ASCII characters without spaces, not beginning with "aws."`);
    }
    if (detailType !== undefined && !Token.isUnresolved(detailType) && (detailType === '' || [...detailType].length > MAX_DETAIL_TYPE)) {
      throw new Error(`detailType ${JSON.stringify(detailType)} is not allowed: use 1 to ${MAX_DETAIL_TYPE} characters`);
    }
  }

  public bind(scope: Construct, { targetName, role }: WebhookTargetBindOptions): WebhookTargetConfig {
    const { eventSource, detailType, ...options } = this.options;
    const { eventBusArn } = this.eventBus;
    checkPlace(scope, targetName, this.eventBus, { noun: 'bus', arn: eventBusArn, action: 'events:PutEvents' });
    // A bus with a key of its own uses that by itself: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-key-policy.html
    allow(role, 'events:PutEvents', eventBusArn);
    const settings: EventBusSettings = {
      eventBusName: eventBusArn, ...(eventSource !== undefined && { eventSource }), ...(detailType !== undefined && { detailType }),
    };
    return serviceConfig('event-bus', options, settings);
  }
}
