import { FilterError } from './filter-error';

/** An address as a number, with how many bits it has. */
interface Address {
  readonly value: bigint;
  readonly bits: 32 | 128;
}

/** Whether a text is an address of a network, of the same IP version. */
export function compileCidr(cidr: string, path: string): (text: string) => boolean {
  const [network = '', length, ...rest] = cidr.split('/');
  const address = readAddress(network);
  if (!address || rest.length > 0 || !/^\d{1,3}$/.test(length ?? '') || Number(length) > address.bits) {
    throw new FilterError(path, `has the cidr ${JSON.stringify(cidr)}: write a network as in "10.0.0.0/24" or "2001:db8::/32"`);
  }
  const shift = BigInt(address.bits - Number(length));
  return (text) => {
    const candidate = readAddress(text);
    return candidate?.bits === address.bits && candidate.value >> shift === address.value >> shift;
  };
}

/** The longest way to write an address: six groups and an IPv4 address. */
const MAX_LENGTH = 45;

function readAddress(text: string): Address | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const value = text.includes(':') ? readIpv6(text) : readIpv4(text);
  return value === undefined ? undefined : { value, bits: text.includes(':') ? 128 : 32 };
}

function readIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function readIpv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => groupsOf(half));
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: tail ? missing : 0 }, () => 0n), ...tail ?? []];
  return groups.reduce((sum, group) => (sum << 16n) | group, 0n);
}

/** The 16-bit groups of one side of `::`. The last 32 bits may be written as IPv4. */
function groupsOf(half: string): bigint[] | undefined {
  if (half === '') return [];
  const words = half.split(':');
  const groups: bigint[] = [];
  for (const [index, word] of words.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(word)) {
      groups.push(BigInt(`0x${word}`));
      continue;
    }
    const ipv4 = index === words.length - 1 && word.includes('.') ? readIpv4(word) : undefined;
    if (ipv4 === undefined) return undefined;
    groups.push(ipv4 >> 16n, ipv4 & 0xFFFFn);
  }
  return groups;
}
