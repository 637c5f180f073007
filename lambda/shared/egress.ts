import { Connections, ConnectionError } from './connections';

/** Idle connections are closed before load balancers, which close theirs after 5 seconds or more, can do it under a request. */
const IDLE_MS = 4_000;

/** Enough for the sentence in which a target says what is wrong. */
const MAX_RESPONSE_BYTES = 16 * 1024;

/** The status has decided the attempt; the body is only read so that the connection can be used again. */
const DRAIN_MS = 1_000;

export interface EgressRequest {
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body: Uint8Array;
  /** The total deadline. */
  readonly signal: AbortSignal;
}

export type EgressResult =
  | { readonly outcome: 'status'; readonly status: number; readonly headers: { readonly [name: string]: string | string[] | undefined };
    /** The first 16 KiB. */
    readonly body: Uint8Array; }
  | { readonly outcome: EgressFailure; readonly detail: string };

export type EgressFailure = 'timeout' | 'reset' | 'refused' | 'dns' | 'tls';

const connections = new Connections({ timeout: IDLE_MS });

/**
 * POSTs to a target: the only way out of a delivery function. Never throws. A status that was seen before the deadline is
 * the result, however the body goes on.
 */
export async function post({ url, headers, body, signal }: EgressRequest): Promise<EgressResult> {
  try {
    const limits = { maxResponseBytes: MAX_RESPONSE_BYTES, drainMs: DRAIN_MS };
    const response = await connections.exchange({ url, method: 'POST', headers, body, signal, ...limits });
    return { outcome: 'status', status: response.status, headers: response.headers, body: response.body };
  } catch (error) {
    const outcome = error instanceof ConnectionError ? classifyFailure(error.code, error.syscall) : 'reset';
    return { outcome, detail: `${SENTENCES[outcome]} (${(error as NodeJS.ErrnoException).code ?? (error as Error).name})` };
  }
}

const SENTENCES: { readonly [failure in EgressFailure]: string } = {
  timeout: 'the target did not answer in time',
  reset: 'the connection broke before the target answered',
  refused: 'the target could not be reached',
  dns: "the target's host name could not be resolved",
  tls: "the target's TLS certificate or handshake was not acceptable",
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
};

/** OpenSSL's verification errors come under their own names: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|CRL_|UNABLE_TO_|ERROR_IN_|INVALID_(CA|PURPOSE))/;

export function classifyFailure(code: string, syscall: string | undefined): EgressFailure {
  if (syscall === 'getaddrinfo' || code === 'ENOTFOUND' || code.startsWith('EAI_')) return 'dns';
  return CODES[code] ?? (TLS_CODE.test(code) ? 'tls' : 'reset');
}
