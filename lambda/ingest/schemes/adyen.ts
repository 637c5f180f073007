import type { CodeVerifier, SchemeContext } from '../../../lib/contract/scheme-module';
import { KeyRing } from '../../shared/key';
import { Hmac } from './shared/hmac';
import { at, hasRepeatedMembers, textAt } from './shared/json';
import { judgeWith, Refusal } from './shared/judge';

/**
 * Every item of a batch has a signature of its own, over eight of its fields: the others are not authentic. Fields of an event: `id`, all
 * items by reference, event code and outcome; `type`, the event code of the first.
 */
export type AdyenSettings = { readonly [name: string]: never };

export function createVerifier({ scheme, secretId = scheme }: SchemeContext): CodeVerifier {
  const ring = new KeyRing('hex', secretId);
  const hmac = new Hmac('sha256', 'base64');
  return judgeWith(({ json, text = '' }, secrets) => {
    const keys = ring.keys(secrets);
    const items = at(json, 'notificationItems');
    if (!Array.isArray(items) || items.length === 0) throw new Refusal('signature', 'the body has no notification items');
    // With a member twice, the receiver's parser might read the one that is not signed.
    if (hasRepeatedMembers(text)) throw new Refusal('signature', 'an object of the body has a member twice, or is too deep');

    const ids: string[] = [];
    for (const [index, wrapped] of items.entries()) {
      const item = at(wrapped, 'NotificationRequestItem');
      const signature = textAt(item, 'additionalData', 'hmacSignature') ?? '';
      const signed = SIGNED.map((path) => signedText(at(item, ...path)));
      if (!hmac.isWellFormed(signature) || !hmac.proves(keys, [signed.join(':')], [signature])) {
        throw new Refusal('signature', `no version of the key made that of item ${index}`);
      }
      ids.push([signed[0], signed[6], signed[7]].join(':'));
    }
    const type = textAt(items[0], 'NotificationRequestItem', 'eventCode');
    return { fields: { id: ids.join(','), ...(type === undefined ? {} : { type }) } };
  });
}

/** In the order in which they are signed. */
const SIGNED: readonly (readonly string[])[] = [
  ['pspReference'], ['originalReference'], ['merchantAccountCode'], ['merchantReference'],
  ['amount', 'value'], ['amount', 'currency'], ['eventCode'], ['success'],
];

/** A field that is not there is signed as empty. A number is signed as its digits, which only a safe integer keeps. */
function signedText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value);
  throw new Refusal('signature', 'a signed field is neither text, nor a whole number, nor true or false');
}
