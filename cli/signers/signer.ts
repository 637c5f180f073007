import type { CodeScheme } from '../../lib/contract/scheme';
import type { OutgoingRequest } from '../fields';
import type { TestAuthority } from '../run-note';

/** Signs a request as the module of that name verifies it, and writes nothing but what the sender itself writes when it signs. */
export type Signer = (request: OutgoingRequest, context: SigningContext) => OutgoingRequest;

export interface SigningContext {
  readonly scheme: CodeScheme;
  /** The secret's text; empty where the scheme has none. */
  readonly secret: string;
  /** Milliseconds since 1970 on the source's clock. */
  readonly now: number;
  /** The URL as the source knows it, with the query of `request`. */
  readonly signedUrl: (request: OutgoingRequest) => string;
  /** Keys of the local run. Throws where there is no run: nobody but the sender has the keys then. */
  readonly authority: () => TestAuthority;
}
