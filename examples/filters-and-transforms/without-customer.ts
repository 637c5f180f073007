// Runs in the function of the target that names it: once for each attempt, with five seconds' time.
// In an app of your own: from 'cdk-webhooks'. Types only: nothing of the constructs is bundled.
import type { TransformEvent, TransformResult } from '../../lib';

interface Order {
  readonly data: { readonly customer?: unknown; readonly [field: string]: unknown };
}

export default function withoutCustomer(event: TransformEvent): TransformResult {
  const order = event.json() as Order;
  // Nothing returned: nothing is sent, and a line in the log says so.
  if (order.data['cancelled'] === true) return undefined;
  const { customer: _, ...data } = order.data;
  return { body: { ...order, data } };
}
