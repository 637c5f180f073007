import type { HttpAuthSettings } from '../../../lib/contract/config';
import type { SecretReader } from '../../../lib/contract/sender';
import type { Authorization } from './authorization';
import { secretHeader } from './secret-header';

/** https://www.rfc-editor.org/rfc/rfc7617 */
export function basic(
  { username, password }: Extract<HttpAuthSettings, { kind: 'basic' }>, overlapSeconds: number, secrets: SecretReader,
): Authorization {
  if (username.includes(':')) throw new Error(`the user name ${JSON.stringify(username)} has a colon, which basic authentication cannot carry`);
  return secretHeader('authorization', password, overlapSeconds, secrets, (secret) => basicCredentials(username, secret));
}

export function basicCredentials(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}
