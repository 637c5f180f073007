import { Token } from 'aws-cdk-lib';
import { isWithin, parseNetwork } from '../private/network';
import { hasToken, readUrl, showUrl } from '../private/readable-url';

/** Public hosts have a dot in their name; a name without one is resolved by a search list, and so by whoever writes that. */
const SINGLE_LABEL = /^[^.[\]]+$/;

/** `new URL` takes more in a name, such as a wildcard's `*`. */
const HOST = /^(\[.*\]|[a-z0-9._-]*)$/;

/** IPv4 blocks that are no public address: loopback, private, link-local, carrier and documentation networks, multicast, reserved, a cloud's own. */
const NOT_PUBLIC_IPV4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24',
  '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3',
  '168.63.129.16/32',
].map((block) => block.split('/') as [string, string]);

/** Blocks of IPv6's global unicast range 2000::/3 that lead elsewhere: Teredo and its neighbours, documentation, 6to4. */
const NOT_PUBLIC_IPV6 = /^(2001:(:|[01]?[0-9a-f]{1,2}:|db8:)|2002:|3fff:)/;

/** What a factory can judge: it has no scope, so not whether this is a local run. */
export function checkAbsolute(url: string): void {
  const parsed = readUrl(url);
  if (parsed === 'unknown') return;
  if (!parsed) throw new Error(`${showUrl(url)} is not an absolute URL: write e.g. "https://billing.example.com/hooks"`);
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') {
    throw new Error(`${showUrl(parsed)} has the scheme ${JSON.stringify(parsed.protocol)}: an HTTP target takes https`);
  }
  if (!HOST.test(parsed.hostname)) throw new Error(`${showUrl(parsed)} has a host that is no name: a name is letters, digits, hyphens and dots, without wildcards`);
  if (parsed.port === '0') throw new Error(`${showUrl(parsed)} has the port 0, which no server has: name one from 1 to 65535, or none`);
}

/**
 * What only the place in an app can tell. A local run may post to this machine, over plain HTTP.
 *
 * @param privateCidrs networks that the host may be in though they are not public
 */
export function checkDeliverable(url: string, localRun: boolean, privateCidrs: string[] = [], what = 'target URL'): void {
  const parsed = readUrl(url);
  if (!parsed || parsed === 'unknown') return;
  checkNoUser(parsed);
  if (localRun) return;
  if (parsed.protocol !== 'https:') {
    throw new Error(`${what} ${showUrl(parsed)} is not https: events would cross the network readable; only a local run (cdk-webhooks dev) may use http`);
  }
  if (isInside(parsed.hostname, privateCidrs)) return;
  const problem = hostProblem(parsed.hostname);
  if (problem) throw new Error(`${what} ${showUrl(parsed)} ${problem}: name a public host; only a local run (cdk-webhooks dev) may post to this machine`);
}

/** Where an ingest function fetches keys, which it does from public hosts only, in a local run too. */
export function checkKeyUrl(url: string, what: string): void {
  const parsed = readUrl(url);
  if (parsed === 'unknown') return;
  if (parsed?.protocol !== 'https:') throw new Error(`${what} ${showUrl(parsed ?? url)} is not an https URL: whoever changes the keys on the way could sign`);
  checkAbsolute(url);
  checkNoUser(parsed);
  const problem = hostProblem(parsed.hostname);
  if (problem) throw new Error(`${what} ${showUrl(parsed)} ${problem}, and keys come from public hosts only: name one`);
}

/** A URL as it may be shown: neither user nor query, which carry passwords and tokens. */
export function displayUrl(url: string): string | undefined {
  const parsed = Token.isUnresolved(url) || !URL.canParse(url) ? undefined : new URL(url);
  return parsed && `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

function checkNoUser({ host, username, password }: URL): void {
  // The URL itself stays out of the message: it has a password in it.
  if (username || password) throw new Error(`the URL of host ${showUrl(host)} has a user name or password before the host: leave it out, every log would show it`);
}

function isInside(host: string, cidrs: string[]): boolean {
  const address = parseNetwork(host.replace(/^\[|\]$/g, ''));
  return address !== undefined && cidrs.some((cidr) => {
    const network = parseNetwork(cidr);
    return network !== undefined && isWithin(address, network);
  });
}

function hostProblem(host: string): string | undefined {
  if (host.startsWith('[')) return isPublicIpv6(host.slice(1, -1)) ? undefined : 'has an address that is not public';
  if (/^[\d.]+$/.test(host)) return isPublicIpv4(host) ? undefined : 'has an address that is not public';
  if (host.endsWith('.')) return 'has a host that ends with a dot';
  if (SINGLE_LABEL.test(host) && !hasToken(host)) return 'has a host without a dot';
  if (host.endsWith('.localhost')) return 'has a host that means this machine';
  return undefined;
}

/** `new URL` has turned every spelling (octal, hexadecimal, one number) into four decimal parts. */
function isPublicIpv4(address: string): boolean {
  const value = ipv4Number(address);
  return !NOT_PUBLIC_IPV4.some(([network, bits]) => value >>> (32 - Number(bits)) === ipv4Number(network) >>> (32 - Number(bits)));
}

function ipv4Number(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Mapped, translated and unique local addresses all lie outside 2000::/3. */
function isPublicIpv6(address: string): boolean {
  return /^[23][0-9a-f]{3}:/.test(address) && !NOT_PUBLIC_IPV6.test(address);
}
