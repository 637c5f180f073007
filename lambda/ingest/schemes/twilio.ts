import { createHash } from 'node:crypto';
import { parse, stringify } from 'node:querystring';
import type { CodeVerifier, SchemeContext, SchemeRequest } from '../../../lib/contract/scheme-module';
import { KeyRing } from '../../shared/key';
import { sameText } from './shared/compare';
import { readPairs, sortPairs } from './shared/form';
import { Hmac } from './shared/hmac';
import { judgeWith, Refusal } from './shared/judge';
import { requirePublicUrl, splitQuery, splitUrl } from './shared/url';

/** Serves `twilio`, whose forms are signed field by field, and `twilio-json`, where the signed URL has the hash of the body. */
export type TwilioSettings = { readonly [name: string]: never };

const HEADER = 'x-twilio-signature';
const BODY_HASH = 'bodySHA256';

export function createVerifier({ scheme, secretId = scheme }: SchemeContext): CodeVerifier {
  const ring = new KeyRing('utf8', secretId);
  const hmac = new Hmac('sha1', 'base64');
  return judgeWith((request, secrets) => {
    const keys = ring.keys(secrets);
    const candidate = hmac.fromHeader(request, HEADER);
    const urls = spellings(requirePublicUrl(request));
    const content = readContent(request, scheme === 'twilio-json');
    // Only one is right, but which one depends on the product of Twilio's that signs.
    if (urls.some((url) => hmac.proves(keys, [url, content], [candidate]))) return {};
    throw new Refusal('signature', 'no version of the auth token made it for this URL and body');
  });
}

/** What is signed after the URL: nothing where the URL has the body's hash. Throws `Refusal` where that hash is another body's. */
function readContent(request: SchemeRequest, hashRequired: boolean): string {
  const hash = request.query.get(BODY_HASH);
  if (hash === null) {
    if (hashRequired) throw new Refusal('signature', `the URL has no ${BODY_HASH}`);
    return sortPairs(readPairs(request)).map(([name, values]) => [...new Set(values)].sort().map((value) => name + value).join('')).join('');
  }
  if (sameText(createHash('sha256').update(request.body).digest('hex'), hash)) return '';
  throw new Refusal('signature', `the body is not the one of ${BODY_HASH}`);
}

/**
 * The ways in which Twilio writes a URL that it signs: with and without a port, as it was sent, as browsers normalise it, and with its query
 * encoded anew. The library of Twilio takes the same ones: https://github.com/twilio/twilio-node/blob/main/src/webhooks/webhooks.ts
 */
function spellings(url: string): string[] {
  const normalised = normalise(url);
  const encoded = [withPort(normalised), withoutPort(normalised)].map(encodeQuery);
  return [...new Set([url, withoutPort(url), withPort(url), withoutPort(normalised), withPort(normalised), ...encoded])];
}

function normalise(url: string): string {
  return URL.canParse(url) ? new URL(url).toString() : url;
}

function withoutPort(url: string): string {
  const parts = splitUrl(url);
  return parts ? parts.scheme + parts.host + parts.rest : url;
}

function withPort(url: string): string {
  const parts = splitUrl(url);
  if (!parts || parts.port !== '') return url;
  return `${parts.scheme}${parts.host}:${parts.scheme.toLowerCase() === 'https://' ? 443 : 80}${parts.rest}`;
}

function encodeQuery(url: string): string {
  const { base, query } = splitQuery(url);
  return query === '' ? url : `${base}?${stringify(parse(query))}`;
}
