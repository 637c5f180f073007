import { createHash, randomBytes } from 'node:crypto';
import type { Scheme } from '../../lib/contract/scheme';
import { readFirst, readId, type Found } from './field';
import type { WebhookRequest } from './request';

export interface Identity {
  /** `evt_` and 26 characters of lower-case base32 (RFC 4648: a to z, 2 to 7), 130 bits. */
  readonly id: string;
  readonly type: string | null;
  /** Kept for people; the id stands for it everywhere else. */
  readonly providerId?: string;
  /** The sender gives its events ids, so that the same event has the same id again. Else the id is random. */
  readonly named?: true;
}

/** Longer than any documented id or type. What is longer is a part of a payload, not a name. */
const MAX_NAME_LENGTH = 256;

/** Names an event. The same source and provider's id make the same id, so that it needs no store to be stable. */
export function identify(source: string, scheme: Scheme, request: WebhookRequest, found: Found): Identity {
  const providerId = readId(scheme.id, request, found);
  const type = readFirst(scheme.type, request, found);
  return {
    id: providerId === undefined ? eventId(randomBytes(ID_BYTES)) : eventId(createHash('sha256').update(`${source}\0${providerId}`).digest()),
    type: type !== undefined && type.length <= MAX_NAME_LENGTH ? type : null,
    ...(providerId !== undefined && providerId.length <= MAX_NAME_LENGTH ? { providerId } : {}),
    ...(providerId === undefined ? {} : { named: true as const }),
  };
}

/** The id of an event whose sender gave another body the same id before. Of the same body it is the same again. */
export function secondId(id: string, hash: string): string {
  return eventId(createHash('sha256').update(`${id}\0${hash}`).digest());
}

/** The id of an event whose sender used its id again after the deduplication window. It is the same for all requests in one window. */
export function repeatedId(id: string, since: string, windowSeconds: number, number: number): string {
  return eventId(createHash('sha256').update(`${id}\0${since}\0${windowSeconds}\0${number}`).digest());
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_LENGTH = 26;
const ID_BYTES = Math.ceil(ID_LENGTH * 5 / 8);

/** Without `.`, which Standard Webhooks signs between the id and the timestamp, and the same in any case-insensitive place. */
function eventId(bytes: Uint8Array): string {
  let id = 'evt_';
  let bits = 0;
  let held = 0;
  for (const byte of bytes.subarray(0, ID_BYTES)) {
    held = (held << 8 | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) id += ALPHABET[held >> (bits - 5) & 31];
  }
  return id.slice(0, 4 + ID_LENGTH);
}
