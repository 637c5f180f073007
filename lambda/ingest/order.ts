import { createHash } from 'node:crypto';
import type { OrderingKeyConfig } from '../../lib/contract/config';
import { readField, type Found } from './field';
import type { WebhookRequest } from './request';

/** What a FIFO queue is told about a message. */
export interface Order {
  /** Messages of a group are delivered one after the other. */
  readonly groupId: string;
  /** A second message of the same id within 5 minutes is taken and dropped by SQS: a send that is tried again makes no second event. */
  readonly deduplicationId: string;
}

/** Of 64: a deduplication id has at most 128 characters. */
const HASH_LENGTH = 32;

/**
 * The order of an event in its target's queue. The value is hashed, because a group's id has at most 128 characters, not all of
 * them allowed, and is seen by whoever may receive from the queue. An event without the value waits for no other:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagegroupid-property.html
 * `hash` is that of the body: where two bodies come under one id, SQS must not take the second for the first. `again` tells a message that is
 * meant to be a second one of its event from the first.
 */
export function orderOf(
  key: OrderingKeyConfig, { source, id, hash }: { readonly source: string; readonly id: string; readonly hash: string },
  request: WebhookRequest, found: Found, again?: string,
): Order {
  const value = 'source' in key ? source : readField(key.field, request, found);
  return {
    groupId: value === undefined ? id : createHash('sha256').update(value).digest('hex'),
    deduplicationId: [id, hash.slice(0, HASH_LENGTH), ...again === undefined ? [] : [again]].join('#'),
  };
}
