import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { checkPrivateCidrs } from '../../lib/target/private-networks';

export interface PrivateAddress {
  readonly host: string;
  /** The network that has this address and no other. */
  readonly cidr: string;
}

/** An address of this machine that a target may have: a production template lets no function reach loopback. Undefined where there is none. */
export const privateAddress: PrivateAddress | undefined = Object.values(networkInterfaces()).flat()
  .map((each) => each?.address ?? '')
  .sort((a, b) => Number(isIPv4(b)) - Number(isIPv4(a)))
  .map((host) => ({ host, cidr: `${host}/${isIPv4(host) ? 32 : 128}` }))
  .find(({ cidr }) => isAllowed(cidr));

function isAllowed(cidr: string): boolean {
  try {
    checkPrivateCidrs([cidr], 'the receiver');
    return true;
  } catch {
    return false;
  }
}
