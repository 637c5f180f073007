import { type App, type Stack } from 'aws-cdk-lib';
import {
  type HttpTargetOptions, InvalidEventAction, WebhookSchema, WebhookSecret, WebhookSource, WebhookStack, WebhookTarget,
} from '../../../lib';

export const STORE_TARGETS = ['steady', 'failing', 'few'] as const;

export interface StoreOptions {
  readonly stack: string;
  /** Networks that targets are in, though these are not public. */
  readonly allowedPrivateCidrs?: string[];
  /** Where a target is, in the scope of the stack, so that it may be a parameter. */
  readonly url: (scope: Stack, target: string) => string;
}

/** A source whose schema refuses some of its events, one that no target listens to but with a filter, and a target for each way an event can end. */
export function addStore(app: App, { stack: name, allowedPrivateCidrs, url }: StoreOptions): WebhookStack {
  const schema = WebhookSchema.fromObject({ type: 'object', required: ['n'], properties: { n: { type: 'integer' } } });
  const stack = new WebhookStack(app, name, {
    sources: {
      shop: WebhookSource.standardWebhooks({ secret: WebhookSecret.generate(), schema, onInvalid: InvalidEventAction.QUARANTINE }),
      other: WebhookSource.standardWebhooks({ secret: WebhookSecret.generate() }),
    },
    throttlingRateLimit: 5_000,
    throttlingBurstLimit: 5_000,
  });
  const options: { readonly [target in typeof STORE_TARGETS[number]]: HttpTargetOptions } = {
    steady: { sources: ['shop'] }, failing: { sources: ['shop'] }, few: { filter: { body: { tenth: [true] } } },
  };
  for (const target of STORE_TARGETS) {
    const http = WebhookTarget.http(url(stack, target), { ...options[target], ...(allowedPrivateCidrs && { allowedPrivateCidrs }) });
    stack.gateway.addTarget(target, http);
  }
  return stack;
}
