import type { HttpAuthSettings } from '../../../lib/contract/config';
import type { SecretReader } from '../../../lib/contract/sender';
import type { Authorization } from './authorization';
import { secretHeader } from './secret-header';

/** A header of the target's choice has the key as it is. */
export function apiKey({ header, key }: Extract<HttpAuthSettings, { kind: 'api-key' }>, overlapSeconds: number, secrets: SecretReader): Authorization {
  return secretHeader(header.toLowerCase(), key, overlapSeconds, secrets, (secret) => secret);
}
