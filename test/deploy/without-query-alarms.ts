import type { WebhookGateway } from '../../lib';

/** MiniStack refuses an alarm on a query over metrics, and a stack with one; AWS takes both. Every other alarm is deployed. */
export function withoutQueryAlarms(gateway: WebhookGateway): void {
  gateway.node.findChild('Alarms').node.tryRemoveChild('EnqueueFailures');
}
