import type { KeyFetch } from '../../lib/contract/scheme-module';
import { AddressPolicy } from './address';
import { ConnectionError, Connections } from './connections';
import { BlockedError, guardBy } from './egress-guard';

/** Inside the three seconds after which the most impatient senders give up. */
const TIMEOUT_MS = 2_000;
const MAX_BYTES = 64 * 1024;
/** Keys are asked for once in minutes; a connection that waits longer than this is not worth having. */
const IDLE_MS = 4_000;

/** A key, a JWKS or a certificate could not be had. The message has the host, never the path or the query. */
export class KeyFetchError extends Error {
  override readonly name = 'KeyFetchError';
}

/** GETs keys, or POSTs for them where there is a body, over https and from public addresses only. Redirects are not followed. */
export function createKeyFetch(connections: Pick<Connections, 'exchange'> = new Connections({ timeout: IDLE_MS }, guardBy(new AddressPolicy()))): KeyFetch {
  return async (address, { headers = {}, body } = {}) => {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url?.protocol !== 'https:') throw new KeyFetchError('a key can only be fetched from an https URL');
    const bytes = body === undefined ? undefined : Buffer.from(body);
    const length: { [name: string]: string } = bytes ? { 'content-length': String(bytes.length) } : {};
    const response = await connections.exchange({
      url, method: bytes ? 'POST' : 'GET', headers: { 'user-agent': 'cdk-webhooks', ...headers, ...length }, body: bytes,
      signal: AbortSignal.timeout(TIMEOUT_MS), maxResponseBytes: MAX_BYTES,
    }).catch((error: unknown) => {
      const cause = error instanceof ConnectionError ? error.cause : error;
      if (cause instanceof BlockedError) throw new KeyFetchError(`${url.host} is not the name of a host at a public address, so no key comes from there`);
      throw new KeyFetchError(`${url.host} did not answer with a key (${error instanceof ConnectionError ? error.code : 'failed'})`);
    });
    if (response.status < 200 || response.status > 299) throw new KeyFetchError(`${url.host} answered ${response.status} instead of a key`);
    if (!response.complete) throw new KeyFetchError(`${url.host} did not send its key in ${TIMEOUT_MS} ms and ${MAX_BYTES} bytes`);
    return response.body.toString('utf8');
  };
}
