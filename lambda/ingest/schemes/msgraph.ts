import type { CodeVerifier, SchemeContext } from '../../../lib/contract/scheme-module';
import { toKey } from '../../shared/key';
import { isSameText } from '../../shared/same-text';
import { at, textAt } from './shared/json';
import { judgeWith, Refusal } from './shared/judge';
import { readVersions } from './shared/parts';

/** Nothing is signed: every notification of a batch carries the subscription's `clientState`, which is the secret. */
export type MsGraphSettings = { readonly [name: string]: never };

export function createVerifier({ scheme, secretId = scheme }: SchemeContext): CodeVerifier {
  return judgeWith(({ json }, secrets) => {
    const versions = readVersions(secrets, (text) => {
      // Judged as a key is, though it is compared as it is: an empty one would let everybody in.
      toKey(text, 'utf8', secretId);
      return text;
    });
    const items = at(json, 'value');
    if (!Array.isArray(items) || items.length === 0) throw new Refusal('signature', 'the body has no notifications');
    for (const [index, item] of items.entries()) {
      const given = textAt(item, 'clientState');
      if (given === undefined || !versions.some((secret) => isSameText(given, secret))) {
        throw new Refusal('signature', `the clientState of notification ${index} is another`);
      }
    }
    return {};
  });
}
