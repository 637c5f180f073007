import { createHash } from 'node:crypto';
import type { PayloadReference } from '../../lib/contract/envelope';
import { describe } from '../shared/log';
import type { Opened } from './open';

export type Body =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** The object is not there, or is not what was accepted. It will not come back. */
  | { readonly kind: 'missing'; readonly detail: string }
  /** The bucket did not answer, for now. */
  | { readonly kind: 'unreadable'; readonly detail: string };

/**
 * The bytes that the sender posted. Never throws. The objects of a whole batch are held at once: ten of 4.5 MB are 45 MB, which
 * the function's memory has room for.
 */
export async function readBody(opened: Extract<Opened, { kind: 'event' | 'elsewhere' }>, readPayload: PayloadReader): Promise<Body> {
  if (opened.kind === 'event') return { kind: 'bytes', bytes: opened.body };
  const { payload } = opened;
  try {
    const bytes = await readPayload(payload.key);
    if (bytes === undefined) return { kind: 'missing', detail: `the payload bucket has no object ${payload.key}` };
    if (!isWhatWasAccepted(bytes, payload)) return { kind: 'missing', detail: `the object ${payload.key} of the payload bucket was changed` };
    return { kind: 'bytes', bytes };
  } catch (error) {
    return { kind: 'unreadable', detail: `the body could not be read from the payload bucket: ${describe(error)}` };
  }
}

type PayloadReader = (key: string) => Promise<Uint8Array | undefined>;

function isWhatWasAccepted(body: Uint8Array, { bytes, sha256 }: PayloadReference): boolean {
  return body.length === bytes && createHash('sha256').update(body).digest('hex') === sha256;
}
