import type { TokenScheme } from '../../../lib/contract/scheme';
import { KeyRing } from '../../shared/key';
import { readField } from '../field';
import { findSameText } from '../../shared/same-text';
import { Rejection } from '../rejection';
import type { Verifier } from './verifier';

/** The secret itself comes with the request. */
export function tokenVerifier(scheme: TokenScheme, secretId: string): Verifier {
  const ring = new KeyRing('utf8', secretId);
  return {
    claim(request) {
      const { token: place, prefix = '' } = scheme;
      if ('query' in place && request.query.getAll(place.query).length > 1) throw new Rejection('signature', 'the token came more than once');
      const text = readField(place, request);
      if (text === undefined) throw new Rejection('signature', 'the token is missing');
      if (!text.startsWith(prefix)) throw new Rejection('signature', 'the token has another prefix');
      const token = text.slice(prefix.length);
      return {
        prove(secrets) {
          const secret = findSameText(token, ring.usable(secrets).map((usable) => usable.text));
          if (secret === undefined) throw new Rejection('signature', 'it is another token');
          return { secret };
        },
      };
    },
  };
}
