import type { FieldLocation, Scheme } from '../../../lib/contract/scheme';
import { Rejection } from '../rejection';
import type { WebhookRequest } from '../request';

/** A scheme with a signature over bytes of the request. */
export type SignedScheme = Extract<Scheme, { signed: string }>;

export type SignedPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'body' | 'timestamp' | 'method' | 'url' | 'decodedUrl' | 'secret' };

const PLACEHOLDERS: { readonly [text: string]: SignedPart } = {
  '{body}': { kind: 'body' },
  '{ts}': { kind: 'timestamp' },
  '{method}': { kind: 'method' },
  '{url}': { kind: 'url' },
  '{decodedUrl}': { kind: 'decodedUrl' },
  '{secret}': { kind: 'secret' },
};

/** Takes a scheme's `signed` apart. Throws for one that cannot be carried out. */
export function compileSigned(scheme: SignedScheme): SignedPart[] {
  const parts = scheme.signed.split(/(\{(?:body|ts|method|url|decodedUrl|secret|h:[^}]+)\})/).filter((text) => text !== '')
    .map((text): SignedPart => PLACEHOLDERS[text] ?? (text.startsWith('{h:') ? { kind: 'header', name: text.slice(3, -1) } : { kind: 'text', text }));
  const has = (kind: SignedPart['kind']): boolean => parts.some((part) => part.kind === kind);
  if (has('timestamp') && (!scheme.timestamp || isInBody(scheme.timestamp.from))) {
    throw new Error(`scheme ${JSON.stringify(scheme.name)} signs {ts}, but has no timestamp outside the body`);
  }
  if (has('secret') !== (scheme.kind === 'hash')) {
    throw new Error(`scheme ${JSON.stringify(scheme.name)} is of kind ${scheme.kind}; {secret} is for plain hashes, and they cannot do without`);
  }
  return parts;
}

export function isInBody(location: FieldLocation): boolean {
  return !('header' in location || 'signature' in location || 'query' in location);
}

/** Throws `Rejection` where something that is signed is not there. */
export function checkSigned(parts: SignedPart[], request: WebhookRequest): void {
  for (const part of parts) {
    if (part.kind === 'header' && !request.headers[part.name]) throw new Rejection('signature', 'a signed header is missing');
    if ((part.kind === 'url' || part.kind === 'decodedUrl') && request.publicUrl === undefined) {
      throw new Rejection('signature', 'the sender signs the URL, and the source has no publicUrl; set it to the URL that the sender knows');
    }
  }
}

/** One part, as it is put into the hash. */
export function signedPart(part: SignedPart, request: WebhookRequest, timestamp: string, secret: string): Buffer | string {
  switch (part.kind) {
    case 'text': return part.text;
    case 'body': return request.body;
    case 'timestamp': return timestamp;
    case 'header': return request.headers[part.name] ?? '';
    case 'method': return request.method;
    case 'url': return request.publicUrl ?? '';
    case 'decodedUrl': return decodeUrl(request.publicUrl ?? '');
    case 'secret': return secret;
  }
}

/**
 * The escapes that HubSpot decodes before it signs:
 * https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation
 */
const DECODED: { readonly [escape: string]: string } = {
  '%3A': ':', '%2F': '/', '%3F': '?', '%40': '@', '%21': '!', '%24': '$', '%27': "'", '%28': '(', '%29': ')', '%2A': '*', '%2C': ',', '%3B': ';',
};

function decodeUrl(url: string): string {
  return url.replace(/%[0-9A-F]{2}/gi, (escape) => DECODED[escape.toUpperCase()] ?? escape);
}
