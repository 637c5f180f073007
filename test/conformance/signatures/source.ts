import type { PairingConfig, SourceConfig } from '../../../lib/contract/config';
import type { Scheme } from '../../../lib/contract/scheme';
import { SCHEMES } from '../../../lib/contract/schemes';
import type { Case } from './cases';

export const JWKS_URL = 'https://keys.example.com/jwks';

/** As the factories of these two configure it. */
const PAIRING: { readonly [provider: string]: PairingConfig } = {
  asana: { key: { header: 'x-hook-secret' }, echoHeader: 'x-hook-secret' },
  notion: { key: { json: '$.verification_token' } },
};

/** The source that a user would configure for this sender, with what the case says about it. */
export function sourceFor(each: Case): SourceConfig {
  const scheme = SCHEMES[each.provider];
  if (!scheme) throw new Error(`there is no scheme ${JSON.stringify(each.provider)}`);
  const publicKey = each.publicKey === undefined ? {} : { publicKey: each.publicKey };
  const [publicUrl = ''] = each.url.split('?', 1);
  return {
    path: '/in',
    publicUrl,
    verifications: [{
      scheme: withSettings(scheme, each), secret: { id: 'secret' }, verifyToken: { id: 'secret' }, previousSecretOverlapSeconds: 86_400, ...publicKey,
    }],
    ...Object.hasOwn(PAIRING, each.provider) && { pairing: PAIRING[each.provider] },
  };
}

function withSettings(scheme: Scheme, each: Case): Scheme {
  if (scheme.kind !== 'code') return scheme;
  return { ...scheme, settings: { ...scheme.settings, ...settings(scheme.module, each) } };
}

function settings(module: string, { certificates = {}, context = {} }: Case): { readonly [name: string]: unknown } {
  const { issuer, audience, email, topicArn, webhookId } = context;
  switch (module) {
    case 'jwt': return { jwksUrl: JWKS_URL, issuer, audience, ...email !== undefined && { email } };
    case 'sns': return { topicArns: [topicArn] };
    // The certificates of the cases lead to no root that Node knows.
    case 'paypal': return { webhookId, trustAnchors: Object.values(certificates) };
    case 'plaid': return { clientId: 'client', environment: 'sandbox' };
    default: return {};
  }
}

/** The versions of the source's secret, current first. */
export function secretsFor({ provider, secret = 'a secret that the case has no need of' }: Case): string[] {
  if (provider !== 'box') return [secret].flat();
  // Both keys are in use at the same time, each for a header of its own.
  const [primary, secondary] = [secret].flat();
  return [JSON.stringify({ primary, secondary })];
}
