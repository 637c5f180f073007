import type { WebhookRequest } from '../request';
import type { SignatureHeader } from './signature-header';

/** One scheme, compiled once: proves the raw bytes of requests. */
export interface Verifier {
  /** Reads what the proof needs. Throws `Rejection` where no secret could make it right, so that none is asked for. */
  claim(request: WebhookRequest, now: number): Claim;
}

/** What a request says about itself, before anything is known to be true. */
export interface Claim {
  /**
   * Throws `Rejection` where none of the secrets, the current one first, makes it true, and `SecretError` where the current one
   * cannot be right.
   */
  prove(secrets: string[]): Proof | Promise<Proof>;
}

/** What is known of a request that is authentic. */
export interface Proof {
  /** The version of the secret that proved it. */
  readonly secret?: string;
  readonly signature?: SignatureHeader;
  /** What the module of a scheme found out. */
  readonly fields?: { readonly [name: string]: string };
  /** The module has dealt with a check of the URL, which is no event. */
  readonly handshake?: true;
}
