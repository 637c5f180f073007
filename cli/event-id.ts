import { createHash } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** The id that the gateway gives an event of this source: the same as the ingest function's, so that what was sent can be found again. */
export function eventId(source: string, providerId: string): string {
  const digest = createHash('sha256').update(`${source}\0${providerId}`).digest();
  let bits = 0n;
  for (const byte of digest.subarray(0, 17)) bits = (bits << 8n) | BigInt(byte);
  // 17 bytes are 136 bits; 26 characters of 5 bits are 130.
  let text = '';
  for (let shift = 131n; shift >= 6n; shift -= 5n) text += ALPHABET[Number((bits >> shift) & 31n)];
  return `evt_${text}`;
}
