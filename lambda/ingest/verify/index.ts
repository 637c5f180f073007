import type { VerificationConfig } from '../../../lib/contract/config';
import type { Scheme } from '../../../lib/contract/scheme';
import type { KeyFetch } from '../../../lib/contract/scheme-module';
import { placesOf } from '../field';
import { Rejection } from '../rejection';
import type { WebhookRequest } from '../request';
import { basicVerifier } from './basic';
import { codeVerifier, type SchemeModules } from './code';
import { digestCheck } from './digest';
import { publicKeyCheck } from './public-key';
import { SignedVerifier } from './signed';
import { tokenVerifier } from './token';
import type { Verifier } from './verifier';

export type { SchemeModules } from './code';
export type { Claim, Proof, Verifier } from './verifier';

/** Makes a verification ready for all its requests. Throws for a scheme that cannot be carried out. */
export function compileVerifier(config: VerificationConfig, modules: SchemeModules, fetch: KeyFetch): Verifier {
  const verifier = verifierOf(config, modules, fetch);
  const required = Object.entries(config.scheme.requiredHeaders ?? {});
  const unique = placesOf(config.scheme.id).flatMap((location) => 'header' in location ? [location.header] : []);
  return {
    claim(request, now) {
      checkHeaders(request, required, unique);
      return verifier.claim(request, now);
    },
  };
}

function verifierOf({ scheme, secret, publicKey, username }: VerificationConfig, modules: SchemeModules, fetch: KeyFetch): Verifier {
  switch (scheme.kind) {
    case 'hmac':
    case 'hash': return new SignedVerifier(scheme, digestCheck(scheme, wanted(secret?.id, 'secret', scheme)));
    case 'ed25519':
    case 'ecdsa': return new SignedVerifier(scheme, publicKeyCheck(scheme, wanted(publicKey, 'public key', scheme)));
    case 'token': return tokenVerifier(scheme, wanted(secret?.id, 'secret', scheme));
    case 'basic': return basicVerifier(username, wanted(secret?.id, 'secret', scheme));
    case 'code': return codeVerifier(scheme, secret?.id, modules, fetch);
    case 'open': return { claim: () => ({ prove: () => ({}) }) };
  }
}

function wanted(value: string | undefined, what: string, { name }: Scheme): string {
  if (value === undefined) throw new Error(`the configuration has no ${what} for scheme ${JSON.stringify(name)}; deploy the stack again`);
  return value;
}

/** Whoever puts a second id behind the sender's must not get a say. */
function checkHeaders({ headers }: WebhookRequest, required: [string, string][], unique: string[]): void {
  for (const [name, value] of required) {
    if (headers[name] !== value) throw new Rejection('signature', `the header ${name} is not as required`);
  }
  for (const name of unique) {
    if (headers[name]?.includes(',')) throw new Rejection('signature', `the header ${name} came more than once`);
  }
}
