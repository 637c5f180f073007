import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { selfSigned } from '../lambda/support/certificate';
import { account } from './account';
import type { DeploymentOptions } from './deployment';
import { privateAddress } from './private-address';
import { Receiver } from './receiver';

/** Why nothing can be deployed here. Undefined: it can. */
export const skipped = !account ? 'AWS_ENDPOINT_URL names no API to deploy to'
  : !privateAddress ? 'no interface of this machine has a private address' : undefined;

/** The file in a run's folder with the authorities that its functions trust. */
export function authoritiesIn(folder: string): string {
  return path.join(folder, 'authorities.pem');
}

/** A receiver behind TLS with a certificate that no public authority made, and the file of authorities with which functions trust it. */
export async function prepare(stack: string, folder: string): Promise<DeploymentOptions> {
  if (!account || !privateAddress) throw new Error('there is nothing to deploy to, or no address for a receiver');
  const { host } = privateAddress;
  const tls = selfSigned({ hosts: [host] });
  const others = process.env['NODE_EXTRA_CA_CERTS'];
  writeFileSync(authoritiesIn(folder), `${tls.cert}${others ? readFileSync(others, 'utf8') : ''}`);
  return {
    stack,
    ...account,
    receiver: await Receiver.listen({ host, tls, now: Date.now }),
    now: Date.now,
    pass: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000)),
  };
}
