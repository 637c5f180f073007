import { Stack, StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
// In an app of your own: from 'cdk-webhooks'.
import { WebhookGateway, WebhookSecret, WebhookSource, WebhookTarget } from '../../lib';
import { ChatTarget } from '../custom-target/chat-target';
import { Places } from './places';

export interface EveryTargetStackProps extends StackProps {
  /** Where the HTTP target is. */
  readonly receiver: string;
  /** Where the custom target is. */
  readonly chat: string;
}

export class EveryTargetStack extends Stack {
  public readonly gateway: WebhookGateway;

  constructor(scope: Construct, id: string, props: EveryTargetStackProps) {
    super(scope, id, props);
    const { queue, topic, eventBus, fn, stateMachine, stream, deliveryStream, bucket } = new Places(this, 'Places');
    this.gateway = new WebhookGateway(this, 'Gateway', {
      sources: { orders: WebhookSource.standardWebhooks({ secret: WebhookSecret.generate() }) },
      targets: {
        http: WebhookTarget.http(props.receiver),
        queue: WebhookTarget.queue(queue),
        topic: WebhookTarget.topic(topic),
        'event-bus': WebhookTarget.eventBus(eventBus, { eventSource: 'example.orders' }),
        function: WebhookTarget.function(fn),
        'state-machine': WebhookTarget.stateMachine(stateMachine),
        stream: WebhookTarget.stream(stream),
        'delivery-stream': WebhookTarget.deliveryStream(deliveryStream),
        bucket: WebhookTarget.bucket(bucket, { keyPrefix: 'webhooks/' }),
        chat: new ChatTarget(props.chat),
      },
    });
  }
}
