import type { AddressPolicy } from './address';
import { Connections, ConnectionError } from './connections';
import { BLOCKED_CODE, BlockedError, guardBy } from './egress-guard';

/** Idle connections are closed before load balancers, which close theirs after 5 seconds or more, can do it under a request. */
const IDLE_MS = 4_000;

/** Enough for the sentence in which a target says what is wrong. */
const MAX_RESPONSE_BYTES = 16 * 1024;

/** The status has decided the attempt; the body is only read so that the connection can be used again. */
const DRAIN_MS = 1_000;

export interface EgressRequest {
  readonly url: URL;
  /** Names and values in turn, `host` among them. */
  readonly headers: readonly string[];
  readonly body: Uint8Array;
  /** The total deadline. */
  readonly signal: AbortSignal;
  /** The response's body is what counts: it is waited for until the deadline. */
  readonly wholeBody?: true;
}

export type EgressResult = EgressAnswer | EgressFailed;

export interface EgressAnswer {
  readonly outcome: 'status';
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  /** The first 16 KiB. */
  readonly body: Uint8Array;
}

export interface EgressFailed {
  readonly outcome: EgressFailure;
  /** A sentence for a person. */
  readonly detail: string;
}

export type EgressFailure = 'timeout' | 'reset' | 'refused' | 'dns' | 'tls' | 'blocked';

/** What a target sees of us in a TLS handshake, PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** The only way out of a delivery function. */
export class Egress {
  readonly #connections: Connections;

  constructor(policy: AddressPolicy, certificate?: ClientCertificate) {
    this.#connections = new Connections({ timeout: IDLE_MS, ...certificate }, guardBy(policy));
  }

  /** Never throws. A status that was seen before the deadline is the result, however the body goes on. */
  async post({ url, headers, body, signal, wholeBody }: EgressRequest): Promise<EgressResult> {
    try {
      const response = await this.#connections.exchange({
        url, method: 'POST', headers, body, signal, maxResponseBytes: MAX_RESPONSE_BYTES, drainMs: wholeBody ? undefined : DRAIN_MS,
      });
      return { outcome: 'status', status: response.status, headers: response.headers, body: response.body };
    } catch (error) {
      return fail(error);
    }
  }

  /** Closes what carries nothing. What is under way goes on to its end. */
  close(): void {
    this.#connections.dropIdle();
  }
}

function fail(error: unknown): EgressFailed {
  const cause = error instanceof ConnectionError ? error.cause : error;
  if (cause instanceof BlockedError) return { outcome: 'blocked', detail: cause.message };
  const outcome = error instanceof ConnectionError ? classifyFailure(error.code, error.syscall) : 'reset';
  return { outcome, detail: `${SENTENCES[outcome]} (${(error as NodeJS.ErrnoException).code ?? (error as Error).name})` };
}

const SENTENCES: { readonly [failure in EgressFailure]: string } = {
  timeout: 'the target did not answer in time',
  reset: 'the connection broke before the target answered',
  refused: 'the target could not be reached',
  dns: "the target's host name could not be resolved",
  tls: "the target's TLS certificate or handshake was not acceptable",
  blocked: 'the target is at an address that may not be reached',
};

const CODES: { readonly [code: string]: EgressFailure } = {
  ABORT_ERR: 'timeout',
  ETIMEDOUT: 'timeout',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  EADDRNOTAVAIL: 'refused',
  EPROTO: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  HOSTNAME_MISMATCH: 'tls',
  PATH_LENGTH_EXCEEDED: 'tls',
  [BLOCKED_CODE]: 'blocked',
};

/** OpenSSL's verification errors come under their own names: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|CRL_|UNABLE_TO_|ERROR_IN_|INVALID_(CA|PURPOSE))/;

export function classifyFailure(code: string, syscall: string | undefined): EgressFailure {
  if (syscall === 'getaddrinfo' || code === 'ENOTFOUND' || code.startsWith('EAI_')) return 'dns';
  return CODES[code] ?? (TLS_CODE.test(code) ? 'tls' : 'reset');
}
