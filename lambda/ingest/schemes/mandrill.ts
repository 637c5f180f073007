import { createSecretKey } from 'node:crypto';
import type { CodeVerifier, SchemeContext } from '../../../lib/contract/scheme-module';
import { KeyRing } from '../../shared/key';
import { onlyField, readPairs, sortPairs, type Pair } from './shared/form';
import { Hmac } from './shared/hmac';
import { at, parseJson, textAt } from './shared/json';
import { judgeWith, Refusal, type Fields } from './shared/judge';
import { requirePublicUrl } from './shared/url';

/** Fields of an event: `id`, all events of the batch by type, message and time; `type`, of the first. */
export type MandrillSettings = { readonly [name: string]: never };

const HEADER = 'x-mandrill-signature';
const EVENTS = 'mandrill_events';

/** Everybody knows it: Mandrill signs with it while a webhook is being made, and has no key of its own yet. It proves nothing but an empty batch. */
const TEST_KEY = createSecretKey(Buffer.from('test-webhook'));

export function createVerifier({ scheme, secretId = scheme }: SchemeContext): CodeVerifier {
  const ring = new KeyRing('utf8', secretId);
  const hmac = new Hmac('sha1', 'base64');
  return judgeWith((request, secrets) => {
    const keys = ring.keys(secrets);
    const candidates = [hmac.fromHeader(request, HEADER)];
    const pairs = readPairs(request);
    const signed = [requirePublicUrl(request), ...sortPairs(pairs).flatMap(([name, values]) => values.map((value) => name + value))];
    if (hmac.proves(keys, signed, candidates)) return { fields: describe(pairs) };
    if (isTest(pairs) && hmac.proves([TEST_KEY], signed, candidates)) return { handshake: true };
    throw new Refusal('signature', 'no version of the key made it for this URL and form');
  });
}

function isTest(pairs: Pair[]): boolean {
  return pairs.length === 1 && pairs[0]?.[0] === EVENTS && pairs[0][1] === '[]';
}

/** One message has many events, so that its `_id` alone would make them one. Changes of a deny list have no id. */
function describe(pairs: Pair[]): Fields {
  const events = parseJson(onlyField(pairs, EVENTS) ?? '');
  if (!Array.isArray(events) || events.length === 0) return {};
  const type = textAt(events[0], 'event') ?? textAt(events[0], 'type');
  const ids = events.map(eventId);
  return { ...(type === undefined ? {} : { type }), ...(ids.includes(undefined) ? {} : { id: ids.join(',') }) };
}

function eventId(event: unknown): string | undefined {
  const [name, id, time] = [textAt(event, 'event'), textAt(event, '_id'), at(event, 'ts')];
  return name !== undefined && id !== undefined && typeof time === 'number' ? `${name}:${id}:${time}` : undefined;
}
