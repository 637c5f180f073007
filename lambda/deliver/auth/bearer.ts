import type { HttpAuthSettings } from '../../../lib/contract/config';
import type { SecretReader } from '../../../lib/contract/sender';
import type { Authorization } from './authorization';
import { secretHeader } from './secret-header';

/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
export function bearer({ token }: Extract<HttpAuthSettings, { kind: 'bearer' }>, overlapSeconds: number, secrets: SecretReader): Authorization {
  return secretHeader('authorization', token, overlapSeconds, secrets, (secret) => `Bearer ${secret}`);
}
