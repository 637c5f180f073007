import type { CodeVerifier, SchemeContext } from '../../../lib/contract/scheme-module';
import { Hmac, onlyHeader } from './shared/hmac';
import { judgeWith, Refusal } from './shared/judge';
import { readIdAndKey, readVersions } from './shared/parts';

/** The secret is `key:secret` of one of the app's tokens, as the page "App Keys" shows them. */
export type PusherSettings = { readonly [name: string]: never };

const HEADER = 'x-pusher-signature';
const TOKEN = 'x-pusher-key';

export function createVerifier({ scheme, secretId = scheme }: SchemeContext): CodeVerifier {
  const hmac = new Hmac('sha256', 'hex');
  return judgeWith((request, secrets) => {
    const versions = readVersions(secrets, (text) => readIdAndKey(text, secretId));
    const token = onlyHeader(request, TOKEN);
    const candidate = hmac.fromHeader(request, HEADER);
    const keys = versions.filter(({ id }) => id === token).map(({ key }) => key);
    if (keys.length === 0) throw new Refusal('signature', `the header ${TOKEN} names another token`);
    if (hmac.proves(keys, [request.body], [candidate])) return {};
    throw new Refusal('signature', 'the secret of the token did not make it');
  });
}
