import { isIP } from 'node:net';
import type { IPv4, IPv6 } from 'ipaddr.js';

type Address = IPv4 | IPv6;

interface Network {
  readonly cidr: [Address, number];
  /** The special range that all of it is in. */
  readonly range: string | undefined;
}

/** Global unicast is all of IPv6 that anybody has addresses in: https://www.iana.org/assignments/ipv6-address-space */
const GLOBAL_UNICAST = '2000::/3';

/** Addresses inside a machine or its cloud, though their range is an ordinary one: the virtual host of Azure. */
const PLATFORM_ADDRESSES = ['168.63.129.16'];

/**
 * What only its own network opens: `0.0.0.0/0` is no wish to reach the function's own loopback services, which have its
 * credentials and its next event.
 */
const OPENED_BY_NAME: ReadonlySet<string> = new Set(['loopback', 'linkLocal', 'unspecified', 'multicast', 'broadcast']);

/** Whether an address is on the public internet. Anything that is not an address in its usual notation is not. */
export function isPublicAddress(text: string): boolean {
  const address = parse(text);
  return address !== undefined && isPublic(address);
}

/** Which addresses may be connected to: public ones and those in networks that were listed. */
export class AddressPolicy {
  readonly #listed: readonly Network[];

  /** Throws for a network that is not in CIDR notation. */
  constructor(allowedPrivateCidrs: readonly string[] = []) {
    this.#listed = allowedPrivateCidrs.map(parseNetwork);
  }

  get listsNothing(): boolean {
    return this.#listed.length === 0;
  }

  permits(text: string): boolean {
    const address = parse(text);
    return address !== undefined && (isPublic(address) || this.#isListed(address));
  }

  /** Whether an address is in a listed network, public or not. */
  lists(text: string): boolean {
    const address = parse(text);
    return address !== undefined && this.#isListed(address);
  }

  #isListed(address: Address): boolean {
    const range = address.range();
    return this.#listed.some((network) => isIn(address, network.cidr) && (!OPENED_BY_NAME.has(range) || network.range === range));
  }
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv6' ? isIn(address, ranges().parseCIDR(GLOBAL_UNICAST)) : !PLATFORM_ADDRESSES.includes(address.toString());
}

/** An IPv4 address below nothing but zeros: no longer anybody's, and ipaddr.js takes it for the mapped one. */
const IPV4_COMPATIBLE = /^[0:]+:(\d+\.){3}\d+$/;

/** A mapped IPv4 address is that IPv4 address. One with a zone is of a link, whatever its range. */
function parse(text: string): Address | undefined {
  return isIP(text) === 0 || text.includes('%') || IPV4_COMPATIBLE.test(text) ? undefined : ranges().process(text);
}

function isIn(address: Address, cidr: [Address, number]): boolean {
  return address.kind() === cidr[0].kind() && address.match(cidr);
}

function parseNetwork(text: string): Network {
  const [base = '', length = ''] = text.split('/');
  if (isIP(base) === 0 || base.includes('%') || !ranges().isValidCIDR(text) || !/^\d{1,3}$/.test(length)) {
    throw new Error(`${JSON.stringify(text)} is not a network in CIDR notation, such as "10.0.0.0/8" or "fd00::/8"; correct allowedPrivateCidrs`);
  }
  const { IPv4, IPv6, parseCIDR } = ranges();
  const first = (isIP(base) === 4 ? IPv4 : IPv6).networkAddressFromCIDR(text).range();
  const last = (isIP(base) === 4 ? IPv4 : IPv6).broadcastAddressFromCIDR(text).range();
  return { cidr: parseCIDR(text), range: first === last ? first : undefined };
}

/** Loaded when first used: most ingest functions never fetch anything, and it is a quarter of their code. */
function ranges(): typeof import('ipaddr.js') {
  return require('ipaddr.js') as typeof import('ipaddr.js');
}
