import { ENVELOPE_VERSION, MAX_ENVELOPE_BYTES, payloadThresholdBytes, type Envelope } from '../../lib/contract/envelope';
import type { Identity } from './identify';
import { payloadOf, type Payload } from './payload';
import { Rejection } from './rejection';
import { pickHeaders, type WebhookRequest } from './request';

/** Whatever a reader of this version or of an older one can deliver is written as this one. */
const BODY_INSIDE = 1;

/** The message for the delivery queues, and the body where it does not travel inside. */
export interface Written {
  readonly message: string;
  readonly payload?: Payload;
}

export interface Writing {
  /** Names of the headers that travel. */
  readonly headers: readonly string[];
  readonly now: number;
  /** How many queues the message goes to. */
  readonly queues: number;
  /** True where there is a payload bucket. */
  readonly bucket: boolean;
}

/** Writes the envelope, once for all queues. Throws `Rejection` for an event that does not fit into a message and can go nowhere else. */
export function writeEnvelope(source: string, identity: Identity, request: WebhookRequest, { headers, now, queues, bucket }: Writing): Written {
  const { id, type, providerId } = identity;
  const rest = {
    id, source, type, ...(providerId === undefined ? {} : { providerId }), time: new Date(now).toISOString(),
    headers: pickHeaders(request.headers, headers),
  };
  const limit = bucket ? payloadThresholdBytes(queues) : MAX_ENVELOPE_BYTES;
  const { body } = request;
  // What is longer as it is will not be shorter in JSON, and writing megabytes to find that out costs more than all the rest.
  if (body.length <= limit) {
    const message = request.text === undefined ? undefined : encode({ v: BODY_INSIDE, ...rest, body: request.text });
    if (message !== undefined && Buffer.byteLength(message) <= limit) return { message };
    // Control characters take six bytes each as text, and less than two in base64.
    const packed = encode({ v: BODY_INSIDE, ...rest, bodyBase64: body.toString('base64') });
    if (Buffer.byteLength(packed) <= limit) return { message: packed };
  }
  if (!bucket) throw new Rejection('size', `a body of ${body.length} bytes does not fit into a message, in which ${MAX_ENVELOPE_BYTES} are allowed`);
  const payload = payloadOf(id, body);
  return { message: encode({ v: ENVELOPE_VERSION, ...rest, payload: payload.reference }), payload };
}

/**
 * JSON escapes control characters and lone surrogates. The two code points that are left and that SQS refuses are escaped here:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
function encode(envelope: Envelope): string {
  return JSON.stringify(envelope).replace(/[\uFFFE\uFFFF]/g, (character) => character === '\uFFFE' ? '\\ufffe' : '\\uffff');
}
