import { placesOf, readField } from '../field';
import { Rejection } from '../rejection';
import type { WebhookRequest } from '../request';
import { readSignatureHeader, type SignatureHeader } from './signature-header';
import { checkSigned, compileSigned, isInBody, type SignedPart, type SignedScheme } from './signed-bytes';
import { isTimely, readTimestamp } from './timestamp';
import type { Claim, Proof, Verifier } from './verifier';

/** More signatures than any sender puts in a header; the rest of a longer list is not looked at. */
const MAX_CANDIDATES = 16;

/** What the kinds of signatures differ in. */
export interface SignatureCheck {
  /** Of the one text that a signature can be written as: an encoding with two ways would let a signature be changed. */
  readonly pattern: RegExp;
  /** The secret that made any of the candidates. Undefined where none did, and empty where there is no secret. */
  secretOf(signed: SignedRequest, secrets: string[]): string | undefined;
}

export interface SignedRequest {
  readonly parts: SignedPart[];
  readonly request: WebhookRequest;
  /** As it was sent; empty where none is signed. */
  readonly timestamp: string;
  /** All match the pattern. */
  readonly candidates: string[];
}

interface Timestamp {
  readonly text: string;
  readonly seconds: number;
}

/** Verifies the schemes that sign bytes: header, signature, time. */
export class SignedVerifier implements Verifier {
  readonly #scheme: SignedScheme;
  readonly #parts: SignedPart[];
  readonly #check: SignatureCheck;
  readonly #uniqueParts: string[];

  constructor(scheme: SignedScheme, check: SignatureCheck) {
    this.#scheme = scheme;
    this.#parts = compileSigned(scheme);
    this.#check = check;
    const unique = [...placesOf(scheme.timestamp ? [scheme.timestamp.from] : []), ...placesOf(scheme.id)];
    this.#uniqueParts = unique.flatMap((location) => 'signature' in location ? [location.signature] : []);
  }

  claim(request: WebhookRequest, now: number): Claim {
    const { signature: place, timestamp: time } = this.#scheme;
    const given = request.headers[place.header];
    if (!given) throw new Rejection('signature', `the header ${place.header} is missing`);
    const signature = readSignatureHeader(place, given, this.#uniqueParts);
    if (!signature) throw new Rejection('signature', `the header ${place.header} came more than once`);
    const candidates = this.#wellFormed(signature.candidates);
    if (candidates.length === 0) throw new Rejection('signature', `the header ${place.header} has no signature`);
    checkSigned(this.#parts, request);
    // A time in the body is not read before the body is known to be the sender's.
    const stamp = time && !isInBody(time.from) ? this.#timestamp(request, signature) : undefined;
    const signed = { parts: this.#parts, request, timestamp: stamp?.text ?? '', candidates };
    return { prove: (secrets) => this.#prove(signed, signature, stamp, secrets, now) };
  }

  /** The time is judged last: only an authentic request has one. */
  #prove(signed: SignedRequest, signature: SignatureHeader, stamp: Timestamp | undefined, secrets: string[], now: number): Proof {
    const secret = this.#check.secretOf(signed, secrets);
    if (secret === undefined) throw new Rejection('signature', 'no key makes a signature that was sent');
    const time = this.#scheme.timestamp;
    if (time) {
      const { seconds } = stamp ?? this.#timestamp(signed.request, signature);
      if (!isTimely(seconds, now, time.toleranceSeconds)) {
        throw new Rejection('timestamp', `it is ${Math.floor(now / 1_000) - seconds} seconds old, and ${time.toleranceSeconds} are allowed both ways`);
      }
    }
    return { secret, signature };
  }

  #wellFormed(texts: string[]): string[] {
    const candidates: string[] = [];
    for (const text of texts) if (candidates.length < MAX_CANDIDATES && this.#check.pattern.test(text)) candidates.push(text);
    return candidates;
  }

  #timestamp(request: WebhookRequest, signature: SignatureHeader): Timestamp {
    const { from, unit } = this.#scheme.timestamp as NonNullable<SignedScheme['timestamp']>;
    const text = readField(from, isInBody(from) ? request.readable() : request, { signature });
    if (text === undefined) throw new Rejection('timestamp', 'it is missing');
    const seconds = readTimestamp(text, unit);
    if (seconds === undefined) throw new Rejection('timestamp', 'it is malformed');
    return { text, seconds };
  }
}
