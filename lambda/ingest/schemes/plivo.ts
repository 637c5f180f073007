import type { CodeVerifier, SchemeContext, SchemeRequest } from '../../../lib/contract/scheme-module';
import { KeyRing } from '../../shared/key';
import { decodePairs, readPairs, sortPairs, type Pair } from './shared/form';
import { Hmac, MAX_CANDIDATES, onlyHeader } from './shared/hmac';
import { judgeWith, Refusal } from './shared/judge';
import { requirePublicUrl, splitQuery } from './shared/url';

/** Signature V3: HMAC-SHA256 over the URL with its query sorted, the sorted fields of the form, and a nonce. */
export type PlivoSettings = { readonly [name: string]: never };

const HEADER = 'x-plivo-signature-v3';
const NONCE = 'x-plivo-signature-v3-nonce';

export function createVerifier({ scheme, secretId = scheme }: SchemeContext): CodeVerifier {
  const ring = new KeyRing('utf8', secretId);
  const hmac = new Hmac('sha256', 'base64');
  return judgeWith((request, secrets) => {
    const keys = ring.keys(secrets);
    const candidates = readCandidates(request, hmac);
    const nonce = onlyHeader(request, NONCE);
    const signed = `${signedUrl(requirePublicUrl(request), readPairs(request))}.${nonce}`;
    if (hmac.proves(keys, [signed], candidates)) return {};
    throw new Refusal('signature', 'no version of the auth token made it for this URL, form and nonce');
  });
}

/** A list, because an account and its parent may both sign. So a second header looks like a second signature, and only the nonce tells. */
function readCandidates(request: SchemeRequest, hmac: Hmac): string[] {
  const given = request.headers[HEADER] ?? '';
  const candidates = given.split(',', MAX_CANDIDATES).map((text) => text.trim()).filter((text) => hmac.isWellFormed(text));
  if (candidates.length === 0) throw new Refusal('signature', `the header ${HEADER} has no signature`);
  return candidates;
}

/**
 * A question mark stands wherever there is a query or a form, and a dot between the two. A GET has no form. As in
 * https://github.com/plivo/plivo-node/blob/master/lib/utils/v3Security.js
 */
function signedUrl(url: string, form: Pair[]): string {
  const { base, query } = splitQuery(url);
  const sortedQuery = inOrder(decodePairs(query), '=', '&');
  if (form.length === 0) return sortedQuery === '' ? base : `${base}?${sortedQuery}`;
  return `${base}?${sortedQuery === '' ? '' : `${sortedQuery}.`}${inOrder(form, '', '')}`;
}

function inOrder(pairs: Pair[], equals: string, separator: string): string {
  return sortPairs(pairs).flatMap(([name, values]) => values.sort().map((value) => name + equals + value)).join(separator);
}
