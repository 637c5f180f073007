import type { HttpSettings } from '../../../lib/contract/config';
import type { Delivery } from '../../../lib/contract/sender';
import { isHeaderValue } from './header-value';

const USER_AGENT = 'cdk-webhooks';

/** The sender's words about the body, which is passed on as it is. */
const ABOUT_THE_BODY = ['content-type', 'content-encoding'];

const DEFAULTS: { readonly [name: string]: string | undefined } = { 'content-type': 'application/octet-stream', 'user-agent': USER_AGENT };

/** What says where a request goes and where it ends is ours alone, or two servers on the way may read it in two ways. */
const FRAMING: readonly string[] = [
  'host', 'content-length', 'transfer-encoding', 'connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade', 'expect',
];

/** Credentials that were meant for us. */
const CREDENTIALS: readonly string[] = ['authorization', 'proxy-authorization', 'cookie', 'set-cookie'];

/** https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;

/**
 * Makes the header lines of a delivery, names and values in turn. `reserved` are the names of the signature and of what authorizes the
 * request, which come from elsewhere. Throws for settings that say a header twice, or one that cannot be.
 */
export function headerLines(
  settings: Pick<HttpSettings, 'headers' | 'forwardHeaders'>, url: URL, reserved: readonly string[],
): (delivery: Pick<Delivery, 'headers' | 'transformHeaders' | 'body'>) => string[] {
  const taken = new Set(FRAMING);
  for (const name of reserved) take(name, taken);
  const fixed = ['host', url.host, ...staticLines(settings.headers ?? {}, taken)];
  const listed = (settings.forwardHeaders ?? []).map((name) => name.toLowerCase());
  const forwarded = listed.filter((name) => TOKEN.test(name) && !CREDENTIALS.includes(name));
  const passed = [...new Set([...ABOUT_THE_BODY, ...forwarded])].filter((name) => !taken.has(name));
  if (!taken.has('user-agent') && !passed.includes('user-agent')) fixed.push('user-agent', USER_AGENT);
  const isFree = (name: string): boolean => TOKEN.test(name) && ![...CREDENTIALS, 'user-agent'].includes(name) && !taken.has(name);
  return ({ headers, transformHeaders, body }) => {
    const lines = [...fixed, 'content-length', String(body.length)];
    // The transform's own are the user's words, not the sender's; but what frames and proves a request is not theirs to say.
    for (const name of transformHeaders ? new Set([...passed, ...transformHeaders.filter(isFree)]) : passed) {
      const value = isHeaderValue(headers[name]) ? headers[name] : DEFAULTS[name];
      if (value !== undefined) lines.push(name, value);
    }
    return lines;
  };
}

/** What is fixed stands before what the event brings. Adds its names to `taken`. */
function staticLines(headers: { readonly [name: string]: string }, taken: Set<string>): string[] {
  return Object.entries(headers).flatMap(([given, value]) => {
    if (!isHeaderValue(value)) throw new Error(`the value of the header ${JSON.stringify(given)} cannot be sent; correct it in headers`);
    return [take(given, taken), value];
  });
}

function take(given: string, taken: Set<string>): string {
  const name = given.toLowerCase();
  if (!TOKEN.test(name)) throw new Error(`${JSON.stringify(given)} is not the name of a header; correct it in the target's options`);
  if (taken.has(name)) throw new Error(`the header ${JSON.stringify(given)} is already set, or is not for a target to set; remove it from the target's options`);
  taken.add(name);
  return name;
}
