import type { SourcePart } from '../../lib/contract/parts';
import type { CodeScheme, PublicKeyScheme } from '../../lib/contract/scheme';

/** What only a sender has: what a local run needs a key of its own for. */
export interface Needs {
  /** What is to be had from each host that a source's scheme asks. */
  readonly hosts: { readonly [host: string]: Holding };
  /** Public keys as the sources have them. */
  readonly publicKeys: readonly { readonly text: string; readonly scheme: PublicKeyScheme }[];
}

export type Holding = 'jwks' | 'sns' | 'paypal' | 'plaid';

export function needsOf(sources: Iterable<SourcePart>): Needs {
  const hosts: { [host: string]: Holding } = {};
  const publicKeys = new Map<string, PublicKeyScheme>();
  for (const { scheme, publicKey } of [...sources].flatMap(({ verifications }) => verifications)) {
    if (scheme.kind === 'code') for (const [host, holding] of hostsOf(scheme)) hosts[host] = holding;
    if ((scheme.kind === 'ed25519' || scheme.kind === 'ecdsa') && publicKey !== undefined) publicKeys.set(publicKey, scheme);
  }
  return { hosts, publicKeys: [...publicKeys].map(([text, scheme]) => ({ text, scheme })) };
}

/** The hosts that the modules of these schemes ask: a change of theirs that is not made here too shows in the run of every provider. */
function hostsOf({ module, settings = {} }: CodeScheme): [string, Holding][] {
  switch (module) {
    case 'jwt': return URL.canParse(String(settings['jwksUrl'])) ? [[new URL(String(settings['jwksUrl'])).hostname, 'jwks']] : [];
    case 'sns': return (settings['topicArns'] as string[]).map((arn) => [`sns.${arn.split(':')[3]}.amazonaws.com${arn.startsWith('arn:aws-cn:') ? '.cn' : ''}`, 'sns']);
    case 'paypal': return [['api.paypal.com', 'paypal'], ['api.sandbox.paypal.com', 'paypal']];
    case 'plaid': return [[`${String(settings['environment'])}.plaid.com`, 'plaid']];
    default: return [];
  }
}
