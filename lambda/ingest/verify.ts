import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { FieldLocation, HashName, Scheme } from '../../lib/contract/scheme';
import { KeyRing } from '../shared/key';
import { readField } from './field';
import { Rejection } from './rejection';
import type { WebhookRequest } from './request';
import { readSignatureHeader, type SignatureHeader } from './signature-header';
import { isTimely, readTimestamp } from './timestamp';

/** What a request says about itself, before anything is known to be true. */
export interface Claim {
  readonly header: SignatureHeader;
  readonly candidates: string[];
  /** As it was sent; undefined where it is in the body, which is not read before it is verified. */
  readonly timestamp?: string;
}

/** More signatures than any sender puts in a header; the rest of a longer list is not looked at. */
const MAX_CANDIDATES = 16;

const DIGEST_BYTES: { readonly [hash in HashName]: number } = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 };

/** A scheme, compiled once: verifies the raw bytes of requests. */
export class Verifier {
  readonly #scheme: Scheme;
  readonly #signed: SignedPart[];
  readonly #signature: RegExp;
  readonly #uniqueParts: string[];
  readonly #uniqueHeaders: string[];
  readonly #required: [string, string][];
  readonly #ring: KeyRing;

  constructor(scheme: Scheme, secretId: string) {
    this.#scheme = scheme;
    this.#ring = new KeyRing(scheme.key, secretId);
    this.#signed = compileSigned(scheme);
    this.#signature = signaturePattern(scheme);
    this.#required = Object.entries(scheme.requiredHeaders ?? {});
    const unique: FieldLocation[] = [...(scheme.timestamp ? [scheme.timestamp.from] : []), ...(scheme.id ?? [])];
    this.#uniqueParts = unique.flatMap((location) => 'signature' in location ? [location.signature] : []);
    this.#uniqueHeaders = (scheme.id ?? []).flatMap((location) => 'header' in location ? [location.header] : []);
  }

  /** Reads what the verification needs from the headers. Throws `Rejection` where no key could make it right. */
  claim(request: WebhookRequest): Claim {
    const { signature, timestamp } = this.#scheme;
    for (const [name, value] of this.#required) {
      if (request.headers[name] !== value) throw new Rejection('signature', `the header ${name} is not as required`);
    }
    const given = request.headers[signature.header];
    if (!given) throw new Rejection('signature', `the header ${signature.header} is missing`);
    const header = readSignatureHeader(signature, given, this.#uniqueParts);
    const repeated = header ? this.#uniqueHeaders.find((name) => request.headers[name]?.includes(',')) : signature.header;
    if (!header || repeated) throw new Rejection('signature', `the header ${repeated} came more than once`);
    const candidates = this.#wellFormed(header.candidates);
    if (candidates.length === 0) throw new Rejection('signature', `the header ${signature.header} has no signature`);
    const missing = this.#signed.find((part) => part.kind === 'header' && !request.headers[part.name]);
    if (missing) throw new Rejection('signature', 'a signed header is missing');
    if (!timestamp || isInBody(timestamp.from)) return { header, candidates };
    return { header, candidates, timestamp: this.#timestampText(request, header) };
  }

  /** True if any secret made any candidate. Throws `SecretError` where the current secret cannot be a key. */
  proves({ candidates, timestamp }: Claim, request: WebhookRequest, secrets: string[]): boolean {
    for (const key of this.#ring.keys(secrets)) {
      const expected = Buffer.from(this.#digest(key, request, timestamp), 'latin1');
      let proven = false;
      // The pattern has made every candidate as long as the expected text, so that none throws.
      for (const candidate of candidates) proven = timingSafeEqual(expected, Buffer.from(candidate, 'latin1')) || proven;
      if (proven) return true;
    }
    return false;
  }

  /** Call only after `proves`. Throws `Rejection` outside the window. */
  checkTime(claim: Claim, request: WebhookRequest, now: number): void {
    const place = this.#scheme.timestamp;
    if (!place) return;
    const text = claim.timestamp ?? this.#timestampText(request, claim.header);
    const seconds = readTimestamp(text, place.unit) as number;
    if (isTimely(seconds, now, place.toleranceSeconds)) return;
    throw new Rejection('timestamp', `it is ${Math.floor(now / 1_000) - seconds} seconds old, and ${place.toleranceSeconds} are allowed both ways`);
  }

  #wellFormed(texts: string[]): string[] {
    const candidates: string[] = [];
    for (const text of texts) if (candidates.length < MAX_CANDIDATES && this.#signature.test(text)) candidates.push(text);
    return candidates;
  }

  #timestampText(request: WebhookRequest, header: SignatureHeader): string {
    const place = this.#scheme.timestamp as NonNullable<Scheme['timestamp']>;
    const text = readField(place.from, request, header);
    if (text === undefined) throw new Rejection('timestamp', 'it is missing');
    if (readTimestamp(text, place.unit) === undefined) throw new Rejection('timestamp', 'it is malformed');
    return text;
  }

  #digest(key: KeyObject, request: WebhookRequest, timestamp = ''): string {
    const hmac = createHmac(this.#scheme.hash, key);
    for (const part of this.#signed) {
      if (part.kind === 'body') hmac.update(request.body);
      else hmac.update(part.kind === 'text' ? part.text : part.kind === 'header' ? request.headers[part.name] ?? '' : timestamp);
    }
    return hmac.digest(this.#scheme.encoding);
  }
}

type SignedPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'body' | 'timestamp' };

function compileSigned(scheme: Scheme): SignedPart[] {
  const parts = scheme.signed.split(/(\{(?:body|ts|h:[^}]+)\})/).filter((text) => text !== '').map((text): SignedPart => {
    if (text === '{body}') return { kind: 'body' };
    if (text === '{ts}') return { kind: 'timestamp' };
    return text.startsWith('{h:') ? { kind: 'header', name: text.slice(3, -1) } : { kind: 'text', text };
  });
  if (parts.some(({ kind }) => kind === 'timestamp') && (!scheme.timestamp || isInBody(scheme.timestamp.from))) {
    throw new Error(`scheme ${JSON.stringify(scheme.name)} signs {ts}, but has no timestamp outside the body`);
  }
  return parts;
}

/** Only the canonical text is compared: an encoding that can be written in two ways would let a signature be changed. */
function signaturePattern({ hash, encoding }: Scheme): RegExp {
  const bytes = DIGEST_BYTES[hash];
  if (encoding === 'hex') return new RegExp(`^[0-9a-f]{${bytes * 2}}$`);
  const characters = Math.ceil(bytes * 8 / 6);
  if (encoding === 'base64url') return new RegExp(`^[A-Za-z0-9_-]{${characters}}$`);
  return new RegExp(`^[A-Za-z0-9+/]{${characters}}={${(4 - characters % 4) % 4}}$`);
}

function isInBody(location: FieldLocation): boolean {
  return 'json' in location || 'form' in location;
}
