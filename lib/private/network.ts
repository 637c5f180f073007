/** An address of 32 or 128 bits, or all that begin with the same `prefix` bits. */
export interface Network {
  readonly bits: 32 | 128;
  readonly address: bigint;
  readonly prefix: number;
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** An address or a network in CIDR notation. Undefined where it is neither, or has bits set below its prefix. */
export function parseNetwork(text: string): Network | undefined {
  const [, host = '', length] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const parsed = parseIpv4(host) ?? parseIpv6(host);
  if (!parsed) return undefined;
  const prefix = length === undefined ? parsed.bits : Number(length);
  if (prefix > parsed.bits || (parsed.address & ((1n << BigInt(parsed.bits - prefix)) - 1n)) !== 0n) return undefined;
  return { ...parsed, prefix };
}

/** A list of networks that are known to be right. */
export function networks(...texts: string[]): Network[] {
  return texts.map((text) => parseNetwork(text) as Network);
}

/** Whether all of `inner` is in `outer`. */
export function isWithin(inner: Network, outer: Network): boolean {
  if (inner.bits !== outer.bits || inner.prefix < outer.prefix) return false;
  const rest = BigInt(outer.bits - outer.prefix);
  return inner.address >> rest === outer.address >> rest;
}

function parseIpv4(text: string): Pick<Network, 'bits' | 'address'> | undefined {
  if (!IPV4.test(text)) return undefined;
  return { bits: 32, address: text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n) };
}

function parseIpv6(text: string): Pick<Network, 'bits' | 'address'> | undefined {
  // Neither a zone nor a password may come along.
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !URL.canParse(`http://[${text}]/`)) return undefined;
  const canonical = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const groups = tail === undefined ? [...head] : [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  return { bits: 128, address: groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n) };
}
