import type { Delivery } from '../../../lib/contract/sender';

/** What of a delivery a transform and a format may see. */
export type Content = Pick<Delivery, 'id' | 'source' | 'type' | 'time' | 'providerId' | 'headers' | 'transformHeaders' | 'body'>;

export type Transformed =
  | { readonly kind: 'event'; readonly content: Content }
  /** Nothing is to be sent. */
  | { readonly kind: 'dropped'; readonly reason: string }
  | { readonly kind: 'failed'; readonly detail: string };

/** Never throws. */
export type Transform = (content: Content) => Transformed | Promise<Transformed>;

/** For a transform that cannot work at all: its events end as dead letters that say why, which a function that does not start could not do. */
export function failing(detail: string): Transform {
  return () => ({ kind: 'failed', detail });
}
