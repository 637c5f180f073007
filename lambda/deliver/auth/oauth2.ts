import type { HttpAuthSettings } from '../../../lib/contract/config';
import type { SecretReader } from '../../../lib/contract/sender';
import type { Egress, EgressAnswer, EgressRequest } from '../../shared/egress';
import { AuthorizationError, type Authorization } from './authorization';
import { basicCredentials } from './basic';
import { readToken, tokenRefusal, type AccessToken } from './oauth2-token';

type Settings = Extract<HttpAuthSettings, { kind: 'oauth2' }>;

/** Time for one request to the token endpoint. Several attempts may wait for it, so that it is nobody's deadline. */
const TOKEN_TIMEOUT_MS = 10_000;

/** Answers to a client secret that is not the one that the endpoint knows: https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
const WRONG_SECRET_STATUSES: ReadonlySet<number> = new Set([400, 401]);

/** Client credentials: https://www.rfc-editor.org/rfc/rfc6749#section-4.4 */
export function oauth2(settings: Settings, overlapSeconds: number, secrets: SecretReader, egress: Egress): Authorization {
  if (!URL.canParse(settings.tokenUrl)) throw new Error(`the token URL ${JSON.stringify(settings.tokenUrl)} is no URL; correct it in auth`);
  const tokens = new Tokens(() => fetchToken(settings, overlapSeconds, secrets, egress));
  const used = new WeakMap<EgressRequest, string>();
  return {
    headers: ['authorization'],
    async lines(request, round) {
      // The target has refused it. Another attempt may have replaced it since.
      if (round === 1) tokens.drop(used.get(request));
      const token = await beforeAbort(tokens.get(Date.now()), request.signal);
      used.set(request, token);
      return ['authorization', `Bearer ${token}`];
    },
  };
}

/** The token of now, with one request under way at most. */
class Tokens {
  readonly #fetch: () => Promise<AccessToken>;
  #token: AccessToken | undefined;
  #pending: Promise<AccessToken> | undefined;

  constructor(fetch: () => Promise<AccessToken>) {
    this.#fetch = fetch;
  }

  async get(now: number): Promise<string> {
    if (this.#token && now < this.#token.usableUntil) return this.#token.value;
    this.#pending ??= this.#renew().finally(() => { this.#pending = undefined; });
    return (await this.#pending).value;
  }

  drop(value: string | undefined): void {
    if (this.#token?.value === value) this.#token = undefined;
  }

  async #renew(): Promise<AccessToken> {
    this.#token = undefined;
    return this.#token = await this.#fetch();
  }
}

/** Asks with the current client secret and, while a rotation's overlap lasts, with the previous one if the first is not accepted. */
async function fetchToken(settings: Settings, overlapSeconds: number, secrets: SecretReader, egress: Egress): Promise<AccessToken> {
  const url = new URL(settings.tokenUrl);
  let answer: EgressAnswer | undefined;
  for (const secret of await secrets.read(settings.clientSecret, overlapSeconds)) {
    answer = await ask(url, settings, secret, egress);
    if (answer.status >= 200 && answer.status <= 299) return readToken(answer, url.host, Date.now());
    if (!WRONG_SECRET_STATUSES.has(answer.status)) break;
  }
  throw tokenRefusal(answer, url.host);
}

/** The client is named in the way that every server must take: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 */
async function ask(url: URL, { clientId, scopes }: Settings, secret: string, egress: Egress): Promise<EgressAnswer> {
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scopes && scopes.length > 0) form.set('scope', scopes.join(' '));
  const body = Buffer.from(form.toString());
  const headers = [
    'host', url.host, 'user-agent', 'cdk-webhooks', 'accept', 'application/json', 'content-type', 'application/x-www-form-urlencoded',
    'content-length', String(body.length), 'authorization', basicCredentials(formEncoded(clientId), formEncoded(secret)),
  ];
  const result = await egress.post({ url, headers, body, signal: AbortSignal.timeout(TOKEN_TIMEOUT_MS), wholeBody: true });
  if (result.outcome === 'status') return result;
  throw new AuthorizationError(result.outcome, `no access token could be fetched from ${url.host}: ${result.detail}`);
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

/** Rejects at the deadline of the attempt that waits. The promise goes on for those who have more time. */
async function beforeAbort<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(new AuthorizationError('timeout', 'no access token came in time'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
