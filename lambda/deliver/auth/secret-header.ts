import type { SecretReference } from '../../../lib/contract/config';
import type { SecretReader } from '../../../lib/contract/sender';
import { SecretError } from '../../shared/secret-error';
import { isHeaderValue } from '../http/header-value';
import type { Authorization } from './authorization';

/**
 * A header with a secret in it. After a rotation the target may still expect the previous one: while the overlap lasts, that one
 * is the second try.
 */
export function secretHeader(
  name: string, reference: SecretReference, overlapSeconds: number, secrets: SecretReader, format: (secret: string) => string,
): Authorization {
  return {
    headers: [name],
    async lines(_request, round) {
      const versions = await secrets.read(reference, overlapSeconds);
      const secret = versions[round];
      if (secret === undefined) {
        if (round > 0) return undefined;
        throw new SecretError('unavailable', reference.id, 'it has no version');
      }
      const value = format(secret);
      if (!isHeaderValue(value)) throw new SecretError('unusable', reference.id, 'it has characters that cannot be in a header');
      return [name, value];
    },
  };
}
