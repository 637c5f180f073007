import { createHash } from 'node:crypto';
import type { PayloadReference } from '../../lib/contract/envelope';
import { describe } from '../shared/log';
import { Rejection } from './rejection';

/** Puts a body into the payload bucket. Resolves once it is there for good; the same key comes with the same body again. */
export type PutPayload = (key: string, body: Uint8Array) => Promise<unknown>;

/** A body that goes to the payload bucket, and what the envelope says about it. */
export interface Payload {
  readonly reference: PayloadReference;
  readonly body: Uint8Array;
}

/**
 * The hash is in the key, so that two bodies under one event id, which a sender that repeats its ids can make, never take each
 * other's place: a message refers to what it was written with.
 */
export function payloadOf(id: string, body: Uint8Array): Payload {
  const sha256 = createHash('sha256').update(body).digest('hex');
  return { reference: { key: `payloads/${id}/${sha256}`, bytes: body.length, sha256 }, body };
}

/** Before any queue has the reference: no message may point at an object that is not there. Throws `Rejection` where it cannot be put. */
export async function storePayload({ reference, body }: Payload, put: PutPayload): Promise<void> {
  try {
    await put(reference.key, body);
  } catch (error) {
    throw new Rejection('enqueue', `the payload bucket did not take the body; ${describe(error)}`);
  }
}
