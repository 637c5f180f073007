import type { DeliverConfig } from '../../lib/contract/config';
import { CLOUD_EVENT_CONTENT_TYPE, cloudEvent } from './format/cloud-event';
import { templateTransform } from './transform/from-template';
import { moduleTransform } from './transform/module';
import type { Content, Transform } from './transform/transform';

/**
 * Makes of an event what is sent of it: first the target's own transform, then the format. `load` imports the transform's module.
 * Undefined for a target that takes events as they came.
 */
export async function createShape(
  { transform, format, gateway }: Pick<DeliverConfig, 'transform' | 'format' | 'gateway'>, load: () => Promise<unknown>,
): Promise<Transform | undefined> {
  const change = transform && (transform.kind === 'module' ? await moduleTransform(load, transform.timeoutSeconds) : templateTransform(transform.template));
  if (format === undefined) return change;
  return async (content) => {
    const changed = await change?.(content) ?? { kind: 'event', content };
    return changed.kind === 'event' ? { kind: 'event', content: asCloudEvent(changed.content, gateway) } : changed;
  };
}

/** How long a shape may take, in seconds. */
export function shapeSeconds({ transform }: Pick<DeliverConfig, 'transform'>): number {
  return transform?.kind === 'module' ? transform.timeoutSeconds : 0;
}

/** The original's encoding is in the CloudEvent; the CloudEvent has none. */
function asCloudEvent(content: Content, gateway: string): Content {
  const { 'content-encoding': _inside, ...headers } = content.headers;
  return { ...content, headers: { ...headers, 'content-type': CLOUD_EVENT_CONTENT_TYPE }, body: Buffer.from(cloudEvent(content, gateway), 'utf8') };
}
