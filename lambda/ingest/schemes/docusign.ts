import type { CodeVerifier, SchemeContext, SchemeRequest } from '../../../lib/contract/scheme-module';
import { KeyRing } from '../../shared/key';
import { Hmac, onlyHeader } from './shared/hmac';
import { judgeWith, Refusal } from './shared/judge';

/** HMAC-SHA256 of the body, in one numbered header for each key that the account has. */
export type DocuSignSettings = { readonly [name: string]: never };

/**
 * An account has up to 100 keys, and numbers follow their age: more candidates than elsewhere, though the body is hashed once.
 * https://developers.docusign.com/platform/webhooks/connect/hmac/
 */
const HEADER = /^x-docusign-signature-([1-9]\d?|100)$/;

export function createVerifier({ scheme, secretId = scheme }: SchemeContext): CodeVerifier {
  const ring = new KeyRing('utf8', secretId);
  const hmac = new Hmac('sha256', 'base64');
  return judgeWith((request, secrets) => {
    const keys = ring.keys(secrets);
    if (hmac.proves(keys, [request.body], readCandidates(request, hmac))) return {};
    throw new Refusal('signature', 'no version of the key made any of them');
  });
}

function readCandidates(request: SchemeRequest, hmac: Hmac): string[] {
  const given = Object.keys(request.headers).filter((name) => HEADER.test(name)).map((name) => onlyHeader(request, name));
  const candidates = given.filter((text) => hmac.isWellFormed(text));
  if (candidates.length === 0) throw new Refusal('signature', 'no header x-docusign-signature-1 to -100 has a signature');
  return candidates;
}
