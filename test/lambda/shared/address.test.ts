import { AddressPolicy, isPublicAddress } from '../../../lambda/shared/address';

/** What must not be reached from outside, by the registries of IANA and by the classes that other filters know. */
const NOT_PUBLIC: readonly (readonly [string, readonly string[]])[] = [
  ['this network', ['0.0.0.0', '0.1.2.3']],
  ['private', ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.254', '192.168.0.1', '192.168.255.255']],
  ['loopback', ['127.0.0.1', '127.0.0.53', '127.255.255.254', '::1']],
  ['link-local and metadata', ['169.254.0.1', '169.254.169.254', '169.254.170.2', '169.254.79.129', 'fe80::1', 'febf::1']],
  ['carrier-grade NAT', ['100.64.0.1', '100.100.100.200', '100.127.255.255']],
  ['protocol assignments', ['192.0.0.1', '192.0.0.170', '192.0.0.192']],
  ['documentation', ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1']],
  ['6to4 relays', ['192.88.99.1']],
  ['benchmarks', ['198.18.0.1', '198.19.255.255', '2001:2::1']],
  ['AS112 and AMT', ['192.31.196.1', '192.52.193.1', '192.175.48.1', '2001:4:112::1', '2620:4f:8000::1', '2001:3::1']],
  ['multicast', ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1']],
  ['reserved and broadcast', ['240.0.0.1', '255.255.255.254', '255.255.255.255']],
  ['platforms', ['168.63.129.16', 'fd00:ec2::254', 'fd20:ce::254']],
  ['unspecified', ['::', '0:0:0:0:0:0:0:0']],
  ['IPv4-compatible', ['::7f00:1', '::127.0.0.1', '::10.0.0.1', '::a9fe:a9fe', '::8.8.8.8']],
  ['IPv4-mapped', ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:a9fe:a9fe', '::FFFF:192.168.0.1', '::ffff:0.0.0.0', '::ffff:168.63.129.16']],
  ['IPv4-translated', ['::ffff:0:127.0.0.1', '::ffff:0:8.8.8.8']],
  ['NAT64', ['64:ff9b::7f00:1', '64:ff9b::10.0.0.1', '64:ff9b::8.8.8.8', '64:ff9b:1::1', '64:ff9b:1:fffe::a9fe:a9fe']],
  ['6to4', ['2002:7f00:1::', '2002:a00:1::1', '2002:a9fe:a9fe::']],
  ['Teredo', ['2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2']],
  ['ORCHID and drones', ['2001:10::1', '2001:20::1', '2001:30::1']],
  ['protocol assignments of IPv6', ['2001:1::1', '2001:1ff::1']],
  ['segment routing', ['5f00::1']],
  ['unique local', ['fc00::1', 'fd12:3456:789a::1', 'fdff:ffff::1']],
  ['site-local', ['fec0::1', 'feff::1']],
  ['discard', ['100::1']],
  ['beyond global unicast', ['1::1', '200::1', '4000::1', 'a000::1', 'f000::1']],
  ['with a zone', ['fe80::1%eth0', '2606:4700::1111%1', '::1%lo']],
  ['not in the usual notation', ['', ' ', 'localhost', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.0.0.01', '8.8.8.8.', '8.8.8.8:443', '[2606:4700::1111]', '8.8.8.8/32', '１２７.0.0.1', 'null']],
];

const bad = NOT_PUBLIC.flatMap(([what, addresses]) => addresses.map((address) => [what, address] as const));

test('there are enough of them', () => expect(bad.length).toBeGreaterThanOrEqual(64));

test.each(bad)('row 68: %s: %j is not public', (_what, address) => {
  expect(isPublicAddress(address)).toBe(false);
  expect(new AddressPolicy().permits(address)).toBe(false);
});

test.each([
  '1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.1', '93.184.216.34', '100.63.255.255', '100.128.0.1', '126.255.255.255', '128.0.0.1', '168.63.129.15',
  '169.253.255.255', '169.255.0.1', '172.15.255.255', '172.32.0.1', '192.167.255.255', '192.169.0.1', '198.17.255.255', '198.20.0.1', '223.255.255.255',
  '2606:4700:4700::1111', '2001:4860:4860::8888', '2a00:1450:4001:80b::200e', '2003::1', '2600:1f18::1', '::ffff:8.8.8.8',
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
  expect(new AddressPolicy().permits(address)).toBe(true);
  expect(new AddressPolicy().lists(address)).toBe(false);
});

describe('a listed network', () => {
  test.each([
    [['10.1.0.0/16'], '10.1.2.3', true], [['10.1.0.0/16'], '10.2.0.1', false], [['10.1.0.0/16'], '192.168.0.1', false],
    [['10.1.0.0/16'], '::ffff:10.1.2.3', true], [['10.1.0.0/16'], '64:ff9b::10.1.2.3', false],
    [['fd00:1::/32'], 'fd00:1::1', true], [['fd00:1::/32'], 'fd00:2::1', false], [['fd00:1::/32'], '10.1.2.3', false],
    [['10.1.0.0/16', 'fd00:1::/32'], 'fd00:1::1', true], [['64:ff9b::/96'], '64:ff9b::8.8.8.8', true],
    [['10.1.2.3/32'], '10.1.2.3', true], [['10.1.2.3/32'], '10.1.2.4', false],
    [['127.0.0.0/8', '::1/128'], '127.0.0.1', true], [['127.0.0.0/8', '::1/128'], '::1', true], [['127.0.0.0/8', '::1/128'], '0.0.0.0', false],
  ])('%j: %s is permitted: %s', (cidrs, address, permitted) => {
    const policy = new AddressPolicy(cidrs);
    expect(policy.permits(address)).toBe(permitted);
    expect(policy.lists(address)).toBe(permitted);
  });

  test('leaves public addresses permitted, and not listed', () => {
    const policy = new AddressPolicy(['10.0.0.0/8']);
    expect(policy.permits('1.1.1.1')).toBe(true);
    expect(policy.lists('1.1.1.1')).toBe(false);
  });

  test.each(['127.0.0.1', '169.254.169.254', '0.0.0.0', '224.0.0.1', '255.255.255.255', '::1', 'fe80::1', '::', 'ff02::1'])(
    'that is everything does not open %s', (address) => {
      expect(new AddressPolicy(['0.0.0.0/0', '::/0']).permits(address)).toBe(false);
    },
  );

  test.each(['10.0.0.0', '10.0.0.0/33', 'fd00::/129', '10.0.0/8', '300.0.0.0/8', 'internal/8', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0.0/a', '', '/8', 'fe80::1%eth0/64'])(
    'that is none is refused: %j', (cidr) => {
      expect(() => new AddressPolicy([cidr])).toThrow(`${JSON.stringify(cidr)} is not a network in CIDR notation`);
    },
  );
});
