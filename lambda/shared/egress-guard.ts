import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { AddressPolicy } from './address';

/** No request was sent, because of where it would have gone. The message has the host, never a path or a query. */
export class BlockedError extends Error {
  override readonly name = 'BlockedError';
  readonly code = BLOCKED_CODE;
}

export const BLOCKED_CODE = 'ERR_ADDRESS_BLOCKED';

/** Guards for connections to where a policy permits. */
export function guardBy(policy: AddressPolicy): (protocol: string) => EgressGuard {
  return (protocol) => new EgressGuard(protocol, policy);
}

/** The three checks of every connection of one protocol. Each alone can be got around. */
export class EgressGuard {
  readonly #protocol: string;
  readonly #policy: AddressPolicy;
  readonly #lookup: typeof systemLookup;

  constructor(protocol: string, policy: AddressPolicy, lookup: typeof systemLookup = systemLookup) {
    this.#protocol = protocol;
    this.#policy = policy;
    this.#lookup = lookup;
  }

  /**
   * Of the URL, because a host that is an address is never looked up. `new URL` has turned decimal, octal, hexadecimal, short and
   * full-width notations into the usual one. Throws `BlockedError`.
   */
  checkUrl({ hostname, username, password }: URL): void {
    if (username !== '' || password !== '') throw blocked(hostname, 'its URL must not have a user name or a password');
    if (hostname.endsWith('.')) throw blocked(hostname, 'the name of a host must not end with a dot');
    const address = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
    if (isIP(address) !== 0) this.#checkAddress(address, hostname);
    else if (this.#policy.listsNothing && this.#isListedOnly(hostname)) throw blocked(hostname, this.#reason(hostname));
  }

  /** Of all the addresses that a name has, not just of the one that is taken. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.#lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      const failure = error ?? (first ? this.#refusal(addresses.map(({ address }) => address), hostname) : notFound(hostname));
      if (failure || !first) callback(failure, []);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

  /** Of the other end, before a byte goes there. Nothing that was resolved elsewhere or earlier gets by this one. */
  watch(socket: Socket, hostname: string): void {
    // Before the listener that begins the TLS handshake.
    socket.prependOnceListener('connect', () => {
      // Without an address the peer is gone already.
      const failure = socket.remoteAddress === undefined ? gone() : this.#refusal([socket.remoteAddress], hostname);
      if (failure) socket.destroy(failure);
    });
  }

  #refusal(addresses: string[], hostname: string): BlockedError | null {
    try {
      for (const address of addresses) this.#checkAddress(address, hostname);
      return null;
    } catch (error) {
      return error as BlockedError;
    }
  }

  #checkAddress(address: string, hostname: string): void {
    if (this.#isListedOnly(hostname) ? this.#policy.lists(address) : this.#policy.permits(address)) return;
    throw blocked(hostname, this.#reason(hostname));
  }

  /** In clear text, and by a name that only a network of one's own knows, no public address is reached either. */
  #isListedOnly(hostname: string): boolean {
    return this.#protocol !== 'https:' || !/[.:]/.test(hostname);
  }

  #reason(hostname: string): string {
    if (this.#protocol !== 'https:') return 'only https goes to where no network of allowedPrivateCidrs is';
    if (this.#isListedOnly(hostname)) return 'a name without a dot must lead to a network of allowedPrivateCidrs';
    return 'it has an address that is not public and in no network of allowedPrivateCidrs';
  }
}

function blocked(hostname: string, explanation: string): BlockedError {
  return new BlockedError(`nothing is sent to ${hostname}: ${explanation}`);
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND', syscall: 'getaddrinfo' });
}

function gone(): NodeJS.ErrnoException {
  return Object.assign(new Error('connect ECONNRESET'), { code: 'ECONNRESET', syscall: 'connect' });
}
