import { KeyRing } from '../../shared/key';
import { SecretError } from '../../shared/secret-error';
import { findSameText } from '../../shared/same-text';
import { Rejection } from '../rejection';
import type { Verifier } from './verifier';

/** `Basic` in any case, one space or more, base64: https://www.rfc-editor.org/rfc/rfc7617#section-2 */
const CREDENTIALS = /^basic +([A-Za-z0-9+/]+={0,2})$/i;

/** HTTP Basic. Without a user name, the secret is `user:password`. */
export function basicVerifier(username: string | undefined, secretId: string): Verifier {
  const ring = new KeyRing('utf8', secretId);
  return {
    claim({ headers }) {
      const encoded = CREDENTIALS.exec(headers['authorization'] ?? '')?.[1];
      if (encoded === undefined) throw new Rejection('signature', 'there are no basic credentials');
      const given = Buffer.from(encoded, 'base64');
      return {
        prove(secrets) {
          const texts = ring.usable(secrets).map(({ text }) => text);
          const pairs = texts.map((text) => username === undefined ? text : `${username}:${text}`);
          if (!pairs[0]?.includes(':')) throw new SecretError('unusable', secretId, 'it is not a user name, a colon and a password');
          // As latin1, so that bytes that are no UTF-8 stay what they are.
          const expected = pairs.map((pair) => Buffer.from(pair).toString('latin1'));
          const found = findSameText(given.toString('latin1'), expected);
          if (found === undefined) throw new Rejection('signature', 'they are other credentials');
          return { secret: texts[expected.indexOf(found)] };
        },
      };
    },
  };
}
