import { ENVELOPE_VERSION, MAX_ENVELOPE_BYTES, type Envelope } from '../../lib/contract/envelope';
import type { Scheme } from '../../lib/contract/scheme';
import { placesOf } from './field';
import type { Identity } from './identify';
import { Rejection } from './rejection';
import type { WebhookRequest } from './request';

/** What describes the body or the sender, and holds no credential. Everything else a sender puts in a header stays behind. */
const ALWAYS = ['content-type', 'content-encoding', 'user-agent', 'idempotency-key'];

/** Not even where a scheme says that its id or type is there. */
const NEVER = ['authorization', 'proxy-authorization', 'cookie'];

/** Names of the headers that travel with an event of a scheme. */
export function travellingHeaders(scheme: Scheme): string[] {
  const places = [...placesOf(scheme.id), ...placesOf(scheme.type), ...('timestamp' in scheme && scheme.timestamp ? [scheme.timestamp.from] : [])];
  const credentials = 'signature' in scheme ? [scheme.signature] : 'token' in scheme ? [scheme.token] : [];
  const never = [...NEVER, ...headersOf(credentials)];
  return [...new Set([...ALWAYS, ...headersOf(places)])].filter((name) => !never.includes(name));
}

function headersOf(places: object[]): string[] {
  return places.flatMap((place) => 'header' in place ? [place.header as string] : []);
}

/** The message for the delivery queues. Throws `Rejection` for an event that does not fit into one. */
export function writeEnvelope(source: string, { id, type, providerId }: Identity, request: WebhookRequest, names: string[], now: number): string {
  const head = {
    v: ENVELOPE_VERSION, id, source, type, ...(providerId === undefined ? {} : { providerId }),
    time: new Date(now).toISOString(), headers: pick(request.headers, names),
  };
  const message = request.text === undefined ? undefined : encode({ ...head, body: request.text });
  if (message !== undefined && fits(message)) return message;
  // Control characters take six bytes each as text, and less than two in base64.
  const packed = encode({ ...head, bodyBase64: request.body.toString('base64') });
  if (fits(packed)) return packed;
  throw new Rejection('size', `the event makes a message of ${Buffer.byteLength(packed)} bytes, and ${MAX_ENVELOPE_BYTES} are allowed`);
}

/**
 * JSON escapes control characters and lone surrogates. The two code points that are left and that SQS refuses are escaped here:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
function encode(envelope: Envelope): string {
  return JSON.stringify(envelope).replace(/[\uFFFE\uFFFF]/g, (character) => character === '\uFFFE' ? '\\ufffe' : '\\uffff');
}

function fits(message: string): boolean {
  return Buffer.byteLength(message) <= MAX_ENVELOPE_BYTES;
}

function pick(headers: WebhookRequest['headers'], names: string[]): { [name: string]: string } {
  return Object.fromEntries(names.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[name, value]];
  }));
}
