import { createHash } from 'node:crypto';
import type { OrderingKeyConfig } from '../../lib/contract/config';
import { ENVELOPE_VERSION, MAX_ENVELOPE_BYTES, type Envelope } from '../../lib/contract/envelope';
import type { Scheme } from '../../lib/contract/scheme';
import { CliError, Exit } from '../cli-error';
import { textOf } from '../events/body-fields';
import { readField } from '../fields';
import type { StoredEvent } from '../store/rows';

/** Where the body of an event is when its message is written. */
export type MessageBody = { readonly body: Buffer } | { readonly payload: NonNullable<Envelope['payload']> };

/** The oldest version that can say it, as the ingest function does. */
const BODY_INSIDE = 1;

/** The message of a stored event as it was, marked as a replay. The id and the time stay. */
export function writeMessage({ id, source, type, providerId, time, headers }: StoredEvent, where: MessageBody, replay: string): string {
  const rest = { id, source, type: type ?? null, ...(providerId !== undefined && { providerId }), time, replay, headers };
  if ('payload' in where) return encode({ v: ENVELOPE_VERSION, ...rest, payload: where.payload });
  const text = textOf(where.body);
  const message = text === undefined ? undefined : encode({ v: BODY_INSIDE, ...rest, body: text });
  if (message !== undefined && Buffer.byteLength(message) <= MAX_ENVELOPE_BYTES) return message;
  return encode({ v: BODY_INSIDE, ...rest, bodyBase64: where.body.toString('base64') });
}

/** The message of a dead letter, marked as a replay. */
export const markReplay = (envelope: Envelope, replay: string): string => encode({ ...envelope, replay });

/** SQS refuses two code points that JSON leaves as they are: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
function encode(envelope: Envelope): string {
  return JSON.stringify(envelope).replace(/[\uFFFE\uFFFF]/g, (character) => (character === '\uFFFE' ? '\\ufffe' : '\\uffff'));
}

/** The envelope of a message. Undefined where it is none. */
export function readEnvelope(text: string | undefined): Envelope | undefined {
  try {
    const envelope = JSON.parse(text ?? '') as Envelope | null;
    return typeof envelope === 'object' && typeof envelope?.id === 'string' && typeof envelope.source === 'string' && typeof envelope.time === 'string'
      ? envelope : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The group that orders an event in a FIFO queue: the same as the ingest function's, as long as the key is in what is stored. An event
 * without it waits for no other.
 */
export function groupOf(key: OrderingKeyConfig | undefined, { id, source, headers }: StoredEvent, body: Buffer): string {
  if (!key) return id;
  const value = 'source' in key ? source : readField({ kind: 'open' } as Scheme, [key.field], { url: new URL('http://localhost/'), headers: { ...headers }, body });
  return value === undefined ? id : createHash('sha256').update(value).digest('hex');
}

/** A replay is another message, and one that is sent twice is not. */
export const deduplicationId = (id: string, replay: string): string => `${id}#${replay}`;

export const isFifo = (url: string): boolean => url.endsWith('.fifo');

/** A body that a message can hold. Bodies that are larger are in the payload bucket. */
export function checkSize(id: string, message: string): void {
  const bytes = Buffer.byteLength(message);
  if (bytes <= MAX_ENVELOPE_BYTES) return;
  throw new CliError(Exit.FAILED, `event ${JSON.stringify(id)} makes a message of ${bytes} bytes, and ${MAX_ENVELOPE_BYTES} are allowed`);
}
