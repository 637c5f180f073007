import { deflateRawSync } from 'node:zlib';
import { MAX_ROW_BODY_BYTES } from '../../../lib/contract/store';

/** What DynamoDB bills a write by: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html */
const WRITE_UNIT_BYTES = 1_024;

/** Larger bodies are not even tried: few shrink to an eighth, and deflating costs CPU that the sender waits for. */
const MAX_DEFLATED_BYTES = 8 * MAX_ROW_BODY_BYTES;

/** A body as a row has it. `elsewhere`: it is too big for a row. */
export type RowBody =
  | { readonly kind: 'inside'; readonly attributes: { readonly body?: Uint8Array; readonly bodyDeflated?: Uint8Array } }
  | { readonly kind: 'elsewhere' };

/** `restBytes`: what the row has beside the body. `most`: the largest body in a row. */
export function rowBody(body: Uint8Array, restBytes: number, most = MAX_ROW_BODY_BYTES): RowBody {
  if (body.length === 0) return { kind: 'inside', attributes: {} };
  const plain = writeUnits(restBytes + body.length);
  // One unit is the least, and nothing saves what is not there.
  if (plain > 1 && body.length <= MAX_DEFLATED_BYTES) {
    const deflated = deflateRawSync(body);
    if (deflated.length <= most && (body.length > most || writeUnits(restBytes + deflated.length) < plain)) {
      return { kind: 'inside', attributes: { bodyDeflated: deflated } };
    }
  }
  return body.length <= most ? { kind: 'inside', attributes: { body } } : { kind: 'elsewhere' };
}

function writeUnits(bytes: number): number {
  return Math.ceil(bytes / WRITE_UNIT_BYTES);
}
