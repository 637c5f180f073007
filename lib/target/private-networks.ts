import { Token } from 'aws-cdk-lib';
import { isWithin, networks, parseNetwork } from '../private/network';

/** Networks of one's own: RFC 1918, shared and benchmark address space, which VPCs may have too, and unique local addresses. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15', 'fc00::/7'];
const PRIVATE_NETWORKS = networks(...PRIVATE);

/** Where AWS answers with credentials to whoever asks. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html */
const [METADATA] = networks('fd00:ec2::/32') as [ReturnType<typeof networks>[number]];

/** A local run's targets are on this machine. */
export const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/**
 * Networks that a target may be in though they are not public. A public one needs no leave, and loopback and link-local addresses
 * get none: the function's own credentials are there.
 */
export function checkPrivateCidrs(cidrs: string[], what: string): void {
  for (const cidr of cidrs) {
    if (Token.isUnresolved(cidr)) {
      throw new Error(`${what} has a network that only the deployment knows, and it must be judged at synth: write it out, e.g. "10.0.0.0/16"`);
    }
    const network = cidr.includes('/') ? parseNetwork(cidr) : undefined;
    if (!network) {
      throw new Error(`${what} ${JSON.stringify(cidr)} is not a network: write its first address and its prefix length, e.g. "10.1.0.0/16" or "fd12:3456::/32"`);
    }
    if (!PRIVATE_NETWORKS.some((outer) => isWithin(network, outer))) {
      throw new Error(`${what} ${JSON.stringify(cidr)} is not allowed: a network lies inside one of ${PRIVATE.join(', ')}; public addresses need no leave, `
        + 'and loopback and link-local ones are the function\'s own');
    }
    if (isWithin(network, METADATA) || isWithin(METADATA, network)) {
      throw new Error(`${what} ${JSON.stringify(cidr)} is not allowed: the instance metadata service is in fd00:ec2::/32; name your own network only`);
    }
  }
}
