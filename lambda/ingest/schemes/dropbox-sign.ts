import type { CodeVerifier, SchemeContext, SchemeRequest } from '../../../lib/contract/scheme-module';
import { KeyRing } from '../../shared/key';
import { onlyField, readFields } from './shared/form';
import { Hmac } from './shared/hmac';
import { at, parseJson, textAt } from './shared/json';
import { judgeWith, Refusal } from './shared/judge';

/**
 * Only an event's time and type are signed, by the API key: the rest of it is not authentic. Fields of an event: `type`; `hash`, its
 * `event_hash`; `id`, that hash and what the event is about, because events of one type and second have the same hash.
 */
export type DropboxSignSettings = { readonly [name: string]: never };

/** Of https://developers.hellosign.com/api/reference/tag/Callbacks-and-Events/, with the member that names each. */
const SUBJECTS = [
  ['signature_request', 'signature_request_id'],
  ['template', 'template_id'],
  ['account', 'account_id'],
  ['fax', 'fax_id'],
] as const;

export function createVerifier({ scheme, secretId = scheme }: SchemeContext): CodeVerifier {
  const ring = new KeyRing('utf8', secretId);
  const hmac = new Hmac('sha256', 'hex');
  return judgeWith((request, secrets) => {
    const keys = ring.keys(secrets);
    const callback = readCallback(request);
    const { time, type, hash } = readEvent(callback);
    if (!hmac.isWellFormed(hash) || !hmac.proves(keys, [time, type], [hash])) {
      throw new Refusal('signature', 'no version of the API key made its event_hash');
    }
    const subject = SUBJECTS.map((path) => textAt(callback, ...path)).find((id) => id !== undefined);
    return { fields: { type, hash, ...(subject === undefined ? {} : { id: `${hash}:${subject}` }) } };
  });
}

/** Time and type stand side by side in what is signed: their shapes are what tells where one ends and the other starts. */
function readEvent(callback: unknown): { readonly time: string; readonly type: string; readonly hash: string } {
  const event = at(callback, 'event');
  const [time = '', type = '', hash = ''] = [textAt(event, 'event_time'), textAt(event, 'event_type'), textAt(event, 'event_hash')];
  if (/^\d{1,12}$/.test(time) && /^[a-z]\w*$/i.test(type)) return { time, type, hash };
  throw new Refusal('signature', 'the body has no event with a time and a type');
}

/** A form with JSON in its field `json`; the API's dashboard can also be told to send the JSON alone. */
function readCallback(request: SchemeRequest): unknown {
  if (at(request.json, 'event') !== undefined) return request.json;
  return parseJson(onlyField(readFields(request), 'json') ?? '');
}
